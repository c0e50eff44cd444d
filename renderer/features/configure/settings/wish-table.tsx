import { useTranslation } from 'react-i18next';
import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { SetupPlan } from '../../../../shared/domain/change.ts';
import { VerdictChip } from '../../../ui/chips/verdict-chip.tsx';
import lists from '../../../ui/lists.module.css';
import classes from '../configure.module.css';
import { checkWishes } from '../plans.ts';
import { settingName } from './text.ts';
import { ValueText } from './value-text.tsx';

/** A plan held against a fresh reading: what is there, what is not, and what nobody can read. */
export function WishTable({ plan, reading }: { readonly plan: SetupPlan; readonly reading: AreaReadingView }) {
  const { t } = useTranslation();
  const wishes = checkWishes(plan, reading.settings);
  return (
    <div className={classes['words']}>
      <table className={lists['table']} aria-label={t('configure:verify.title')}>
        <thead>
          <tr>
            <th scope="col">{t('configure:setting')}</th>
            <th scope="col">{t('configure:want.title')}</th>
            <th scope="col">{t('configure:now.title')}</th>
            <th scope="col">{t('configure:verify.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {wishes.map(({ id, wanted, now, verdict, because }) => (
            <tr key={id}>
              <th scope="row">{settingName(t, plan.area, id)}</th>
              <td className={classes['value']}>
                <ValueText id={id} value={wanted} />
              </td>
              <td className={classes['value']}>
                <ValueText id={id} value={now} />
                {because !== '' && <div className="mw-quiet">{because}</div>}
              </td>
              <td>
                <VerdictChip verdict={verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
