import { useTranslation } from 'react-i18next';
import { type RecorderFigures, recorderFigures } from '../../../../shared/domain/settings/recorders/history.ts';
import { RECORDER_BYTES, type RecorderSettings } from '../../../../shared/domain/settings/recorders/recorder.ts';
import lists from '../../../ui/lists.module.css';
import { useFormat } from '../../../ui/text/format.ts';

interface RecorderFiguresTableProps {
  /** Null where the present setup could not be read. */
  readonly now: RecorderSettings | null;
  readonly then: RecorderSettings;
}

/** How much a recorder keeps now, and with the plan. */
export function RecorderFiguresTable({ now, then }: RecorderFiguresTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const before = now === null ? null : recorderFigures(now);
  const after = recorderFigures(then);
  const days = (value: number | null) =>
    value === null ? t('configure:recorder.noDays') : format.number(value, value < 100 ? 1 : 0);
  const rows: readonly (readonly [string, (figures: RecorderFigures) => string])[] = [
    [t('configure:recorder.bytesPerRecord'), ({ bytesPerRecord }) => format.number(bytesPerRecord)],
    [t('configure:recorder.bytes', { most: format.bytes(RECORDER_BYTES) }), ({ bytes }) => format.bytes(bytes)],
    [t('configure:recorder.maximum'), ({ maximumDepth }) => format.number(maximumDepth)],
    [t('configure:recorder.days'), (figures) => days(figures.days)],
    [t('configure:recorder.maximumDays'), (figures) => days(figures.maximumDays)],
    [t('configure:recorder.hidden'), ({ hiddenFromDlms }) => format.number(hiddenFromDlms)],
  ];
  return (
    <table className={lists['table']} aria-label={t('configure:recorder.figures')}>
      <thead>
        <tr>
          <th scope="col">{t('configure:recorder.figure')}</th>
          <th scope="col" className={lists['number']}>
            {t('configure:recorder.figureNow')}
          </th>
          <th scope="col" className={lists['number']}>
            {t('configure:recorder.figureThen')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, value]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className={lists['number']}>{before === null ? t('configure:unread') : value(before)}</td>
            <td className={lists['number']}>{value(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
