import { NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { policyAsRead } from '../../../../shared/domain/settings/as-read.ts';
import {
  COMPLEXITIES,
  minimumLengths,
  type PasswordPolicy,
} from '../../../../shared/domain/settings/password-policy.ts';
import lists from '../../../ui/lists.module.css';
import type { EditorProps } from '../area-pane.tsx';
import classes from '../configure.module.css';
import { RuleSayings } from '../rule-sayings.tsx';
import { settingName, valueText } from '../setting-text.ts';
import { wishPolicy } from './wishes.ts';

const KEYS = ['complexity', 'minimumLength'] as const;
/** Where a meter does not say what it runs, the limits are those of the firmware that brought the policy. */
const POLICY_FIRMWARE = firmwareVersion('4.6.0');

/** The policy for new and changed passwords. */
export function PolicyEditor({ reading, wishes, onWishes, rules }: EditorProps<'security'>) {
  const { t, i18n } = useTranslation();
  const firmware = reading.identity.firmware ?? POLICY_FIRMWARE;
  const now = policyAsRead(reading.settings);
  const wanted: Partial<PasswordPolicy> = { ...now, ...wishes };
  const { shortest, longest } = minimumLengths(wanted.complexity ?? 'none', firmware);
  const wish = (part: Partial<PasswordPolicy>) => onWishes(wishPolicy(wishes, now, part, firmware));
  const inputs = {
    complexity: (
      <Select
        aria-label={settingName(t, 'security', 'complexity')}
        placeholder={t('configure:leave')}
        allowDeselect={false}
        data={COMPLEXITIES.map((value) => ({ value: value as string, label: t(`rules:complexity.${value}`) }))}
        value={wanted.complexity ?? null}
        onChange={(value) => {
          const complexity = COMPLEXITIES.find((name) => name === value);
          if (complexity !== undefined) wish({ complexity });
        }}
      />
    ),
    minimumLength: (
      <NumberInput
        aria-label={settingName(t, 'security', 'minimumLength')}
        description={t('passwords:policy.range', { shortest, longest })}
        inputWrapperOrder={['input', 'description']}
        placeholder={t('configure:leave')}
        allowDecimal={false}
        min={shortest}
        max={longest}
        clampBehavior="blur"
        value={wanted.minimumLength ?? ''}
        onChange={(value) => {
          if (value !== '') wish({ minimumLength: Number(value) });
        }}
      />
    ),
  };
  return (
    <div className={classes['stack']}>
      <p className="mw-quiet">{t('passwords:policy.scope')}</p>
      <div className={lists['tableWrap']}>
        <table className={lists['table']} aria-label={t('passwords:policy.title')}>
          <thead>
            <tr>
              <th scope="col">{t('configure:setting')}</th>
              <th scope="col">{t('configure:now.title')}</th>
              <th scope="col">{t('configure:want.title')}</th>
              <th scope="col">{t('configure:rules')}</th>
            </tr>
          </thead>
          <tbody>
            {KEYS.map((key) => {
              const setting = reading.settings.find(({ id }) => id === key);
              return (
                <tr key={key}>
                  <th scope="row">{settingName(t, 'security', key)}</th>
                  <td>
                    {valueText(t, i18n.language, key, setting?.value ?? 'unread')}
                    {setting?.value === 'unread' && <div className="mw-quiet">{setting.because}</div>}
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
    </div>
  );
}
