import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue } from '../../../electron/protocols/dlms/codec/axdr-read.ts';
import { encodeValue } from '../../../electron/protocols/dlms/codec/axdr-write.ts';
import { anyValue, bytesOf, dateTime, described, hex, length, plainValue, toHex } from './encode.ts';

const read = (bytes: Uint8Array) => decodeValue(bytes, 'standard');

describe('decodeValue', () => {
  it('gives back every value, and the encoder its bytes', () => {
    fc.assert(
      fc.property(anyValue, ({ value, bytes }) => {
        expect(read(bytes)).toEqual({ ok: true, value });
        expect(toHex(encodeValue(value))).toBe(toHex(bytes));
      }),
    );
  });

  it('reads a compact array as the array that it stands for', () => {
    const sameTypes = fc
      .array(plainValue, { minLength: 1, maxLength: 5 })
      .chain((cells) => fc.tuple(fc.constant(cells), fc.integer({ min: 0, max: 6 })));
    fc.assert(
      fc.property(sameTypes, ([cells, rows]) => {
        const { description, body } = described(cells);
        const contents = bytesOf(...Array.from({ length: rows }, () => body));
        const compact = bytesOf(0x13, description, length(contents.length), contents);
        const row = { type: 'structure', value: cells.map(({ value }) => value) };
        expect(read(compact)).toEqual({ ok: true, value: { type: 'array', value: Array(rows).fill(row) } });
      }),
    );
  });

  it('reads arrays of fixed length in a compact array', () => {
    expect(read(hex('13 01 0002 12 08 0001 0002 0003 0004'))).toEqual({
      ok: true,
      value: {
        type: 'array',
        value: [
          { type: 'array', value: [1, 2].map((value) => ({ type: 'uint16', value })) },
          { type: 'array', value: [3, 4].map((value) => ({ type: 'uint16', value })) },
        ],
      },
    });
  });

  it.each([
    ['00', { type: 'null' }],
    ['FF', { type: 'dont-care' }],
    ['0D 42', { type: 'bcd', value: 0x42 }],
    ['16 FF', { type: 'enum', value: 255 }],
    ['04 05 A8', { type: 'bits', length: 5, value: hex('A8') }],
    ['07 4365999A', { type: 'float32', value: 229.60000610351562 }],
    ['1C FF', { type: 'delta-int8', value: -1 }],
    ['1D FFFE', { type: 'delta-int16', value: -2 }],
    ['1E FFFFFFFD', { type: 'delta-int32', value: -3 }],
    ['1F FF', { type: 'delta-uint8', value: 255 }],
    ['20 FFFF', { type: 'delta-uint16', value: 65_535 }],
    ['21 FFFFFFFF', { type: 'delta-uint32', value: 4_294_967_295 }],
    ['09 82 0003 010203', { type: 'octets', value: hex('010203') }],
    // Scaler and unit of a Register: 10^-3, watt-hours. Blue Book 4.3.2.
    [
      '02 02 0F FD 16 1E',
      {
        type: 'structure',
        value: [
          { type: 'int8', value: -3 },
          { type: 'enum', value: 30 },
        ],
      },
    ],
  ])('reads %s', (text, value) => {
    expect(read(hex(text))).toEqual({ ok: true, value });
  });

  it('reads a date_time with its raw bytes', () => {
    const raw = dateTime([2026, 11, 22, 13, 45, 30], -60, 50);
    expect(read(bytesOf(0x19, raw))).toMatchObject({
      ok: true,
      value: { type: 'date-time', value: { raw, year: 2026, time: Date.UTC(2026, 10, 22, 12, 45, 30, 500) } },
    });
  });

  it('calls a value malformed when it is cut at any byte, or followed by one', () => {
    fc.assert(
      fc.property(anyValue, ({ bytes }) => {
        for (let end = 0; end < Math.min(bytes.length, 60); end += 1) {
          expect(read(bytes.subarray(0, end))).toMatchObject({ ok: false, kind: 'malformed' });
        }
        expect(read(bytesOf(bytes, 0))).toMatchObject({ ok: false, kind: 'malformed' });
      }),
    );
  });

  it('survives any bytes and any byte changed', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)));
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.nat({ max: 255 }), ({ bytes }, at, byte) => {
        const changed = Uint8Array.from(bytes);
        changed[at % changed.length] = byte;
        expect(typeof read(changed).ok).toBe('boolean');
      }),
    );
  });

  it.each([
    ['nested 17 deep', bytesOf(...Array.from({ length: 17 }, () => [2, 1]), 0), 'too-large'],
    ['4 thousand million elements', hex('01 84 FFFFFFFF 00'), 'too-large'],
    ['an octet-string of 4 GiB that is not there', hex('09 84 FFFFFFFF 00'), 'malformed'],
    ['a length of 5 bytes', hex('09 85 0000000001 00'), 'malformed'],
    ['an indefinite length', hex('09 80 00'), 'malformed'],
    ['a tag that is none', hex('0B'), 'malformed'],
    ['a compact array of nothing', hex('13 00 01 00'), 'malformed'],
    ['a compact array of structures without cells', hex('13 02 00 01 00'), 'malformed'],
    ['a compact array in a compact array', hex('13 13 11 01 00'), 'malformed'],
    ['an element that goes beyond the contents', hex('13 06 03 00000000'), 'malformed'],
    [
      'a small compact array that means thousands of millions of values',
      bytesOf(hex('13 02 02 11'), nested(8), hex('01 00')),
      'too-large',
    ],
    ['a type description without end', bytesOf(0x13, ...Array.from({ length: 40 }, () => [2, 1])), 'too-large'],
  ])('refuses %s', (_, bytes, kind) => {
    expect(read(bytes)).toMatchObject({ ok: false, kind });
  });
});

/** Descriptions of arrays of 65,535 arrays of null-data. */
function nested(depth: number): Uint8Array {
  return bytesOf(...Array.from({ length: depth }, () => [0x01, 0xff, 0xff]), 0x00);
}

describe('encodeValue', () => {
  it.each([
    [{ type: 'uint8', value: 256 } as const],
    [{ type: 'int8', value: -129 } as const],
    [{ type: 'uint32', value: 1.5 } as const],
    [{ type: 'int64', value: 2n ** 63n } as const],
    [{ type: 'uint64', value: -1n } as const],
    [{ type: 'visible-string', value: '€' } as const],
    [{ type: 'bits', length: 9, value: new Uint8Array(1) } as const],
    [{ type: 'date', value: new Uint8Array(4) } as const],
  ])('refuses %o', (value) => {
    expect(() => encodeValue(value)).toThrow(RangeError);
  });
});
