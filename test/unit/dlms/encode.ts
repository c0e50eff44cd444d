import fc from 'fast-check';
import type { CosemValue } from '../../../electron/protocols/dlms/codec/values.ts';

/** Bytes from hex with blanks anywhere. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

/** Upper-case hex without blanks, as the standards print it. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

export function bytesOf(...parts: readonly (number | Uint8Array | readonly number[])[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));
}

/** A-XDR lengths as IEC 61334-6 prints them; written here on its own, not taken from the code under test. */
export function length(count: number): readonly number[] {
  if (count < 128) return [count];
  if (count < 256) return [0x81, count];
  return [0x82, count >> 8, count & 255];
}

/** A value beside its type description and its bytes without and with a tag. */
export interface Encoded {
  readonly value: CosemValue;
  readonly description: Uint8Array;
  readonly body: Uint8Array;
  readonly bytes: Uint8Array;
}

function plain(tag: number, value: CosemValue, body: Uint8Array): Encoded {
  return { value, description: bytesOf(tag), body, bytes: bytesOf(tag, body) };
}

function buffer(size: number, write: (target: Buffer) => void): Uint8Array {
  const target = Buffer.alloc(size);
  write(target);
  return new Uint8Array(target);
}

function integers(tag: number, type: 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'enum' | 'bcd') {
  const size = type.endsWith('16') ? 2 : type.endsWith('32') ? 4 : 1;
  const signed = type.startsWith('int');
  const span = 2 ** (size * 8);
  const range = signed ? { min: -span / 2, max: span / 2 - 1 } : { min: 0, max: span - 1 };
  return fc.double({ ...range, noNaN: true }).map((some) => {
    const value = Math.trunc(some);
    const body = buffer(size, (target) =>
      signed ? target.writeIntBE(value, 0, size) : target.writeUIntBE(value, 0, size),
    );
    return plain(tag, { type, value: value === 0 ? 0 : value }, body);
  });
}

const octets = fc.uint8Array({ maxLength: 300 });

/** Every plain type; null-data is left out because in a compact array it takes no bytes. */
export const plainValue: fc.Arbitrary<Encoded> = fc.oneof(
  fc.boolean().map((value) => plain(0x03, { type: 'boolean', value }, bytesOf(value ? 1 : 0))),
  integers(0x05, 'int32'),
  integers(0x06, 'uint32'),
  integers(0x0d, 'bcd'),
  integers(0x0f, 'int8'),
  integers(0x10, 'int16'),
  integers(0x11, 'uint8'),
  integers(0x12, 'uint16'),
  integers(0x16, 'enum'),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) =>
    plain(
      0x14,
      { type: 'int64', value },
      buffer(8, (b) => b.writeBigInt64BE(value)),
    ),
  ),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) =>
    plain(
      0x15,
      { type: 'uint64', value },
      buffer(8, (b) => b.writeBigUInt64BE(value)),
    ),
  ),
  fc.float().map((value) =>
    plain(
      0x17,
      { type: 'float32', value },
      buffer(4, (b) => b.writeFloatBE(value)),
    ),
  ),
  fc.double().map((value) =>
    plain(
      0x18,
      { type: 'float64', value },
      buffer(8, (b) => b.writeDoubleBE(value)),
    ),
  ),
  octets.map((value) => plain(0x09, { type: 'octets', value }, bytesOf(length(value.length), value))),
  octets.map((some) =>
    plain(
      0x0a,
      { type: 'visible-string', value: Buffer.from(some).toString('latin1') },
      bytesOf(length(some.length), some),
    ),
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => {
    const bytes = Buffer.from(value, 'utf8');
    return plain(0x0c, { type: 'utf8-string', value: bytes.toString('utf8') }, bytesOf(length(bytes.length), bytes));
  }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 7 })).map(([value, spare]) => {
    const bits = value.length * 8 - spare;
    return plain(0x04, { type: 'bits', value, length: bits }, bytesOf(length(bits), value));
  }),
  fc.uint8Array({ minLength: 5, maxLength: 5 }).map((value) => plain(0x1a, { type: 'date', value }, value)),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => plain(0x1b, { type: 'time', value }, value)),
);

/** Structures and arrays of anything, a few levels deep. */
export const anyValue: fc.Arbitrary<Encoded> = fc.letrec<{ any: Encoded }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plainValue,
    fc.constant(plain(0x00, { type: 'null' }, bytesOf())),
    fc.constant(plain(0xff, { type: 'dont-care' }, bytesOf())),
    fc
      .tuple(fc.constantFrom('array' as const, 'structure' as const), fc.array(tie('any'), { maxLength: 5 }))
      .map(([type, elements]) => {
        const body = bytesOf(length(elements.length), ...elements.map(({ bytes }) => bytes));
        return plain(type === 'array' ? 1 : 2, { type, value: elements.map(({ value }) => value) }, body);
      }),
  ),
})).any;

/** A row as an array or structure of plain values, for compact arrays: its description and its bytes without tags. */
export function described(cells: readonly Encoded[]): { readonly description: Uint8Array; readonly body: Uint8Array } {
  return {
    description: bytesOf(2, length(cells.length), ...cells.map(({ description }) => description)),
    body: bytesOf(...cells.map(({ body }) => body)),
  };
}

/** A date_time from its fields. */
export function dateTime(
  fields: readonly [year: number, month: number, day: number, hour: number, minute: number, second: number],
  deviation = 0,
  hundredths = 0,
): Uint8Array {
  const [year, month, day, hour, minute, second] = fields;
  return buffer(12, (b) => {
    b.writeUInt16BE(year, 0);
    b.set([month, day, 0xff, hour, minute, second, hundredths], 2);
    b.writeInt16BE(deviation, 9);
  });
}
