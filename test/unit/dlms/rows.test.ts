import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRowDecoder } from '../../../electron/protocols/dlms/rows.ts';
import type { ProfileRow, ProfileShape } from '../../../electron/protocols/dlms/types.ts';
import { bytesOf, dateTime, described, type Encoded, hex, length, plainValue } from './encode.ts';

const CLOCK = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2, dataIndex: 0 };
const REGISTER = { classId: 3, obis: '1.0.1.7.0.255', attribute: 2, dataIndex: 0 };
const START = Date.UTC(2026, 0, 31, 23, 45);

/** A clock column first, then `width` registers. */
function shape(width: number, capturePeriod = 900): ProfileShape {
  return { obis: '1.0.99.1.0.255', columns: [CLOCK, ...Array(width).fill(REGISTER)], capturePeriod };
}

function clockAt(time: number): Uint8Array {
  const at = new Date(time);
  return dateTime([
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  ]);
}

function float(value: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  bytes[0] = 0x17;
  bytes.writeFloatBE(value, 1);
  return new Uint8Array(bytes);
}

function row(clock: Uint8Array | null, ...cells: readonly Uint8Array[]): Uint8Array {
  return bytesOf(2, length(1 + cells.length), clock === null ? [0] : [9, clock.length], clock ?? [], ...cells);
}

function arrayOf(rows: readonly Uint8Array[]): Uint8Array {
  return bytesOf(1, length(rows.length), ...rows);
}

/** Feeds the pieces; a fault ends it. */
function decode(profile: ProfileShape, pieces: readonly Uint8Array[]) {
  const decoder = createRowDecoder(profile, 'standard');
  const rows: ProfileRow[] = [];
  for (const piece of pieces) {
    const pushed = decoder.push(piece);
    if (!pushed.ok) return { fault: pushed.kind, because: pushed.because, rows, counts: decoder.counts };
    rows.push(...pushed.rows);
  }
  return { missing: decoder.missing(), rows, counts: decoder.counts };
}

/** Cuts at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** What a cell without its type is; the rows of plain values only. */
function bare({ value }: Encoded): unknown {
  return ['bits', 'date', 'time', 'bcd'].includes(value.type) ? value : 'value' in value ? value.value : null;
}

const someRows = fc
  .array(plainValue, { minLength: 1, maxLength: 6 })
  .chain((cells) => fc.tuple(fc.constant(cells), fc.integer({ min: 1, max: 9 })));

describe('createRowDecoder', () => {
  it('gives rows with their times and values', () => {
    const bytes = arrayOf([
      row(clockAt(START), float(1.5), float(-2)),
      row(clockAt(START + 900_000), float(0), float(3)),
    ]);
    expect(decode(shape(2), [bytes])).toEqual({
      missing: undefined,
      rows: [
        { time: START, clock: clockAt(START), rebuilt: false, values: [1.5, -2] },
        { time: START + 900_000, clock: clockAt(START + 900_000), rebuilt: false, values: [0, 3] },
      ],
      counts: { rows: 2, rebuilt: 0, undated: 0 },
    });
  });

  it('gives the same rows however the bytes are cut, arrays and compact arrays alike', () => {
    fc.assert(
      fc.property(someRows, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), ([cells, count], places, compact) => {
        const clock = { description: hex('09'), body: bytesOf(12, clockAt(START)) } as Encoded;
        const { description, body } = described([clock, ...cells]);
        const contents = bytesOf(...Array(count).fill(body));
        const bytes = compact
          ? bytesOf(0x13, description, length(contents.length), contents)
          : arrayOf(Array(count).fill(row(clockAt(START), ...cells.map((cell) => cell.bytes))));
        const expected = { time: START, clock: clockAt(START), rebuilt: false, values: cells.map(bare) };
        const { missing, rows } = decode(shape(cells.length), cut(bytes, places));
        expect(missing).toBeUndefined();
        expect(rows).toEqual(Array(count).fill(expected));
      }),
    );
  });

  it('gives a row as soon as its last byte is there', () => {
    const bytes = arrayOf([row(clockAt(START), float(1)), row(clockAt(START), float(2))]);
    const decoder = createRowDecoder(shape(1), 'standard');
    const seen = Array.from(bytes, (byte) => {
      const pushed = decoder.push(Uint8Array.of(byte));
      return pushed.ok ? pushed.rows.length : Number.NaN;
    });
    const each = (bytes.length - 2) / 2;
    expect(seen.map((count, at) => [count, at]).filter(([count]) => count !== 0)).toEqual([
      [1, 1 + each],
      [1, 1 + 2 * each],
    ]);
  });

  it('rebuilds the time of rows without one, across midnight and the end of a month', () => {
    const bytes = arrayOf([row(clockAt(START), float(1)), row(null, float(2)), row(null, float(3))]);
    const { rows, counts } = decode(shape(1), cut(bytes, [25, 26, 27, 28, 29]));
    expect(rows.map(({ time, clock, rebuilt }) => ({ time, rebuilt, sent: clock !== null }))).toEqual([
      { time: START, rebuilt: false, sent: true },
      { time: Date.UTC(2026, 1, 1), rebuilt: true, sent: false },
      { time: Date.UTC(2026, 1, 1, 0, 15), rebuilt: true, sent: false },
    ]);
    expect(counts).toEqual({ rows: 3, rebuilt: 2, undated: 0 });
  });

  it('does not make up times: no row before, no period, or a row before that has none', () => {
    const first = decode(shape(0), [arrayOf([row(null)])]);
    const noPeriod = decode(shape(0, 0), [arrayOf([row(clockAt(START)), row(null)])]);
    const wildcard = hex('FFFF FF FF FF FF FF FF FF 8000 FF');
    const unknown = decode(shape(0), [arrayOf([row(clockAt(START)), row(wildcard), row(null)])]);
    expect(first.rows.map(({ time }) => time)).toEqual([null]);
    expect(noPeriod.rows.map(({ time }) => time)).toEqual([START, null]);
    expect(unknown.rows.map(({ time, clock }) => [time, clock])).toEqual([
      [START, clockAt(START)],
      [null, wildcard],
      [null, null],
    ]);
    expect(unknown.counts).toEqual({ rows: 3, rebuilt: 0, undated: 2 });
  });

  it('keeps the bytes of a clock that is no date_time', () => {
    const { rows } = decode(shape(0), [arrayOf([row(hex('0102'))])]);
    expect(rows).toEqual([{ time: null, clock: hex('0102'), rebuilt: false, values: [] }]);
  });

  it('finds the clock in any column, and rows without one have no time', () => {
    const profile = { ...shape(0), columns: [REGISTER, CLOCK] };
    const inverted = bytesOf(1, 1, 2, 2, float(7), 0x19, clockAt(START));
    expect(decode(profile, [inverted]).rows).toMatchObject([{ time: START, values: [7] }]);
    expect(decode({ ...profile, columns: [REGISTER] }, [bytesOf(1, 1, 2, 1, float(7))]).rows).toEqual([
      { time: null, clock: null, rebuilt: false, values: [7] },
    ]);
  });

  it('gives null-data cells as null and nested cells as values', () => {
    const bytes = arrayOf([row(clockAt(START), hex('00'), hex('02 01 11 05'), hex('1D FFFF'))]);
    expect(decode(shape(3), [bytes]).rows[0]?.values).toEqual([
      null,
      { type: 'structure', value: [{ type: 'uint8', value: 5 }] },
      { type: 'delta-int16', value: -1 },
    ]);
  });

  it.each([['01 00'], ['00'], ['13 02 02 09 17 00']])('takes %s for an empty buffer', (text) => {
    expect(decode(shape(1), [hex(text)])).toEqual({
      missing: undefined,
      rows: [],
      counts: { rows: 0, rebuilt: 0, undated: 0 },
    });
  });

  it('says that something is missing wherever the buffer is cut, and still gives the whole rows', () => {
    const bytes = arrayOf([row(clockAt(START), float(1)), row(null, float(2))]);
    for (let end = 0; end < bytes.length; end += 1) {
      const { missing, rows } = decode(shape(1), [bytes.subarray(0, end)]);
      expect(missing).toBeTypeOf('string');
      expect(rows.length).toBe(end < 23 ? 0 : 1);
    }
  });

  it.each([
    ['bytes behind the last row', bytesOf(arrayOf([row(null, float(1))]), 0), 'malformed'],
    ['bytes behind an empty buffer', hex('01 00 00'), 'malformed'],
    ['a row with a cell too few', arrayOf([row(null)]), 'malformed'],
    ['a row with a cell too many', arrayOf([row(null, float(1), float(2))]), 'malformed'],
    ['a row that is no structure', hex('01 01 11 05'), 'malformed'],
    ['a buffer that is no array', hex('11 05'), 'malformed'],
    ['a clock that is a number', hex('01 01 02 02 06 00000000 00'), 'malformed'],
    ['4 thousand million rows', hex('01 84 FFFFFFFF'), 'too-large'],
    ['a compact array whose rows take no bytes', hex('13 02 02 00 00 05 00'), 'malformed'],
    ['a compact array of numbers', hex('13 11 01 05'), 'malformed'],
    ['a compact array with a row beyond its contents', hex('13 02 02 00 17 03 00000000'), 'malformed'],
    ['a compact array of other cells', hex('13 02 01 17 04 00000000'), 'malformed'],
    ['a cell with 4 thousand million elements', arrayOf([row(null, hex('01 84 FFFFFFFF'))]), 'too-large'],
    [
      'a cell with a text of 1 MiB',
      arrayOf([row(null, bytesOf(hex('0A 83 100000'), new Uint8Array(70_000)))]),
      'too-large',
    ],
  ])('refuses %s', (_, bytes, fault) => {
    expect(decode(shape(1), [bytes])).toMatchObject({ fault });
  });

  it('survives any bytes, any byte changed, and any cut', () => {
    const good = arrayOf([row(clockAt(START), float(1), hex('0A 03 414243')), row(null, float(2), hex('00'))]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.array(fc.nat(), { maxLength: 4 }), (bytes, places) => {
        decode(shape(2), cut(bytes, places));
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), fc.array(fc.nat()), (at, byte, places) => {
        const changed = Uint8Array.from(good);
        changed[at] = byte;
        const whole = decode(shape(2), [changed]);
        const pieces = decode(shape(2), cut(changed, places));
        expect(pieces.fault).toBe(whole.fault);
        expect(pieces.missing).toBe(whole.missing);
      }),
    );
  });
});
