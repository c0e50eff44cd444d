import { useEffect, useMemo } from 'react';
import type { DataColumn } from './data-column.ts';

/** What the row with this number can be found by. */
export type SearchText = (index: number) => string;

/**
 * What rows can be found by, in lower case: their values in all columns. Put together once for each row, while the page has nothing else to do
 * or when it is asked for: the first letter of a filter must not wait for thousands of them.
 */
export function useSearchTexts<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[]): SearchText {
  const texts = useMemo(() => searchTexts(rows, columns), [rows, columns]);
  useEffect(() => {
    let next = 0;
    let waiting = 0;
    const goOn = (deadline: IdleDeadline) => {
      while (next < rows.length && deadline.timeRemaining() > 1) texts(next++);
      if (next < rows.length) waiting = requestIdleCallback(goOn);
    };
    waiting = requestIdleCallback(goOn);
    return () => cancelIdleCallback(waiting);
  }, [rows, texts]);
  return texts;
}

/** The texts themselves; `index` is that of a row in `rows`. */
export function searchTexts<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[]): SearchText {
  const known: string[] = [];
  return (index) => {
    const row = rows[index];
    if (row === undefined) return '';
    known[index] ??= columns
      .map(({ value }) => value(row) ?? '')
      .join('\n')
      .toLowerCase();
    return known[index];
  };
}
