import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { VerdictChip } from './chips/verdict-chip.tsx';
import classes from './lists.module.css';
import { useFormat } from './text/format.ts';

export interface DiffRow {
  readonly id: string;
  readonly label: string;
  readonly a: string;
  readonly b: string;
  readonly verdict?: Verdict;
  readonly because?: string;
}

interface DiffTableProps {
  /** What the table compares, for screen readers. */
  readonly label: string;
  readonly rows: readonly DiffRow[];
  readonly labelA: string;
  readonly labelB: string;
  /** What could not be read, and why: never left out. */
  readonly unread?: readonly { readonly id: string; readonly label: string; readonly because: string }[];
}

/** Two columns of values side by side, and the things about which nothing can be said. */
export function DiffTable({ label, rows, labelA, labelB, unread = [] }: DiffTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const judged = rows.some(({ verdict }) => verdict !== undefined);
  return (
    <div className={classes['tableWrap']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={classes['what']}>
              {t('ui:diff.what')}
            </th>
            <th scope="col">{labelA}</th>
            <th scope="col">{labelB}</th>
            {judged && <th scope="col">{t('ui:diff.verdict')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.label}
                {row.because !== undefined && row.because !== '' && (
                  <div className="mw-quiet" lang="en">
                    {row.because}
                  </div>
                )}
              </th>
              <td className={classes['side']}>{row.a === '' ? t('ui:diff.nothing') : format.quantity(row.a)}</td>
              <td className={classes['side']}>{row.b === '' ? t('ui:diff.nothing') : format.quantity(row.b)}</td>
              {judged && <td>{row.verdict !== undefined && <VerdictChip verdict={row.verdict} />}</td>}
            </tr>
          ))}
          {unread.map((row) => (
            <tr key={`unread ${row.id}`}>
              <th scope="row">{row.label}</th>
              <td colSpan={2}>{t('ui:diff.unread', { because: row.because })}</td>
              {judged && (
                <td>
                  <VerdictChip verdict="unknown" />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && unread.length === 0 && <p className="mw-quiet">{t('ui:diff.none')}</p>}
    </div>
  );
}
