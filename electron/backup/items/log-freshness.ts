import type { ClockReading } from '../../../shared/domain/identity.ts';
import type { LogSidecar } from '../logs/types.ts';

/** The newest row of a periodic log may be as old as so many of its intervals. */
const FRESH_INTERVALS = 3;

/**
 * Holds the newest row of a periodic log against the meter's own clock; undefined where it is fresh, where rows are not periodic (they come when something
 * happens), where no row has a time, or where the clock of the meter is not known. It is said, and does not make the log
 * incomplete: no document says in which time zone the clock registers are, and a recorder that is switched off is whole.
 * @param now clock of this PC when the log had been read
 */
export function freshnessOf(
  { recorder: { kind, interval, entries, capacity }, rows, last }: Pick<LogSidecar, 'recorder' | 'rows' | 'last'>,
  clock: ClockReading | undefined,
  now: Date,
): string | undefined {
  if (kind === 'events' || interval <= 0) return undefined;
  if (rows === 0) return 'It has no rows: it is new, was reset, or is switched off.';
  if (last === null || clock === undefined || clock.meterUtc === null) return undefined;
  const since = Math.max(0, now.getTime() - Date.parse(clock.pcUtc));
  const meterNow = Date.parse(clock.meterUtc) + since;
  const oldest = FRESH_INTERVALS * interval + (clock.uncertaintySeconds ?? 0);
  if (meterNow - Date.parse(last) <= oldest * 1000) return undefined;
  const fact = `Its newest row is of ${last}, and the clock of the meter says ${new Date(meterNow).toISOString()}: more than ${FRESH_INTERVALS} intervals of ${interval} s.`;
  if (capacity !== null && entries >= capacity) {
    return `${fact} It is full and no longer records: it stops when full, or is switched off.`;
  }
  return `${fact} It is switched off, newer rows are missing, or its times are of another time zone than the clock.`;
}
