import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDateTime, encodeDateTime } from '../../../electron/protocols/dlms/codec/date-time.ts';
import { dateTime, hex } from './encode.ts';

const inRange = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2999, 11, 31) });

describe('decodeDateTime', () => {
  it('knows that the deviation leads from local time to UTC: Paris in winter is -60', () => {
    const raw = dateTime([2026, 1, 15, 12, 0, 0], -60);
    expect(decodeDateTime(raw, 'standard')?.time).toBe(Date.UTC(2026, 0, 15, 11));
    expect(decodeDateTime(raw, 'inverted')?.time).toBe(Date.UTC(2026, 0, 15, 13));
    expect(decodeDateTime(raw, 'ignore')?.time).toBe(Date.UTC(2026, 0, 15, 12));
  });

  it('gives fields as they came, wildcards as null, special days by name, and the raw bytes', () => {
    const raw = hex('FFFF FE FD 07 02 00 FF FF 8000 FF');
    expect(decodeDateTime(raw, 'standard')).toEqual({
      raw,
      year: null,
      month: 'dst-begin',
      day: 'second-last',
      weekday: 7,
      hour: 2,
      minute: 0,
      second: null,
      hundredths: null,
      deviation: null,
      status: null,
      time: null,
    });
    expect(decodeDateTime(hex('07EA FD FE FF 02 00 00 00 0000 80'), 'standard')).toMatchObject({
      month: 'dst-end',
      day: 'last',
      status: 0x80,
      time: null,
    });
  });

  it('has no time without a deviation, unless the fields are UTC anyway', () => {
    const raw = dateTime([2026, 1, 15, 12, 0, 0], -0x8000);
    expect(decodeDateTime(raw, 'standard')?.time).toBeNull();
    expect(decodeDateTime(raw, 'inverted')?.time).toBeNull();
    expect(decodeDateTime(raw, 'ignore')?.time).toBe(Date.UTC(2026, 0, 15, 12));
  });

  it.each([
    ['month 13', dateTime([2026, 13, 1, 0, 0, 0])],
    ['month 0', dateTime([2026, 0, 1, 0, 0, 0])],
    ['30 February', dateTime([2024, 2, 30, 0, 0, 0])],
    ['29 February 2025', dateTime([2025, 2, 29, 0, 0, 0])],
    ['29 February 2100', dateTime([2100, 2, 29, 0, 0, 0])],
    ['31 April', dateTime([2026, 4, 31, 0, 0, 0])],
    ['hour 24', dateTime([2026, 1, 1, 24, 0, 0])],
    ['minute 60', dateTime([2026, 1, 1, 0, 60, 0])],
    ['second 60', dateTime([2026, 1, 1, 0, 0, 60])],
    ['100 hundredths', dateTime([2026, 1, 1, 0, 0, 0], 0, 100)],
    ['a deviation of 15 hours', dateTime([2026, 1, 1, 0, 0, 0], 900)],
  ])('has no time for %s', (_, raw) => {
    expect(decodeDateTime(raw, 'standard')).toMatchObject({ time: null });
  });

  it('takes unspecified hundredths as 0, and 29 February of leap years', () => {
    expect(decodeDateTime(dateTime([2000, 2, 29, 23, 59, 59], 0, 0xff), 'standard')?.time).toBe(
      Date.UTC(2000, 1, 29, 23, 59, 59),
    );
  });

  it('agrees with the calendar of JavaScript for every instant, whatever the deviation', () => {
    fc.assert(
      fc.property(inRange, fc.integer({ min: -840, max: 840 }), (some, deviation) => {
        const time = some - (some % 10);
        const local = new Date(time - deviation * 60_000);
        const raw = dateTime(
          [
            local.getUTCFullYear(),
            local.getUTCMonth() + 1,
            local.getUTCDate(),
            local.getUTCHours(),
            local.getUTCMinutes(),
            local.getUTCSeconds(),
          ],
          deviation,
          local.getUTCMilliseconds() / 10,
        );
        expect(decodeDateTime(raw, 'standard')?.time).toBe(time);
      }),
    );
  });

  it('is nothing unless there are 12 bytes', () => {
    expect(decodeDateTime(new Uint8Array(11), 'standard')).toBeUndefined();
    expect(decodeDateTime(new Uint8Array(13), 'standard')).toBeUndefined();
  });

  it('survives any 12 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (raw) => {
        const time = decodeDateTime(raw, 'standard')?.time;
        expect(time === null || Number.isSafeInteger(time)).toBe(true);
      }),
    );
  });
});

describe('encodeDateTime', () => {
  it('writes UTC with deviation 0', () => {
    expect(encodeDateTime(Date.UTC(2026, 10, 22, 13, 45, 30, 570))).toEqual(hex('07EA 0B 16 FF 0D 2D 1E 39 0000 00'));
  });

  it('comes back with hundredths of a second, with either sign', () => {
    fc.assert(
      fc.property(inRange, fc.constantFrom('standard', 'inverted', 'ignore'), (time, sign) => {
        const raw = encodeDateTime(time);
        expect(raw && decodeDateTime(raw, sign)?.time).toBe(time - (time % 10));
      }),
    );
  });

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15])('refuses %d', (time) => {
    expect(encodeDateTime(time)).toBeUndefined();
  });
});
