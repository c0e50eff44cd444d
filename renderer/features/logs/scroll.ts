/** Height of a row in pixels. */
export const ROW = 28;
/** Height of the heading. */
export const HEAD = 32;
/** Chromium lays out up to 2^25 - 1 pixels (33,554,431); some room is left for what stands around the rows. */
const HIGHEST = 30_000_000;

/** How rows lie in what is scrolled. */
export interface Scrolled {
  /** Height of all rows in what is scrolled: their own, or as much as a browser can take. */
  readonly height: number;
  /** First row that is at least partly seen. */
  readonly first: number;
  /** Pixels of it that are above the edge. */
  readonly hidden: number;
}

/**
 * Where the rows are when something was scrolled so far. Up to a million rows have their own height; of more, a pixel of the scroll bar is more than a
 * pixel of the rows, and the ends still fit exactly.
 *
 * @param room height of the place for rows
 */
export function scrolledRows(rows: number, top: number, room: number): Scrolled {
  const own = rows * ROW;
  const height = Math.min(own, HIGHEST);
  const most = Math.max(0, height - room);
  const part = most === 0 ? 0 : Math.max(0, Math.min(1, top / most));
  const at = own === height ? Math.max(0, Math.min(top, most)) : part * Math.max(0, own - room);
  const first = Math.max(0, Math.min(rows - 1, Math.floor(at / ROW)));
  return { height, first, hidden: Math.max(0, at - first * ROW) };
}

/** How far to scroll so that a row is seen: not at all where it is, else to the nearer edge. */
export function topFor(row: number, rows: number, top: number, room: number): number {
  const own = rows * ROW;
  const height = Math.min(own, HIGHEST);
  const { first, hidden } = scrolledRows(rows, top, room);
  const at = first * ROW + hidden;
  const wanted = row * ROW < at ? row * ROW : Math.max(at, (row + 1) * ROW - room);
  if (wanted === at) return top;
  return own === height ? wanted : (wanted / Math.max(1, own - room)) * (height - room);
}
