import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { withBlank } from '../../i18n/blank.ts';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';
import { type HeadActions, TableHead } from './head.tsx';
import { leastWidth, OVERSCAN, placedColumns, ROW } from './measures.ts';
import { type RowActions, TableRow } from './row.tsx';
import { compareValues } from './row-order.ts';
import { useSearchTexts } from './search-texts.ts';
import { createSlots } from './slots.ts';

interface DataTableProps<Row extends RowData> {
  /** Name of the table for screen readers. */
  readonly label: string;
  /** Stable between renders, as everything below: the table is rendered again only when something changed. */
  readonly rows: readonly Row[];
  readonly columns: readonly DataColumn<Row>[];
  readonly rowId: (row: Row) => string;
  /** What a row is called where it is selected: the name of the meter. */
  readonly rowName: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  /** Ids of the selected rows; without it rows cannot be selected. */
  readonly selection?: ReadonlySet<string>;
  readonly onSelection?: (selection: ReadonlySet<string>) => void;
  /** Words that a row must contain in any column; case does not matter. */
  readonly filter?: string;
  readonly initialSort?: { readonly id: string; readonly desc: boolean };
  /** Shown when there is no row to show. */
  readonly empty: ReactNode;
}

/** A table whose rows are moved through by keys is a grid. */
const GRID = { role: 'grid' } as const;
const MANY_OF_GRID = { ...GRID, 'aria-multiselectable': true } as const;
const features = tableFeatures({
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

/**
 * Rows that are sorted, searched and selected, of which only the visible ones exist. Arrow keys, Page Up and Down, Home and End move; Enter
 * opens; Space selects; Ctrl/Cmd+A selects all that match; the headers are buttons that sort.
 */
export const DataTable = memo(function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowId, rowName, onOpen, selection, onSelection, filter = '', empty } = props;
  const { t } = useTranslation();
  const [sorting, setSorting] = useState<SortingState>(
    props.initialSort === undefined ? [] : [{ id: props.initialSort.id, desc: props.initialSort.desc }],
  );
  const [active, setActive] = useState<Active>({ index: 0, id: undefined });
  const moved = useRef(false);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);

  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        accessorFn: (row: Row) => column.value(row) ?? undefined,
        sortUndefined: 'last' as const,
        sortFn: (a, b, id) => compareValues(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (row) => rowId(row),
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
  });
  const sorted = table.getRowModel().rows;
  const textOf = useSearchTexts(rows, columns);
  const shown = useMemo(() => {
    const words = filter.trim().toLowerCase();
    return words === '' ? sorted : sorted.filter(({ index }) => textOf(index).includes(words));
  }, [sorted, filter, textOf]);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
  });
  const at = useMemo(() => placeOfActive(active, shown), [active, shown]);
  const [assign] = useState(createSlots);
  const items = virtual.getVirtualItems().filter(({ index }) => index < shown.length);
  const slots = assign(
    items.map(({ index }) => shown[index]?.id ?? ''),
    active.id ?? shown[at]?.id,
  );
  // Where the active row was scrolled out the first one can be reached by Tab in its place.
  const reachable = items.some(({ index }) => index === at) ? at : items[0]?.index;
  const selects = selection !== undefined && onSelection !== undefined;
  const shownColumns = useMemo(() => placedColumns(columns, width, selects), [columns, width, selects]);

  useEffect(() => {
    if (!moved.current) return;
    // A row that is far away comes with a later render, once the scrolling brought it in.
    const row = place.current?.querySelector<HTMLElement>(`[data-index="${at}"]`);
    if (row === null || row === undefined) return;
    moved.current = false;
    row.focus({ preventScroll: true });
  });

  const toggle = (id: string) => {
    if (!selects) return;
    const next = new Set(selection);
    if (!next.delete(id)) next.add(id);
    onSelection(next);
  };
  const markName = useMemo(() => withBlank(t, 'ui:table.select', 'name'), [t]);
  const selected = useMemo(() => (selects ? howMany(shown, selection) : undefined), [selects, shown, selection]);
  const toggleAll = () => {
    if (selects) onSelection(selected === 'all' ? new Set() : new Set(shown.map(({ id }) => id)));
  };
  const latest = useRef<Omit<Actions<Row>, 'activate'>>(undefined);
  latest.current = {
    open: (row) => onOpen?.(row),
    toggle,
    toggleAll,
    markName: (row) => markName(rowName(row)),
    sort: (column, event) => table.getColumn(column)?.getToggleSortingHandler()?.(event),
  };
  const [actions] = useState<Actions<Row>>(() => ({
    activate: (index, id) => setActive((before) => (before.id === id ? before : { index, id })),
    open: (row) => latest.current?.open(row),
    toggle: (id) => latest.current?.toggle(id),
    toggleAll: () => latest.current?.toggleAll(),
    markName: (row) => latest.current?.markName(row) ?? '',
    sort: (column, event) => latest.current?.sort(column, event),
  }));
  const move = (to: number) => {
    const target = Math.max(0, Math.min(shown.length - 1, to));
    moved.current = true;
    setActive({ index: target, id: shown[target]?.id });
    virtual.scrollToIndex(target);
  };
  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((place.current?.clientHeight ?? ROW * 10) / ROW) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: shown.length - 1,
    };
    const to = moves[event.key];
    const row = shown[at];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && row !== undefined) onOpen?.(row.original);
    else if (event.key === ' ' && row !== undefined) toggle(row.id);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selects) toggleAll();
    else return;
    event.preventDefault();
  };

  return (
    <div ref={place} className={classes['place']}>
      {/* Chromium keeps the meaning of the elements of a table when their boxes are laid out as blocks. */}
      <table
        {...(selects ? MANY_OF_GRID : GRID)}
        aria-label={label}
        aria-rowcount={shown.length + 1}
        className={classes['table']}
        style={{ minWidth: leastWidth(shownColumns, selects) }}
      >
        <TableHead columns={shownColumns} sorting={sorting} selected={selected} actions={actions} />
        <tbody
          className={classes['body']}
          style={{ height: virtual.getTotalSize(), paddingTop: items[0]?.start ?? 0 }}
          onKeyDown={onKey}
        >
          {items.map((item) => {
            const row = shown[item.index];
            if (row === undefined) return null;
            return (
              <TableRow
                key={slots.get(row.id) ?? row.id}
                row={row.original}
                id={row.id}
                index={item.index}
                columns={shownColumns}
                reachable={item.index === reachable}
                selected={selects ? selection.has(row.id) : undefined}
                actions={actions}
              />
            );
          })}
        </tbody>
      </table>
      {shown.length === 0 && empty}
    </div>
  );
}) as <Row extends RowData>(props: DataTableProps<Row>) => ReactNode;

/** What the rows and the head of a table can do; stable while the table is there. */
type Actions<Row> = RowActions<Row> & HeadActions;

/** How many of these rows are selected. */
function howMany(rows: readonly { readonly id: string }[], selection: ReadonlySet<string>): 'all' | 'some' | 'none' {
  if (selection.size === 0 || !rows.some(({ id }) => selection.has(id))) return 'none';
  return rows.every(({ id }) => selection.has(id)) ? 'all' : 'some';
}

/** The width of an element, known before anything is painted: a table that learned it later would make its rows twice. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => setWidth(current.clientWidth);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(current);
    return () => watch.disconnect();
  }, [element]);
  return width;
}

/** The row that the keys act on: what it was when it became that, wherever it has gone since. */
interface Active {
  readonly index: number;
  /** Undefined until there was one. */
  readonly id: string | undefined;
}

/** Where the active row is now; where it is gone, the one in its place. */
function placeOfActive({ index, id }: Active, shown: readonly { readonly id: string }[]): number {
  const now = shown[index]?.id === id ? index : shown.findIndex((row) => row.id === id);
  return now >= 0 ? now : Math.min(index, Math.max(0, shown.length - 1));
}
