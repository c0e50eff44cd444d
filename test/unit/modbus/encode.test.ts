import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWords, WORDS_OF, type WordType } from '../../../electron/protocols/modbus/decode.ts';
import { encodeWords } from '../../../electron/protocols/modbus/encode.ts';

describe('words of a value', () => {
  it('are big-endian with the high word first', () => {
    expect(encodeWords('uint16', 1, 47_808)).toEqual([0xbac0]);
    expect(encodeWords('uint32', 2, 4_194_302)).toEqual([0x003f, 0xfffe]);
    expect(encodeWords('int32', 2, -2)).toEqual([0xffff, 0xfffe]);
    expect(encodeWords('uint64', 4, 0x0102_0304_0506_0708n)).toEqual([0x0102, 0x0304, 0x0506, 0x0708]);
    expect(encodeWords('float32', 2, 1.5)).toEqual([0x3fc0, 0]);
    expect(encodeWords('utf8', 3, 'AB1')).toEqual([0x4142, 0x3100, 0]);
    expect(encodeWords('utf8', 2, '')).toEqual([0, 0]);
  });

  it.each([
    ['uint16', 1, 65_535],
    ['uint16', 1, -1],
    ['uint16', 1, 1.5],
    ['uint16', 1, 0x8000],
    ['uint16', 2, 1],
    ['int16', 1, -0x8000],
    ['uint32', 2, 0xffff_ffff],
    ['int32', 2, -0x8000_0000],
    ['int64', 4, -0x8000_0000_0000_0000n],
    ['uint64', 4, 0x8000_0000_0000_0000n],
    ['float32', 2, Number.NaN],
    ['float32', 2, 1e300],
    ['utf8', 2, 'five5'],
    ['utf8', 4, 'Zähler'],
    ['utf8', 4, 'a\nb'],
    ['utf8', 4, 12],
    ['uint16', 1, '12'],
    ['datetime', 4, 0],
  ] as const)('are none for %s of %d registers and %s', (type, count, value) => {
    expect(encodeWords(type, count, value)).toBeUndefined();
  });

  it('decode to the value that was encoded, or do not exist', () => {
    const type = fc.constantFrom<Exclude<WordType, 'utf8' | 'datetime'>>(
      'uint16',
      'int16',
      'uint32',
      'int32',
      'uint64',
      'int64',
      'float32',
    );
    const number = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -70_000, max: 70_000 }), fc.float({ noNaN: true }));
    fc.assert(
      fc.property(type, fc.oneof(number, fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n })), (kind, value) => {
        const words = encodeWords(kind, WORDS_OF[kind], value);
        if (words === undefined) return;
        expect(words).toHaveLength(WORDS_OF[kind]);
        const back = decodeWords(kind, words);
        if (back === 'unavailable') throw new Error('A value that cannot be read back was encoded.');
        if (kind === 'float32') expect(back.value).toBe(Math.fround(Number(value)) + 0);
        else expect(BigInt(back.value)).toBe(BigInt(value));
      }),
      { numRuns: 500 },
    );
  });

  it('give texts back as they were', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.'), maxLength: 49 });
    fc.assert(
      fc.property(text, (value) => {
        const words = encodeWords('utf8', 25, value);
        if (words === undefined) throw new Error('It fits.');
        expect(decodeWords('utf8', words)).toEqual({ value });
      }),
    );
  });
});
