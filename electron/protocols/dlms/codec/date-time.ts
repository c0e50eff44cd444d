import type { DeviationSign } from '../types.ts';
import type { CosemDateTime } from './values.ts';

/** A date_time is this many bytes: year (2), month, day, weekday, hour, minute, second, hundredths, deviation (2), status. Blue Book 4.1.6.1. */
export const DATE_TIME_BYTES = 12;

const UNSPECIFIED = 0xff;
const MS_PER_DAY = 86_400_000;
/** Local time is never further from UTC, in minutes, whatever the sign. */
const LARGEST_DEVIATION = 840;
/** A deviation that is not specified. */
const NO_DEVIATION = -0x8000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Reads a date_time; undefined when there are not exactly 12 bytes. Fields out of range are given as they came, and `time` is null then. */
export function decodeDateTime(raw: Uint8Array, sign: DeviationSign): CosemDateTime | undefined {
  if (raw.length !== DATE_TIME_BYTES) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const field = (at: number): number | null => (view.getUint8(at) === UNSPECIFIED ? null : view.getUint8(at));
  const year = view.getUint16(0);
  const month = field(2);
  const day = field(3);
  const deviation = view.getInt16(9);
  const time = instantAt(view, 0, sign);
  return {
    raw,
    year: year === 0xffff ? null : year,
    month: month === 0xfd ? 'dst-end' : month === 0xfe ? 'dst-begin' : month,
    day: day === 0xfd ? 'second-last' : day === 0xfe ? 'last' : day,
    weekday: field(4),
    hour: field(5),
    minute: field(6),
    second: field(7),
    hundredths: field(8),
    deviation: deviation === NO_DEVIATION ? null : deviation,
    status: field(11),
    time: Number.isNaN(time) ? null : time,
  };
}

/**
 * The instant that the 12 bytes at `at` name, in milliseconds since 1970 UTC, or NaN: wildcards, fields out of range, a deviation that is missing.
 * Unspecified hundredths count as 0. Arithmetic on its own, because a log has one date_time per row.
 */
export function instantAt(view: DataView, at: number, sign: DeviationSign): number {
  const year = view.getUint16(at);
  const month = view.getUint8(at + 2);
  const day = view.getUint8(at + 3);
  const hour = view.getUint8(at + 5);
  const minute = view.getUint8(at + 6);
  const second = view.getUint8(at + 7);
  const hundredths = view.getUint8(at + 8);
  if (year === 0xffff || hour > 23 || minute > 59 || second > 59) return Number.NaN;
  if (hundredths > 99 && hundredths !== UNSPECIFIED) return Number.NaN;
  if (day < 1 || day > daysIn(year, month)) return Number.NaN;
  const deviation = view.getInt16(at + 9);
  if (sign !== 'ignore' && Math.abs(deviation) > LARGEST_DEVIATION) return Number.NaN;
  const offset = sign === 'standard' ? deviation : sign === 'inverted' ? -deviation : 0;
  const seconds = (hour * 60 + minute + offset) * 60 + second;
  const fraction = hundredths === UNSPECIFIED ? 0 : hundredths * 10;
  return daysSince1970(year, month, day) * MS_PER_DAY + seconds * 1000 + fraction;
}

/**
 * The date_time of an instant in UTC: deviation 0, status 0, weekday not specified (meters ignore it). Undefined outside the years 1 to 9999 or when
 * `time` is not a whole number of milliseconds. Hundredths are rounded down.
 */
export function encodeDateTime(time: number): Uint8Array | undefined {
  const date = new Date(time);
  if (!Number.isInteger(time) || Number.isNaN(date.getTime())) return undefined;
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  const raw = new Uint8Array(DATE_TIME_BYTES);
  raw.set([
    year >> 8,
    year & 0xff,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    UNSPECIFIED,
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    Math.floor(date.getUTCMilliseconds() / 10),
  ]);
  return raw;
}

function daysIn(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29;
  return DAYS[month - 1] ?? 0;
}

/** Days of the Gregorian calendar, counted from March so that a leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}
