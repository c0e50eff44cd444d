import type { LogGap } from '../../../shared/domain/log.ts';
import { utc } from './csv.ts';

/** So many gaps are named; the rest is counted. */
export const MAX_NAMED_GAPS = 1_000;
/** A gap is longer than so many intervals. */
const GAP_INTERVALS = 1.5;

/** What is known of the times of a log after its rows have passed. */
export interface LogSpan {
  readonly rows: number;
  /** Times of the first and the last row that have one, ISO 8601 UTC. */
  readonly first: string | null;
  readonly last: string | null;
  readonly gaps: readonly LogGap[];
  readonly gapCount: number;
}

/** Follows the times of a log row by row. */
export interface SpanFinder {
  /** Milliseconds since 1970 UTC; null and NaN are rows without a time. */
  add(time: number | null): void;
  span(): LogSpan;
}

/** For a log with a row each `interval` seconds; 0 has no gaps. A clock that was set back makes no gap. */
export function createSpanFinder(interval: number): SpanFinder {
  const step = interval * 1000;
  const gaps: LogGap[] = [];
  let gapCount = 0;
  let rows = 0;
  let first: number | undefined;
  let last: number | undefined;
  return {
    add(time) {
      rows += 1;
      if (time === null || Number.isNaN(time)) return;
      if (last !== undefined && step > 0 && time - last > step * GAP_INTERVALS) {
        gapCount += 1;
        if (gaps.length < MAX_NAMED_GAPS) {
          gaps.push({
            after: utc(last),
            before: utc(time),
            missing: Math.max(1, Math.round((time - last) / step) - 1),
          });
        }
      }
      first ??= time;
      last = time;
    },
    span: () => ({
      rows,
      first: first === undefined ? null : utc(first),
      last: last === undefined ? null : utc(last),
      gaps,
      gapCount,
    }),
  };
}
