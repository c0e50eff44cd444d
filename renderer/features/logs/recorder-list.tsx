import { useTranslation } from 'react-i18next';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import { useFormat } from '../../ui/text/format.ts';
import { TimeText } from '../../ui/text/time-text.tsx';
import classes from './logs.module.css';

/** A log in a list: what the recorder is, and how many of its rows there are. */
export interface ListedLog {
  readonly recorder: RecorderInfo;
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Null where it was not counted. */
  readonly gaps: number | null;
}

interface RecorderListProps {
  readonly label: string;
  readonly logs: readonly ListedLog[];
  readonly chosen: string | null;
  readonly onChosen: (recorder: string) => void;
}

/** The logs of a source, one of which is chosen. */
export function RecorderList({ label, logs, chosen, onChosen }: RecorderListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('logs:list.name')}</th>
            <th scope="col">{t('logs:list.code')}</th>
            <th scope="col" data-align="end">
              {t('logs:list.rows')}
            </th>
            <th scope="col">{t('logs:list.first')}</th>
            <th scope="col">{t('logs:list.last')}</th>
            <th scope="col">{t('logs:list.interval')}</th>
            <th scope="col">{t('logs:list.columns')}</th>
          </tr>
        </thead>
        <tbody>
          {logs.map(({ recorder, rows, first, last, gaps }) => (
            <tr key={recorder.id}>
              <td>
                <input
                  type="radio"
                  className={classes['radio']}
                  name={label}
                  aria-label={t('logs:list.choose', { name: recorderName(recorder, t) })}
                  checked={chosen === recorder.id}
                  onChange={() => onChosen(recorder.id)}
                />
              </td>
              <th scope="row">{recorderName(recorder, t)}</th>
              <td className={`mw-mono ${classes['code']}`}>{recorder.id}</td>
              <td data-align="end">{format.number(rows)}</td>
              <td>{first === null ? '–' : <TimeText at={first} />}</td>
              <td>{last === null ? '–' : <TimeText at={last} />}</td>
              <td>
                {recorder.interval > 0
                  ? t('meters:seconds', { seconds: format.number(recorder.interval) })
                  : t('logs:list.notPeriodic')}
                {gaps !== null && gaps > 0 && <div className="mw-quiet">{t('logs:list.gaps', { count: gaps })}</div>}
              </td>
              <td>
                {t('logs:list.exported', { count: recorder.columns.length })}
                <div className="mw-quiet">{missing(recorder, t)}</div>
                {recorder.unreadable !== undefined && <div>{recorder.unreadable}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

/** What a log is called; where the meter gives no name its kind and code stand for it. */
export function recorderName({ name, kind, id }: Pick<RecorderInfo, 'name' | 'kind' | 'id'>, t: Translate): string {
  if (name !== null && name !== '') return name;
  return kind === 'events' ? t('logs:list.events') : t('logs:list.unnamed', { code: id });
}

/** How many sources of the recorder DLMS does not show; not known is not none. */
function missing({ columnsNotExported, sourcesUnknown = '', kind }: RecorderInfo, t: Translate): string {
  if (kind === 'events') return '';
  if (columnsNotExported === null) return `${t('logs:list.notExportedUnknown')} ${sourcesUnknown}`.trim();
  return columnsNotExported === 0 ? '' : t('logs:list.notExported', { count: columnsNotExported });
}
