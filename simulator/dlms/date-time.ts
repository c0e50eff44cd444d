/** Bytes of a date_time. Source: DLMS UA 1000-1 (Blue Book), 4.1.6.1. */
const SIZE = 12;
const UNSPECIFIED = 0xff;
const UNSPECIFIED_YEAR = 0xffff;
const UNSPECIFIED_DEVIATION = -0x8000;
/** Clock modules of the meter count Unix seconds in 32 bits; before 2000 is taken for a mistake. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2105;

/** A moment (milliseconds since 1970) as date_time in UTC: deviation 0, status 0, hundredths kept. */
export function dateTime(at: number): Buffer {
  const date = new Date(at);
  const bytes = Buffer.alloc(SIZE);
  bytes.writeUInt16BE(date.getUTCFullYear(), 0);
  bytes.writeUInt8(date.getUTCMonth() + 1, 2);
  bytes.writeUInt8(date.getUTCDate(), 3);
  bytes.writeUInt8(date.getUTCDay() === 0 ? 7 : date.getUTCDay(), 4);
  bytes.writeUInt8(date.getUTCHours(), 5);
  bytes.writeUInt8(date.getUTCMinutes(), 6);
  bytes.writeUInt8(date.getUTCSeconds(), 7);
  bytes.writeUInt8(Math.floor(date.getUTCMilliseconds() / 10), 8);
  return bytes;
}

/**
 * The moment a date_time means, in milliseconds since 1970. Fields that are not specified keep their value in `now`; the day of the week and the
 * status are ignored; a deviation that is not specified stands for UTC, otherwise local time + deviation = UTC. Undefined when a field is out of
 * range or month or day has one of the special values 0xFD, 0xFE. Source: technical note 7EN22-0123 "DLMS time synchronization".
 */
export function momentOf(bytes: Buffer, now: number): number | undefined {
  if (bytes.length !== SIZE) return undefined;
  const deviation = bytes.readInt16BE(9);
  const toUtc = deviation === UNSPECIFIED_DEVIATION ? 0 : deviation;
  if (Math.abs(toUtc) > 720) return undefined;
  const base = new Date(now - toUtc * 60_000);
  const field = (offset: number, kept: number, low: number, high: number): number => {
    const value = bytes.readUInt8(offset);
    if (value === UNSPECIFIED) return kept;
    return value < low || value > high ? Number.NaN : value;
  };
  const given = bytes.readUInt16BE(0);
  const year = given === UNSPECIFIED_YEAR ? base.getUTCFullYear() : given;
  const month = field(2, base.getUTCMonth() + 1, 1, 12);
  const day = field(3, base.getUTCDate(), 1, 31);
  const hour = field(5, base.getUTCHours(), 0, 23);
  const minute = field(6, base.getUTCMinutes(), 0, 59);
  const second = field(7, base.getUTCSeconds(), 0, 59);
  const hundredths = field(8, Math.floor(base.getUTCMilliseconds() / 10), 0, 99);
  const local = Date.UTC(year, month - 1, day, hour, minute, second, hundredths * 10);
  if (year < FIRST_YEAR || year > LAST_YEAR || Number.isNaN(local)) return undefined;
  // A day that the month does not have rolls over into the next one.
  return new Date(local).getUTCDate() === day ? local + toUtc * 60_000 : undefined;
}
