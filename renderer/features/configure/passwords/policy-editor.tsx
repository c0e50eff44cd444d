import { NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { policyAsRead } from '../../../../shared/domain/settings/as-read.ts';
import {
  COMPLEXITIES,
  minimumLengths,
  type PasswordPolicy,
  POLICY_SINCE,
} from '../../../../shared/domain/settings/passwords/policy.ts';
import type { EditorProps } from '../area-pane.tsx';
import classes from '../configure.module.css';
import { SettingsTable } from '../settings/table.tsx';
import { settingName } from '../settings/text.ts';
import { wishPolicy } from './wishes.ts';

const KEYS = ['complexity', 'minimumLength'] as const;

/** The policy for new and changed passwords. */
export function PolicyEditor({ reading, wishes, onWishes, rules }: EditorProps<'security'>) {
  const { t } = useTranslation();
  // Where a meter does not say what it runs, the limits are those of the firmware that brought the policy.
  const firmware = reading.identity.firmware ?? POLICY_SINCE;
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
      <SettingsTable label={t('passwords:policy.title')} reading={reading} keys={KEYS} inputs={inputs} rules={rules} />
    </div>
  );
}
