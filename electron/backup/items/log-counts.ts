import type { RecorderInfo } from '../../../shared/domain/log.ts';
import type { LogSidecar } from '../logs/types.ts';

/**
 * Holds the rows of a log against what the meter counted before (entries_in_use) and after the readout; a sentence when they do not fit. A log that is full loses
 * its oldest row for each new one, so a periodic one may be short by what its interval makes in the time that the readout took.
 */
export function rowsDoubt(
  { rows, readout }: Pick<LogSidecar, 'rows' | 'readout'>,
  before: Pick<RecorderInfo, 'entries' | 'capacity' | 'interval'>,
  after: Pick<RecorderInfo, 'entries'> | undefined,
): string | undefined {
  const arrived = before.interval > 0 ? Math.ceil(readout.milliseconds / (before.interval * 1000)) + 1 : 0;
  const full = before.capacity !== null && before.entries >= before.capacity;
  const least = Math.min(before.entries, after?.entries ?? before.entries) - (full ? arrived : 0);
  const most = Math.max(before.entries, after?.entries ?? before.entries) + arrived;
  if (rows >= least && rows <= most) return undefined;
  return `${rows} rows were read, and the meter counts ${before.entries}.`;
}
