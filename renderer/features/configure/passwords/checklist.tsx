import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PasswordRule } from '../../../../shared/domain/settings/passwords/check.ts';
import own from './passwords.module.css';

/** Every rule for a password, met or not; advice is told apart from what the meter refuses. */
export function Checklist({ rules }: { readonly rules: readonly PasswordRule[] }) {
  const { t } = useTranslation();
  return (
    <ul className={own['checks']} aria-label={t('passwords:checklist')} aria-live="polite">
      {rules.map(({ id, text, met, kind, count, client }) => {
        const state = met ? 'yes' : kind === 'advice' ? 'advice' : 'no';
        const Icon = met ? IconCheck : kind === 'advice' ? IconAlertTriangle : IconX;
        const says = t(`rules:${text}`, { count, client: client === undefined ? '' : t(`rules:client.${client}`) });
        return (
          <li key={`${id} ${client ?? ''}`} data-met={state}>
            <Icon size={14} aria-hidden="true" />
            <span>
              {t(`passwords:met.${state}`)}: {says}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
