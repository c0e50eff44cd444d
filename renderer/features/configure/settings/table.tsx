import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { RuleRow } from '../../../../shared/domain/settings/rule-row.ts';
import lists from '../../../ui/lists.module.css';
import classes from '../configure.module.css';
import { RuleSayings } from './rule-sayings.tsx';
import { settingName, valueText } from './text.ts';

interface SettingsTableProps<Key extends string> {
  readonly label: string;
  readonly reading: AreaReadingView;
  readonly keys: readonly Key[];
  /** What a person chooses the value with. */
  readonly inputs: Readonly<Record<Key, ReactNode>>;
  readonly rules: readonly RuleRow[];
}

/** Settings one below the other: what the meter says now, what is wanted, and what the rules say of it. */
export function SettingsTable<Key extends string>({ label, reading, keys, inputs, rules }: SettingsTableProps<Key>) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes['words']}>
      <table className={lists['table']} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('configure:setting')}</th>
            <th scope="col">{t('configure:now.title')}</th>
            <th scope="col">{t('configure:want.title')}</th>
            <th scope="col">{t('configure:rules')}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const setting = reading.settings.find(({ id }) => id === key);
            const unread = setting === undefined || setting.value === 'unread';
            return (
              <tr key={key}>
                <th scope="row">{settingName(t, reading.area, key)}</th>
                <td>
                  {valueText(t, i18n.language, key, setting === undefined ? 'unread' : setting.value)}
                  {unread && setting?.because !== undefined && <div className="mw-quiet">{setting.because}</div>}
                </td>
                <td className={classes['want']}>{inputs[key]}</td>
                <td>
                  <RuleSayings rules={rules} field={key} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
