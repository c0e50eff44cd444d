import { WORDS_OF, type WordType } from './decode.ts';

/** Integers as the types hold them; the reserved value of a type means "not available" and is no value. */
const INTEGERS: Readonly<Record<Exclude<WordType, 'utf8' | 'datetime' | 'float32'>, readonly [bigint, bigint]>> = {
  uint16: [0n, 0xfffen],
  int16: [-0x7fffn, 0x7fffn],
  uint32: [0n, 0xffff_fffen],
  int32: [-0x7fff_ffffn, 0x7fff_ffffn],
  uint64: [0n, 0xffff_ffff_ffff_ffffn],
  int64: [-0x7fff_ffff_ffff_ffffn, 0x7fff_ffff_ffff_ffffn],
};
const RESERVED_UINT64 = 0x8000_0000_0000_0000n;

/**
 * Big-endian words of a value, high word first, as FC16 carries them; undefined for a value that the type cannot hold: a fraction or a number out of
 * range, the reserved value of the type, a text that is longer than its registers or not printable ASCII. A text ends with zero bytes.
 * `count` is the number of registers of the row; only texts choose it. Dates are not written by anything.
 */
export function encodeWords(
  type: WordType,
  count: number,
  value: number | bigint | string,
): readonly number[] | undefined {
  if (type === 'utf8') return typeof value === 'string' ? encodeText(value, count) : undefined;
  if (type === 'datetime' || typeof value === 'string' || count !== WORDS_OF[type]) return undefined;
  const view = new DataView(new ArrayBuffer(count * 2));
  if (type === 'float32') {
    if (!Number.isFinite(Math.fround(Number(value)))) return undefined;
    view.setFloat32(0, Number(value));
  } else {
    const whole = wholeNumber(value);
    const [lowest, highest] = INTEGERS[type];
    if (whole === undefined || whole < lowest || whole > highest) return undefined;
    if (type === 'uint64' && whole === RESERVED_UINT64) return undefined;
    for (let index = 0; index < count; index += 1) {
      view.setUint16(index * 2, Number(BigInt.asUintN(16, whole >> BigInt(16 * (count - 1 - index)))));
    }
  }
  const words = wordsOf(view);
  // Every word 0x8000 is what an unmapped register reads as: it could never be read back.
  return words.every((word) => word === 0x8000) ? undefined : words;
}

function wholeNumber(value: number | bigint): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function encodeText(text: string, count: number): readonly number[] | undefined {
  if (text.length > count * 2 || !/^[\x20-\x7e]*$/.test(text)) return undefined;
  const view = new DataView(new ArrayBuffer(count * 2));
  for (let index = 0; index < text.length; index += 1) view.setUint8(index, text.charCodeAt(index));
  return wordsOf(view);
}

function wordsOf(view: DataView): readonly number[] {
  return Array.from({ length: view.byteLength / 2 }, (_, index) => view.getUint16(index * 2));
}
