import type { ReportLog, ReportMissedLog } from '../schema.ts';

const ASKED = { entry: 'asked by number', range: 'asked by time', whole: 'read in one piece' } as const;

/** Rows that came from the meter, how long it took, how fast that is, how they were asked for, and how many did not come. */
export function readoutText(log: ReportLog): string {
  const { rows, milliseconds, roundTrips, by, missed = 0 } = log.readout;
  const seconds = (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0);
  const rate = rateText(log);
  const how = by === undefined ? '' : `, ${ASKED[by]}`;
  const lost = missed === 0 ? '' : ` ${missed} rows gave way to newer ones meanwhile.`;
  return `${rows} rows in ${seconds} s${rate === '' ? '' : `, ${rate}`}, ${roundTrips} round trips${how}.${lost}`;
}

/** "2000 rows/s"; nothing where no time passed. */
export function rateText({ readout: { rows, milliseconds } }: ReportLog): string {
  return milliseconds > 0 ? `${Math.round((rows * 1000) / milliseconds)} rows/s` : '';
}

/** What the backup lacks with a log that it does not have. */
export function missedText({ entries }: ReportMissedLog): string {
  return `Not in the backup: ${entries} ${entries === 1 ? 'row' : 'rows'} on the meter.`;
}
