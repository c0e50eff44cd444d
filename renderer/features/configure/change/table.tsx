import { useTranslation } from 'react-i18next';
import type { PlanReviewView } from '../../../../shared/contract/settings-calls.ts';
import type { Change, SettingArea } from '../../../../shared/domain/change.ts';
import { Chip } from '../../../ui/chips/chip.tsx';
import lists from '../../../ui/lists.module.css';
import classes from '../configure.module.css';
import { settingName } from '../settings/text.ts';
import { ValueText } from '../settings/value-text.tsx';

interface ChangeTableProps {
  readonly area: SettingArea;
  readonly changes: readonly Change[];
  readonly targets: PlanReviewView['targets'];
}

/** Every change with where it goes and what it brings about. */
export function ChangeTable({ area, changes, targets }: ChangeTableProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['words']}>
      <table className={lists['table']} aria-label={t('configure:change.title')}>
        <thead>
          <tr>
            <th scope="col">{t('configure:setting')}</th>
            <th scope="col">{t('configure:change.from')}</th>
            <th scope="col">{t('configure:change.to')}</th>
            <th scope="col">{t('configure:change.how')}</th>
            <th scope="col">{t('configure:change.consequences')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ id, from, to, channel, consequences }) => (
            <tr key={id}>
              <th scope="row">{settingName(t, area, id)}</th>
              <td className={classes['value']}>
                <ValueText id={id} value={from} />
              </td>
              <td className={classes['value']}>
                <ValueText id={id} value={to} />
              </td>
              <td>
                <Chip tone={channel === 'hand-off' ? 'neutral' : 'info'}>{t(`rules:channel.${channel}`)}</Chip>
                <Rows targets={targets.filter((target) => target.id === id)} />
              </td>
              <td>
                <ul className={classes['lines']}>
                  {consequences.map((consequence) => (
                    <li key={consequence}>{t(`rules:consequence.${consequence}`)}</li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rows({ targets }: { readonly targets: PlanReviewView['targets'] }) {
  const { t } = useTranslation();
  const [first] = targets;
  if (first === undefined) return null;
  const { name, register } = first;
  return (
    <div className="mw-quiet">
      {t('configure:change.row', { name, register })}
      {targets.length > 1 && ` ${t('configure:change.rowsMore', { count: targets.length - 1 })}`}
    </div>
  );
}
