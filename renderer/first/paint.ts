import { useMeters } from '../app/feeds/meters-store.ts';
import { usePreferences } from '../app/preferences.ts';
import { meterColumns } from '../features/meters/columns.tsx';
import { type MeterRow, rowsOf } from '../features/meters/rows.ts';
import { ROOM_FOR_TREE, sitesOf } from '../features/meters/sites/sites.ts';
import type { Language } from '../i18n/languages.ts';
import type { Say } from '../i18n/say.ts';
import type { DataColumn } from '../ui/table/data-column.ts';
import { leastWidth, OVERSCAN, placedColumns, ROW } from '../ui/table/measures.ts';
import { RowOfTable } from '../ui/table/row.tsx';
import { compareValues } from '../ui/table/row-order.ts';
import { draw } from './draw.ts';
import type { Frames } from './frames.ts';

const nothing = (): void => undefined;

/** Ages come with the page, and backups are not known yet. */
const BLANK = { ago: () => null, backup: () => null };

/**
 * Paints the list of meters as the page will render it in a moment: the frame as it was rendered when the program was built, and in it the rows
 * that are seen without scrolling. Nothing in it can be clicked or reached by a key.
 *
 * @param place the place of the page, with nothing in it but an earlier picture
 */
export function paintMeters(place: Element, frames: Frames, say: Say, language: Language): void {
  const { meters, newestFirmware } = useMeters.getState();
  const withSites = sitesOf(meters).named.length > 0;
  const page = document.documentElement;
  page.lang = language;
  // The shell has told the browser which of them a person chose.
  page.dataset['mantineColorScheme'] = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const picture = document.createElement('div');
  picture.className = 'mw-picture';
  picture.inert = true;
  picture.innerHTML = frames[withSites ? frameOfSites() : 'plain'];
  place.replaceChildren(picture);
  const columns = meterColumns(say, language, withSites, BLANK);
  fillTable(picture, columns, inOrder(rowsOf(meters, undefined, undefined, newestFirmware), columns), say);
}

function frameOfSites(): keyof Frames {
  if (!matchMedia(ROOM_FOR_TREE).matches) return 'narrow';
  return usePreferences.getState().siteTree ? 'tree' : 'folded';
}

/** By the first column, as the table is sorted at first. */
function inOrder(rows: readonly MeterRow[], [first]: readonly DataColumn<MeterRow>[]): readonly MeterRow[] {
  return first === undefined ? rows : [...rows].sort((a, b) => compareValues(first.value(a), first.value(b)));
}

/** Puts columns and rows where they will be: how wide a column is and how many rows are seen depends on the window. */
function fillTable(
  picture: Element,
  columns: readonly DataColumn<MeterRow>[],
  rows: readonly MeterRow[],
  say: Say,
): void {
  const table = picture.querySelector('table');
  const body = table?.tBodies[0];
  const box = table?.parentElement;
  if (!table || !body || !box) throw new Error('The frame has no table.');
  table.setAttribute('aria-rowcount', String(rows.length + 1));
  // Before anything is measured: so many rows have a scroll bar or have none.
  body.style.height = `${rows.length * ROW}px`;
  const placed = placedColumns(columns, box.clientWidth, true);
  table.style.minWidth = `${leastWidth(placed, true)}px`;
  // The first title is that of the check boxes, which has its place.
  const titles = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1);
  for (const [index, { id }] of columns.entries()) {
    const style = placed.find(({ column }) => column.id === id)?.style;
    if (style === undefined) titles[index]?.remove();
    else Object.assign(titles[index]?.style ?? {}, { left: `${style.left}px`, width: `${style.width}px` });
  }
  const seen = Math.ceil(box.offsetHeight / ROW) + OVERSCAN;
  const actions = {
    activate: nothing,
    open: nothing,
    toggle: nothing,
    markName: ({ name }: MeterRow) => say('ui:table.select', { name }),
  };
  for (const [index, row] of rows.slice(0, seen).entries()) {
    draw(
      RowOfTable({ row, id: row.id, index, columns: placed, reachable: index === 0, selected: false, actions }),
      body,
    );
  }
}
