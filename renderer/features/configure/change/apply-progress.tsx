import { Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SettingArea } from '../../../../shared/domain/change.ts';
import { settingName } from '../settings/text.ts';
import type { Applying } from '../store.ts';

interface ApplyProgressProps {
  readonly area: SettingArea;
  readonly applying: Extract<Applying, { readonly state: 'busy' }>;
}

/** How far the writing is. */
export function ApplyProgress({ area, applying: { done, of, setting } }: ApplyProgressProps) {
  const { t } = useTranslation();
  return (
    <div aria-live="polite">
      <Progress.Root size="lg">
        <Progress.Section value={of === 0 ? 0 : (100 * done) / of} aria-label={t('configure:change.progress')} />
      </Progress.Root>
      <span>
        {t('configure:change.progressOf', { done, of })}
        {setting !== '' && ` · ${settingName(t, area, setting)}`}
      </span>
    </div>
  );
}
