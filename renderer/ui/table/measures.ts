import { placeColumns } from './column-places.ts';
import type { DataColumn } from './data-column.ts';
import { MARK_PLACE, type PlacedColumn } from './row.tsx';

/** Height of a row, in pixels. */
export const ROW = 34;

/** Rows beyond each edge that exist; each of them takes its part of each frame of a scroll. */
export const OVERSCAN = 1;

/** The columns that a table of this width shows, and where; 0 is a width that is not known yet. `selects`: there is a column of check boxes before them. */
export function placedColumns<Row>(
  columns: readonly DataColumn<Row>[],
  width: number,
  selects: boolean,
): readonly PlacedColumn<Row>[] {
  const shown = columns.filter(({ hideBelow = 0 }) => width === 0 || width >= hideBelow);
  const places = placeColumns(shown, width, startOf(selects));
  return shown.map((column, index) => ({ column, style: { ...places[index] } }));
}

/** The width that these columns need at least; narrower tables are scrolled. */
export function leastWidth<Row>(columns: readonly PlacedColumn<Row>[], selects: boolean): number {
  return columns.reduce((sum, { column }) => sum + column.width, startOf(selects));
}

function startOf(selects: boolean): number {
  return selects ? MARK_PLACE.width : 0;
}
