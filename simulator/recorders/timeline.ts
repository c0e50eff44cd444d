import type { Outage } from './disturbances.ts';

/** Which moments a periodic recorder has recorded. Rows are numbered from 0 in their order and never renumbered. */
export interface Timeline {
  /** Rows recorded up to a moment (milliseconds since 1970), those that were replaced included. */
  recordedBy(at: number): number;
  /** Moment of a row. */
  timeOf(row: number): number;
}

export interface TimelineOptions {
  /** Seconds. Rows stand at whole multiples of it since 1970. */
  readonly period: number;
  /** No rows at or before this moment. */
  readonly after: number;
  /** In order, without overlap: rows within are missing. */
  readonly outages: readonly Outage[];
}

interface Run {
  /** Number of its first row. */
  readonly row: number;
  readonly firstSlot: number;
  /** Exclusive; the last run has no end. */
  readonly endSlot: number;
}

export function createTimeline({ period, after, outages }: TimelineOptions): Timeline {
  const step = period * 1000;
  const runs = runsOf(Math.floor(after / step) + 1, step, outages);

  /** The last run whose `key` is not above a value. */
  function runAt(key: 'row' | 'firstSlot', value: number): Run | undefined {
    let found: Run | undefined;
    for (const run of runs) {
      if (run[key] > value) break;
      found = run;
    }
    return found;
  }

  return {
    recordedBy(at) {
      const slot = Math.floor(at / step);
      const run = runAt('firstSlot', slot);
      return run === undefined ? 0 : run.row + Math.min(slot + 1, run.endSlot) - run.firstSlot;
    },
    timeOf(row) {
      const run = runAt('row', row);
      return run === undefined ? Number.NaN : (run.firstSlot + row - run.row) * step;
    },
  };
}

/** The latest moment after which a recorder made `rows` rows up to `at`. */
export function startFor(rows: number, at: number, period: number, outages: readonly Outage[]): number {
  const step = period * 1000;
  const newest = Math.floor(at / step);
  let first = newest - rows;
  for (let index = outages.length - 1; index >= 0; index -= 1) {
    const outage = outages[index];
    if (outage === undefined) break;
    const end = Math.ceil(outage.to / step);
    // Rows begin after `first`: what is missing before it does not count.
    if (end <= first) break;
    first -= end - Math.ceil(outage.from / step);
  }
  return first * step;
}

function runsOf(first: number, step: number, outages: readonly Outage[]): readonly Run[] {
  const runs: Run[] = [];
  let row = 0;
  let slot = first;
  for (const { from, to } of outages) {
    const gap = Math.ceil(from / step);
    const next = Math.ceil(to / step);
    if (next <= slot || gap === next) continue;
    if (gap > slot) {
      runs.push({ row, firstSlot: slot, endSlot: gap });
      row += gap - slot;
    }
    slot = next;
  }
  runs.push({ row, firstSlot: slot, endSlot: Number.POSITIVE_INFINITY });
  return runs;
}
