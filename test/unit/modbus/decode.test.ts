import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWords, WORD_TYPES, type WordType } from '../../../electron/protocols/modbus/decode.ts';

/** The inverse of decodeWords, written against the vendor's tables and on its own: bytes first, then words. */
function encodeNumber(type: WordType, value: number | bigint): number[] {
  const bytes = Buffer.alloc(8);
  if (typeof value === 'bigint') {
    if (type === 'int64') bytes.writeBigInt64BE(value);
    else bytes.writeBigUInt64BE(value);
    return wordsOf(bytes);
  }
  if (type === 'uint16') bytes.writeUInt16BE(value);
  if (type === 'int16') bytes.writeInt16BE(value);
  if (type === 'uint32') bytes.writeUInt32BE(value);
  if (type === 'int32') bytes.writeInt32BE(value);
  if (type === 'float32') bytes.writeFloatBE(value);
  return wordsOf(bytes.subarray(0, type.endsWith('16') ? 2 : 4));
}

function encodeText(text: string, count: number): number[] {
  const bytes = Buffer.alloc(count * 2);
  bytes.write(text, 'utf8');
  return wordsOf(bytes);
}

function wordsOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2));
}

const word = fc.integer({ min: 0, max: 0xffff });

describe('decodeWords: numbers', () => {
  it.each([
    ['uint16', fc.integer({ min: 0, max: 0xfffe }).filter((value) => value !== 0x8000)],
    ['int16', fc.integer({ min: -0x7fff, max: 0x7fff })],
    ['uint32', fc.integer({ min: 0, max: 0xffff_fffe }).filter((value) => value !== 0x8000_8000)],
    ['int32', fc.integer({ min: -0x7fff_ffff, max: 0x7fff_ffff }).filter((value) => value !== (0x8000_8000 | 0))],
    ['uint64', fc.bigInt({ min: 0n, max: 0x7fff_ffff_ffff_ffffn })],
    ['int64', fc.bigInt({ min: -0x7000_0000_0000_0000n, max: 0x7fff_ffff_ffff_ffffn })],
    ['float32', fc.float({ noNaN: true })],
  ] as const)('gives back every %s', (type, values) => {
    fc.assert(
      fc.property(values as fc.Arbitrary<number | bigint>, (value) => {
        expect(decodeWords(type, encodeNumber(type, value))).toEqual({ value });
      }),
    );
  });

  it.each([
    ['int16', [0x8000]],
    ['uint16', [0xffff]],
    ['uint16', [0x8000]],
    ['int32', [0x8000, 0]],
    ['uint32', [0xffff, 0xffff]],
    ['int64', [0x8000, 0, 0, 0]],
    ['uint64', [0x8000, 0, 0, 0]],
    ['float32', [0xffc0, 0]],
    ['float32', [0x7fc0, 0]],
    ['float32', [0x7f80, 1]],
    ['float32', [0x8000, 0x8000]],
    ['uint32', [0x8000, 0x8000]],
    ['int32', [0x8000, 0x8000]],
    ['int64', [0x8000, 0x8000, 0x8000, 0x8000]],
    ['uint64', [0x8000, 0x8000, 0x8000, 0x8000]],
    ['utf8', [0x8000, 0x8000, 0x8000]],
    ['datetime', [0x8000, 0x8000, 0x8000, 0x8000]],
  ] as const)('%s %o is not available', (type, words) => {
    expect(decodeWords(type, words)).toBe('unavailable');
  });

  it.each([
    ['uint16', [0xfffe], 65_534],
    ['int16', [0xffff], -1],
    ['int32', [0xffff, 0xffff], -1],
    ['uint32', [0x8000, 0], 0x8000_0000],
    ['int64', [0xffff, 0xffff, 0xffff, 0xffff], -1n],
    ['uint64', [0xffff, 0xffff, 0xffff, 0xffff], 0xffff_ffff_ffff_ffffn],
    ['float32', [0x4365, 0x999a], 229.60000610351562],
    ['float32', [0x7f80, 0], Number.POSITIVE_INFINITY],
  ] as const)('%s %o is a value, although it looks like the sentinel of another type', (type, words, value) => {
    expect(decodeWords(type, words)).toEqual({ value });
  });

  it('takes no other number of words than the type has', () => {
    for (const type of WORD_TYPES.filter((candidate) => candidate !== 'utf8')) {
      for (const count of [0, 3, 5]) expect(decodeWords(type, new Uint16Array(count))).toBe('unavailable');
    }
    expect(decodeWords('uint32', [1])).toBe('unavailable');
    expect(decodeWords('uint16', [1, 2])).toBe('unavailable');
  });
});

describe('decodeWords: text', () => {
  it('gives back every visible text that fits, without its padding', () => {
    const visible = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => text.trim());
    fc.assert(
      fc.property(visible, (text) => {
        expect(decodeWords('utf8', encodeText(text, 20))).toEqual({ value: text });
        expect(decodeWords('utf8', encodeText(text.padEnd(40, ' '), 20))).toEqual({ value: text });
      }),
    );
  });

  it('reads UTF-8, not ASCII', () => {
    expect(decodeWords('utf8', encodeText('Zähler Süd', 20))).toEqual({ value: 'Zähler Süd' });
  });

  it('removes control and direction characters, and replaces what is not UTF-8', () => {
    expect(decodeWords('utf8', encodeText('a\u001b[31mb\u202Ec\r\nd', 20))).toEqual({ value: 'a[31mbcd' });
    expect(decodeWords('utf8', [0x41ff, 0x4200])).toEqual({ value: 'A\uFFFDB' });
  });

  it('never throws, and never gives a character that a terminal would act on', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WORD_TYPES), fc.array(word, { maxLength: 130 }), (type, words) => {
        const decoded = decodeWords(type, words);
        if (decoded === 'unavailable' || typeof decoded.value !== 'string') return;
        expect(decoded.value).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(decoded.value.length).toBeLessThanOrEqual(Math.max(23, words.length * 2));
      }),
    );
  });
});

describe('decodeWords: date and time', () => {
  const at = (
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    ms: number,
    flags = 0,
  ): number[] => [year - 2000, (month << 8) | (3 << 5) | day, flags | (hour << 8) | minute, ms];

  it('gives back every moment from 2000 to 2127', () => {
    const moments = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2127-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, fc.boolean(), (moment, summer) => {
        const words = at(
          moment.getUTCFullYear(),
          moment.getUTCMonth() + 1,
          moment.getUTCDate(),
          moment.getUTCHours(),
          moment.getUTCMinutes(),
          moment.getUTCSeconds() * 1000 + moment.getUTCMilliseconds(),
          summer ? 0x8000 : 0,
        );
        expect(decodeWords('datetime', words)).toEqual({ value: moment.toISOString().slice(0, -1) });
      }),
    );
  });

  it.each([
    ['marked invalid', at(2026, 3, 1, 12, 0, 0, 0x80)],
    ['month 0', at(2026, 0, 1, 12, 0, 0)],
    ['month 13', at(2026, 13, 1, 12, 0, 0)],
    ['day 0', at(2026, 3, 0, 12, 0, 0)],
    ['29 February in a common year', at(2026, 2, 29, 12, 0, 0)],
    ['hour 24', at(2026, 3, 1, 24, 0, 0)],
    ['minute 60', at(2026, 3, 1, 12, 60, 0)],
    ['60000 milliseconds', at(2026, 3, 1, 12, 0, 60_000)],
    ['all bits set', [0xffff, 0xffff, 0xffff, 0xffff]],
  ])('%s is not available', (_, words) => {
    expect(decodeWords('datetime', words)).toBe('unavailable');
  });
});
