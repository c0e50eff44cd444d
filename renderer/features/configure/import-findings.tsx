import { useTranslation } from 'react-i18next';
import type { MapState } from '../../../shared/contract/settings-calls.ts';
import classes from './configure.module.css';

/** What an import came to, as the engine answers. */
export interface MapImport {
  readonly state: MapState;
  readonly notUnderstood: readonly { readonly sheet: string; readonly row: number; readonly because: string }[];
  readonly conflicts: readonly {
    readonly register: number;
    readonly profile: string;
    readonly row: string;
    readonly because: string;
  }[];
}

/** A workbook can have thousands of rows that are no registers; the first ones show what is wrong with it. */
const MOST = 100;

/** What was understood of a map workbook, what was not, and what contradicts the built-in registers. */
export function ImportFindings({ found }: { readonly found: MapImport }) {
  const { t } = useTranslation();
  const { state, notUnderstood, conflicts } = found;
  return (
    <div aria-live="polite">
      <p className={classes['note']}>{t('configure:map.imported', { rows: state.rows, writable: state.writable })}</p>
      {notUnderstood.length > 0 && (
        <details className={classes['details']}>
          <summary>{t('configure:map.notUnderstood', { count: notUnderstood.length })}</summary>
          <ul className={classes['list']}>
            {notUnderstood.slice(0, MOST).map(({ sheet, row, because }) => (
              <li key={`${sheet} ${row}`}>{t('configure:map.place', { sheet, row, because })}</li>
            ))}
          </ul>
        </details>
      )}
      {conflicts.length > 0 && (
        <details className={classes['details']} open>
          <summary>{t('configure:map.conflicts', { count: conflicts.length })}</summary>
          <ul className={classes['list']}>
            {conflicts.slice(0, MOST).map(({ register, profile, row, because }) => (
              <li key={`${register} ${row}`}>{t('configure:map.conflict', { register, profile, row, because })}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
