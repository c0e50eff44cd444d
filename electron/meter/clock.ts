import { atLeast, firmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { ClockReading, MeterIdentity } from '../../shared/domain/identity.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import { mayRead } from '../../shared/domain/provenance.ts';
import { clockOffset } from '../../shared/domain/settings/clock.ts';
import type { ModbusClient } from '../protocols/modbus/types.ts';
import { isException } from './modbus-problem.ts';
import { findUnixTime } from './site-map/site-map.ts';
import type { SiteMap } from './site-map/types.ts';
import type { RegisterRow } from './types.ts';

export interface ClockOptions {
  readonly client: ModbusClient;
  readonly identity: Pick<MeterIdentity, 'firmware' | 'simulated'>;
  /** The rows year, month, day, hour, minute, second, millisecond: one register each, one behind the other. */
  readonly dateTimeRows: readonly RegisterRow[];
  readonly siteMap: SiteMap | undefined;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Meter time as it was found in an answer. */
interface MeterTime {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** In seconds. */
  readonly resolution: number;
}

/** First firmware with Unix time over Modbus. Source: release notes 7EN12-0483-00. */
const UNIX_TIME_SINCE = firmwareVersion('4.6.0');
/** An unmapped register reads as 0x8000. Source: vendor's Modbus implementation page (PM8000, ION9000). */
const UNMAPPED = 0x8000;
const QUARTER_HOUR = 900;
/** How far from a whole number of quarter hours an offset may be and still look like a time zone, in seconds. */
const ZONE_TOLERANCE = 60;

/**
 * Compares the clock of the meter with the clock of this PC at the middle of one request. Unix time is used where the firmware has it and
 * an imported map says where it stands; else the date-time registers. A clock that cannot be understood is a reading
 * without a time; only a meter that does not answer is a Problem. The clock is never written.
 */
export async function readMeterClock(options: ClockOptions): Promise<Result<ClockReading>> {
  const unixRow = unixTimeRow(options);
  if (unixRow !== undefined) {
    const reading = await readAndCompare(options, unixRow.register, 2, 'unix-time-register', unixTimeOf);
    if (!reading.ok || reading.value.meterUtc !== null) return reading;
  }
  const first = options.dateTimeRows[0];
  const count = options.dateTimeRows.length;
  if (first === undefined) return ok(unread(options.now(), 'The profile of this meter has no date-time registers.'));
  return readAndCompare(options, first.register, count, 'date-time-registers', dateTimeOf);
}

function unixTimeRow({ identity, siteMap }: ClockOptions) {
  if (siteMap === undefined || !mayRead(siteMap.provenance, identity)) return undefined;
  if (identity.firmware === null || !atLeast(identity.firmware, UNIX_TIME_SINCE)) return undefined;
  return findUnixTime(siteMap);
}

async function readAndCompare(
  options: ClockOptions,
  register: number,
  count: number,
  source: 'unix-time-register' | 'date-time-registers',
  decode: (words: readonly number[]) => MeterTime | undefined,
): Promise<Result<ClockReading>> {
  const before = options.now().getTime();
  const answer = await options.client.readHolding(register - 1, count, options.signal);
  const after = options.now().getTime();
  if (!answer.ok) {
    return isException(answer.problem) ? ok(unread(options.now(), answer.problem.because)) : answer;
  }
  const words = [...answer.value];
  const time = decode(words);
  if (time === undefined) {
    const text = words.map((word) => word.toString(16).padStart(4, '0')).join(' ');
    return ok(
      unread(
        new Date(before + (after - before) / 2),
        `Registers ${register} to ${register + count - 1} hold no valid time (${text}).`,
      ),
    );
  }
  const { pcAt, offsetSeconds, uncertaintySeconds } = clockOffset({
    sentAt: before,
    receivedAt: after,
    meterAt: time.at,
    resolution: time.resolution,
  });
  return ok({
    meterUtc: new Date(time.at).toISOString(),
    pcUtc: new Date(pcAt).toISOString(),
    offsetSeconds,
    uncertaintySeconds,
    source,
    because:
      source === 'unix-time-register' ? UNIX_BECAUSE : dateTimeBecause(offsetSeconds, options.identity.simulated),
  });
}

const UNIX_BECAUSE = 'Read from the Unix time register of the imported map, in whole seconds.';

/** No document says whether these registers are in UTC or in local time, and an offset of whole quarter hours looks like the latter. */
function dateTimeBecause(offsetSeconds: number, simulated: boolean): string {
  if (simulated) return 'Read from the date-time registers, which are in UTC on a simulated meter.';
  const base =
    'Read from the date-time registers and taken as UTC; no document says whether they are in UTC or in local time.';
  const quarters = Math.round(offsetSeconds / QUARTER_HOUR);
  const looksLikeZone = quarters !== 0 && Math.abs(offsetSeconds - quarters * QUARTER_HOUR) <= ZONE_TOLERANCE;
  return looksLikeZone ? `${base} This offset is close to a time zone, so they may show local time.` : base;
}

function unread(pc: Date, because: string): ClockReading {
  return {
    meterUtc: null,
    pcUtc: pc.toISOString(),
    offsetSeconds: null,
    uncertaintySeconds: null,
    source: 'none',
    because,
  };
}

/** Seconds since 1970, unsigned 32 bits, high word first; the not-available value and an unmapped pair are no time. */
export function unixTimeOf(words: readonly number[]): MeterTime | undefined {
  const [high = UNMAPPED, low = UNMAPPED] = words;
  if (high === UNMAPPED && low === UNMAPPED) return undefined;
  if (high === 0xffff && low === 0xffff) return undefined;
  return { at: (high * 65_536 + low) * 1000, resolution: 1 };
}

/**
 * Year, month (1..12), day, hour, minute, second and millisecond, one word each, years 1970 to 2105. Words that are no date of the calendar are no
 * time; milliseconds that are not mapped leave the second as it is.
 */
export function dateTimeOf(words: readonly number[]): MeterTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 99, minute = 99, second = 99, millisecond = UNMAPPED] = words;
  if (year < 1970 || year > 2105 || hour > 23 || minute > 59 || second > 59) return undefined;
  const exact = millisecond <= 999;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second, exact ? millisecond : 0));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return undefined;
  return { at: at.getTime(), resolution: exact ? 0.001 : 1 };
}
