import { type CSSProperties, type Key, memo, type ReactNode } from 'react';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';

/** Where the column with the check boxes stands; the others come after it. */
export const MARK_PLACE = { left: 0, width: 36 } as const;

/** A column that is shown, and where. */
export interface PlacedColumn<Row> {
  readonly column: DataColumn<Row>;
  /** The same for each of its cells. */
  readonly style: CSSProperties;
}

export interface RowActions<Row> {
  activate(index: number, id: string): void;
  open(row: Row): void;
  toggle(id: string): void;
  /** What the box that selects a row is called. */
  markName(row: Row): string;
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly id: string;
  readonly index: number;
  readonly columns: readonly PlacedColumn<Row>[];
  readonly reachable: boolean;
  /** Undefined where rows cannot be selected. */
  readonly selected: boolean | undefined;
  /** Stable, so that a row is rendered again only when it changed. */
  readonly actions: RowActions<Row>;
}

/** One row. Without a hook in it: the first picture draws it without React. */
export function RowOfTable<Row>(props: TableRowProps<Row>) {
  const { row, id, index, selected, actions } = props;
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={props.reachable ? 0 : -1}
      className={classes['item']}
      onClick={() => {
        actions.activate(index, id);
        actions.open(row);
      }}
      onFocus={() => actions.activate(index, id)}
    >
      {selected !== undefined && (
        <td className={classes['cell']} style={MARK_PLACE}>
          <input
            type="checkbox"
            className={classes['mark']}
            checked={selected}
            onChange={() => actions.toggle(id)}
            onClick={(event) => event.stopPropagation()}
            tabIndex={-1}
            aria-label={actions.markName(row)}
          />
        </td>
      )}
      {props.columns.map(({ column, style }) => (
        <td key={column.id} className={classes['cell']} style={style} data-align={column.align}>
          {column.cell === undefined ? column.value(row) : column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** The same, rendered again only when it shows something else. */
export const TableRow = memo(RowOfTable) as <Row>(props: TableRowProps<Row> & { readonly key?: Key }) => ReactNode;
