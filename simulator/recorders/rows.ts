import type { Rows, RowValues } from './types.ts';

/** Rows whose times never fall, made by number. `times(index)` and `values(index)` take an index in [0, count). */
export function lazyRows(count: number, times: (index: number) => number, values: (index: number) => RowValues): Rows {
  /** Index of the first row for which a test holds; tests turn true once. */
  function first(test: (time: number) => boolean): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(times(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  const rows: Rows = {
    count,
    timeAt: times,
    valuesAt: values,
    between(from, to) {
      const start = first((time) => time >= from);
      return rows.slice(start, first((time) => time > to) - start);
    },
    slice(start, wanted) {
      const size = Math.max(0, Math.min(wanted, count - start));
      return lazyRows(
        size,
        (index) => times(start + index),
        (index) => values(start + index),
      );
    },
  };
  return rows;
}

/** Rows that are held in memory, in any order of time: those of the event log when the clock was set back. */
export function listedRows(list: readonly { readonly at: number; readonly values: RowValues }[]): Rows {
  return {
    count: list.length,
    timeAt: (index) => list[index]?.at ?? Number.NaN,
    valuesAt: (index) => list[index]?.values ?? [],
    between: (from, to) => listedRows(list.filter(({ at }) => at >= from && at <= to)),
    slice: (first, count) => listedRows(list.slice(first, first + Math.max(0, count))),
  };
}
