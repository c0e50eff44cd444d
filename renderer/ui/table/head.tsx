import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, type ReactNode, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './data-table.module.css';
import { MARK_PLACE, type PlacedColumn } from './row.tsx';

export interface HeadActions {
  sort(column: string, event: SyntheticEvent): void;
  toggleAll(): void;
}

interface TableHeadProps<Row> {
  readonly columns: readonly PlacedColumn<Row>[];
  /** By which columns the rows are sorted. */
  readonly sorting: readonly { readonly id: string; readonly desc: boolean }[];
  /** How many of the rows shown are selected; undefined where rows cannot be. */
  readonly selected: 'all' | 'some' | 'none' | undefined;
  /** Stable, so that the head is rendered again only when it changed and not with each row that is scrolled in. */
  readonly actions: HeadActions;
}

/** The row of the headers, which sort. */
export const TableHead = memo(function TableHead<Row>({ columns, sorting, selected, actions }: TableHeadProps<Row>) {
  const { t } = useTranslation();
  return (
    <thead className={classes['head']}>
      <tr aria-rowindex={1} className={classes['titles']}>
        {selected !== undefined && (
          <th scope="col" className={classes['title']} style={MARK_PLACE}>
            <input
              type="checkbox"
              className={classes['mark']}
              ref={(box) => {
                if (box !== null) box.indeterminate = selected === 'some';
              }}
              checked={selected === 'all'}
              onChange={actions.toggleAll}
              aria-label={t('ui:table.selectAll')}
            />
          </th>
        )}
        {columns.map(({ column: { id, header, align }, style }) => {
          const by = sorting.find((one) => one.id === id);
          const order = by === undefined ? 'none' : by.desc ? 'descending' : 'ascending';
          const Icon = by?.desc === false ? IconArrowUp : IconArrowDown;
          return (
            <th key={id} scope="col" aria-sort={order} className={classes['title']} style={style} data-align={align}>
              <button type="button" className={classes['sort']} onClick={(event) => actions.sort(id, event)}>
                <span className={classes['clip']}>{header}</span>
                {by !== undefined && <Icon size={13} aria-hidden="true" />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}) as <Row>(props: TableHeadProps<Row>) => ReactNode;
