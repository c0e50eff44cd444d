/** Exact powers of ten; 10^22 is the last one that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
/** Up to so many digits every whole number is a double. */
const EXACT_DIGITS = 15;
const NUMBER = /^-?(?:\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?|Infinity)$/;
const DAY_MS = 86_400_000;

/**
 * The number that stands in a field, as `Number` would read it; undefined when there is none. Short decimals are computed in place (the quotient of two exact
 * doubles is rounded once, so it is the nearest double); the rest goes through `Number`.
 */
export function numberAt(bytes: Buffer, start: number, end: number): number | undefined {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at += 1;
  let value = 0;
  let digits = 0;
  let fraction = 0;
  let point = false;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      digits += 1;
      if (point) fraction += 1;
    } else if (byte === 0x2e && !point && digits > 0) point = true;
    else return slowNumber(bytes, start, end);
  }
  if (digits === 0 || digits > EXACT_DIGITS || (point && fraction === 0)) return slowNumber(bytes, start, end);
  const exact = fraction === 0 ? value : value / (POWERS[fraction] ?? Number.NaN);
  return negative ? -exact : exact;
}

function slowNumber(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start > 800) return undefined;
  const text = bytes.toString('latin1', start, end);
  if (text === 'NaN') return Number.NaN;
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** Reads times of the form 2026-11-22T10:00:00.000Z (and the longer one of years beyond 9999); remembers the day, because rows come in order. */
export function createTimeReader(): (bytes: Buffer, start: number, end: number) => number | undefined {
  let dayKey = -1;
  let dayTime = 0;
  return (bytes, start, end) => {
    if (end - start !== 24 || bytes[start + 23] !== 0x5a) return slowTime(bytes, start, end);
    const number = (offset: number, length: number): number => {
      let value = 0;
      for (let index = start + offset; index < start + offset + length; index += 1) {
        const digit = (bytes[index] ?? 0) - 0x30;
        if (digit < 0 || digit > 9) return Number.NaN;
        value = value * 10 + digit;
      }
      return value;
    };
    const key = number(0, 4) * 10_000 + number(5, 2) * 100 + number(8, 2);
    if (key !== dayKey) {
      const day = slowTime(bytes, start, end);
      if (day === undefined) return undefined;
      dayKey = key;
      dayTime = Math.floor(day / DAY_MS) * DAY_MS;
    }
    const separators =
      bytes[start + 4] === 0x2d &&
      bytes[start + 7] === 0x2d &&
      bytes[start + 10] === 0x54 &&
      bytes[start + 13] === 0x3a &&
      bytes[start + 16] === 0x3a &&
      bytes[start + 19] === 0x2e;
    const [hour, minute, second, milli] = [number(11, 2), number(14, 2), number(17, 2), number(20, 3)];
    if (!separators || !(hour < 24 && minute < 60 && second < 60 && milli >= 0)) return undefined;
    return dayTime + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
  };
}

const LONG_TIME = /^[+-]\d{6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SHORT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Only what Date itself would write: 31 February is no time. */
function slowTime(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start > 27) return undefined;
  const text = bytes.toString('latin1', start, end);
  if (!SHORT_TIME.test(text) && !LONG_TIME.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) || new Date(time).toISOString() !== text ? undefined : time;
}

/** The text of a field in quotation marks. */
export function textAt(bytes: Buffer, start: number, end: number, doubled: boolean): string {
  const text = bytes.toString('utf8', start, end);
  return doubled ? text.replaceAll('""', '"') : text;
}
