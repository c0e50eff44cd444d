import { createSpanFinder, type LogSpan } from '../../backup/logs/gaps.ts';
import type { LogPart, LogTable } from '../../backup/logs/types.ts';

/** Milliseconds since 1970 UTC, both ends included; null for no end. */
export interface LogRange {
  readonly from: number | null;
  readonly to: number | null;
}

/** The rows of a log that are in a range, in the order of the file. */
export interface Selection {
  /** Their places in the table. */
  readonly rows: Uint32Array;
  readonly span: LogSpan;
  /** What was asked for and what was left out; null where everything was asked for. */
  readonly part: LogPart | null;
}

/**
 * Without any end every row is meant, with a time or without. With one, a row is in when its time is, wherever in the file it stands (a clock that was set
 * back puts rows elsewhere); a row without a time is in no range: it is left out, and counted.
 */
export function selectRows(table: Pick<LogTable, 'rows' | 'times' | 'sidecar'>, { from, to }: LogRange): Selection {
  const all = from === null && to === null;
  const [low, high] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
  const spans = createSpanFinder(table.sidecar.recorder.interval);
  const rows = new Uint32Array(table.rows);
  let count = 0;
  let undated = 0;
  for (let row = 0; row < table.rows; row += 1) {
    const time = table.times[row] ?? Number.NaN;
    if (!all && Number.isNaN(time)) undated += 1;
    if (!all && !(time >= low && time <= high)) continue;
    rows[count] = row;
    count += 1;
    spans.add(time);
  }
  const part = all
    ? null
    : { from: iso(from), to: iso(to), leftOut: { undated, outside: table.rows - count - undated } };
  return { rows: rows.subarray(0, count), span: spans.span(), part };
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
