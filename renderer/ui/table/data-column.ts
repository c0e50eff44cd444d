import type { ReactNode } from 'react';
import type { ColumnRoom } from './column-places.ts';

/** A column of a `DataTable`. */
export interface DataColumn<Row> extends ColumnRoom {
  readonly id: string;
  readonly header: string;
  /** What is sorted and searched; null sorts last. */
  readonly value: (row: Row) => string | number | null;
  /** What is shown; default: the value. One line: what is too long for the cell is cut off. */
  readonly cell?: (row: Row) => ReactNode;
  /** Left out where the table is narrower than this; it is still searched. */
  readonly hideBelow?: number;
  readonly align?: 'end';
}
