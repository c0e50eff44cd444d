/**
 * Trends of logs for a screen: far more rows than pixels, thinned so that no peak is lost and no line is drawn where the log has a gap.
 * Times are milliseconds since 1970 UTC in rising order; NaN stands for "no value".
 */

/** What part of a log is looked at, and how finely. */
export interface TrendView {
  /** Both ends included. */
  readonly from: number;
  readonly to: number;
  /** About how many points a series may have, 4 or more: twice the pixels of the plot. Gaps can make it up to three times as many. */
  readonly points: number;
  /** Two rows further apart than this have a gap between them; 0 where rows are not periodic. */
  readonly gapAfter: number;
}

/** Which rows go together into which points; the same for every column of the log. */
export interface TrendPlan {
  /** Rows inside the view: `first` up to but not including `end`. */
  readonly first: number;
  readonly end: number;
  /** First row and row after the last of each group; a gap lies before each group that is in `broken`. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly broken: ReadonlySet<number>;
  /** False where every row is a point of its own. */
  readonly thinned: boolean;
}

/** A column of a trend, and what is to be said of its rows inside the view. */
export interface TrendSeries {
  /** As many as there are times; null where there is no value and where the line must be broken. */
  readonly values: (number | null)[];
  readonly min: number | null;
  readonly max: number | null;
  readonly last: number | null;
  /** Rows with a value. */
  readonly count: number;
}

/** More than one and a half intervals without a row is a gap; rows that are not periodic have none. */
export function gapAfter(intervalSeconds: number): number {
  return intervalSeconds > 0 ? intervalSeconds * 1500 : 0;
}

/** Index of the first of the rising times that is not before `time`. */
export function rowAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts the rows of a view into groups, each at most as wide as a pixel and none across a gap. One row on each side is taken along, for the line to the edge. */
export function planTrend(times: Float64Array, view: TrendView): TrendPlan {
  const first = rowAt(times, view.from);
  const end = Math.max(first, rowAfter(times, view.to));
  const begin = Math.max(0, first - 1);
  const stop = Math.min(times.length, end + 1);
  const thinned = stop - begin > view.points;
  const left = timeOf(times, begin);
  const width = thinned ? (timeOf(times, stop - 1) - left) / Math.max(1, view.points >> 1) : 0;
  const starts: number[] = [];
  const ends: number[] = [];
  const broken = new Set<number>();
  let breaks = 0;
  let row = begin;
  while (row < stop) {
    if (row > begin && isGap(times, row, view.gapAfter)) broken.add(starts.length);
    starts.push(row);
    const edge = edgeAfter(timeOf(times, row), left, width);
    row += 1;
    while (thinned && row < stop && timeOf(times, row) < edge) {
      // A log that is all gaps must not give more points than a screen can take.
      if (isGap(times, row, view.gapAfter) && breaks < view.points) {
        breaks += 1;
        break;
      }
      row += 1;
    }
    ends.push(row);
  }
  return { first, end, starts, ends, broken, thinned };
}

/** The times of the points of a plan: first and last row of each group, and one in each gap. */
export function trendTimes(times: Float64Array, plan: TrendPlan): number[] {
  const out: number[] = [];
  for (let group = 0; group < plan.starts.length; group += 1) {
    const [start, end] = groupOf(plan, group);
    if (plan.broken.has(group)) out.push((timeOf(times, start - 1) + timeOf(times, start)) / 2);
    out.push(timeOf(times, start));
    if (end - start > 1) out.push(timeOf(times, end - 1));
  }
  return out;
}

/** The points of one column: the smallest and the largest value of each group in the order in which they came. */
export function trendSeries(column: Float64Array, plan: TrendPlan): TrendSeries {
  const values: (number | null)[] = [];
  for (let group = 0; group < plan.starts.length; group += 1) {
    const [start, end] = groupOf(plan, group);
    if (plan.broken.has(group)) values.push(null);
    const low = extreme(column, start, end, (value, best) => value < best);
    const high = extreme(column, start, end, (value, best) => value > best);
    if (end - start === 1) values.push(valueAt(column, start));
    else if (low === null || high === null) values.push(null, null);
    else values.push(valueAt(column, Math.min(low, high)), valueAt(column, Math.max(low, high)));
  }
  return { values, ...statistics(column, plan) };
}

/** Times without rows inside the view, at most `limit` of them, and how many there are. */
export function trendGaps(
  times: Float64Array,
  view: Pick<TrendView, 'from' | 'to' | 'gapAfter'>,
  limit: number,
): { readonly gaps: { readonly from: number; readonly to: number }[]; readonly count: number } {
  const gaps: { from: number; to: number }[] = [];
  let count = 0;
  const stop = Math.min(times.length, rowAfter(times, view.to) + 1);
  for (let row = Math.max(1, rowAt(times, view.from)); row < stop; row += 1) {
    if (!isGap(times, row, view.gapAfter)) continue;
    count += 1;
    if (gaps.length < limit) gaps.push({ from: timeOf(times, row - 1), to: timeOf(times, row) });
  }
  return { gaps, count };
}

/** Right edge of the group that begins with a row, counted from the left edge of all, so that edges do not wander with the rows. */
function edgeAfter(time: number, left: number, width: number): number {
  // Rows that all have one time, or that are too far apart for the arithmetic, make one group.
  return width > 0 && Number.isFinite(width)
    ? left + (Math.floor((time - left) / width) + 1) * width
    : Number.POSITIVE_INFINITY;
}

function statistics(column: Float64Array, { first, end }: TrendPlan): Omit<TrendSeries, 'values'> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last = Number.NaN;
  let count = 0;
  for (let row = first; row < end; row += 1) {
    const value = column[row] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    last = value;
    count += 1;
  }
  return count === 0 ? { min: null, max: null, last: null, count } : { min, max, last, count };
}

/** The row of the value that no other beats, the first of equals; null where there is none. */
function extreme(
  column: Float64Array,
  start: number,
  end: number,
  beats: (value: number, best: number) => boolean,
): number | null {
  let found: number | null = null;
  let best = 0;
  for (let row = start; row < end; row += 1) {
    const value = column[row] ?? Number.NaN;
    if (!Number.isFinite(value) || (found !== null && !beats(value, best))) continue;
    found = row;
    best = value;
  }
  return found;
}

function isGap(times: Float64Array, row: number, after: number): boolean {
  return after > 0 && timeOf(times, row) - timeOf(times, row - 1) > after;
}

function rowAfter(times: Float64Array, time: number): number {
  let row = rowAt(times, time);
  while (row < times.length && timeOf(times, row) === time) row += 1;
  return row;
}

function groupOf(plan: TrendPlan, group: number): readonly [number, number] {
  return [plan.starts[group] ?? 0, plan.ends[group] ?? 0];
}

function timeOf(times: Float64Array, row: number): number {
  return times[row] ?? Number.NaN;
}

function valueAt(column: Float64Array, row: number): number | null {
  const value = column[row] ?? Number.NaN;
  return Number.isFinite(value) ? value : null;
}
