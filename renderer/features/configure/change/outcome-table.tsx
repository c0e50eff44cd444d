import { useTranslation } from 'react-i18next';
import type { ChangeOutcome, ChangeResult, SettingArea } from '../../../../shared/domain/change.ts';
import { Chip, type Tone } from '../../../ui/chips/chip.tsx';
import lists from '../../../ui/lists.module.css';
import classes from '../configure.module.css';
import { settingName } from '../settings/text.ts';
import { ValueText } from '../settings/value-text.tsx';

const TONE: Readonly<Record<ChangeOutcome, Tone>> = {
  written: 'ok',
  skipped: 'neutral',
  failed: 'danger',
  'cannot-be-read-back': 'warn',
};

interface OutcomeTableProps {
  readonly area: SettingArea;
  readonly results: readonly ChangeResult[];
}

/** What came of every change, with the reason. */
export function OutcomeTable({ area, results }: OutcomeTableProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['words']}>
      <table className={lists['table']} aria-label={t('configure:outcome.title')}>
        <thead>
          <tr>
            <th scope="col">{t('configure:setting')}</th>
            <th scope="col">{t('configure:outcome.before')}</th>
            <th scope="col">{t('configure:outcome.after')}</th>
            <th scope="col">{t('configure:outcome.outcome')}</th>
            <th scope="col">{t('configure:outcome.because')}</th>
          </tr>
        </thead>
        <tbody>
          {results.map(({ id, outcome, because, before, after }) => (
            <tr key={id}>
              <th scope="row">{settingName(t, area, id)}</th>
              <td className={classes['value']}>
                <ValueText id={id} value={before} />
              </td>
              <td className={classes['value']}>
                <ValueText id={id} value={after} />
              </td>
              <td>
                <Chip tone={TONE[outcome]}>{t(`rules:outcome.${outcome}`)}</Chip>
              </td>
              <td className="mw-quiet">{because}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
