import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import {
  isStrongPassphrase,
  LONGEST_PASSPHRASE,
  PASSPHRASE_VARIETY,
  SHORTEST_PASSPHRASE,
} from '../../../../shared/domain/settings/passwords/passphrase.ts';
import classes from '../configure.module.css';
import type { Typed } from './typed-password.tsx';

/** Whether a passphrase can seal a file: strong, and typed twice alike. */
export function isPassphrase({ password, again }: Typed): boolean {
  return isStrongPassphrase(password.trim()) && password === again;
}

interface PassphraseFieldsProps {
  readonly typed: Typed;
  readonly onTyped: (typed: Typed) => void;
  readonly early: boolean;
}

/** A new passphrase, typed twice: without it nobody opens the file. */
export function PassphraseFields({ typed: { password, again }, onTyped, early }: PassphraseFieldsProps) {
  const { t } = useTranslation();
  const limits = { count: SHORTEST_PASSPHRASE, different: PASSPHRASE_VARIETY };
  const weak = (early || password !== '') && !isStrongPassphrase(password.trim());
  return (
    <div className={classes['fields']}>
      <PasswordInput
        label={t('passwords:passphrase.label')}
        description={t('passwords:passphrase.why', limits)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={password}
        maxLength={LONGEST_PASSPHRASE}
        autoComplete="off"
        error={weak ? t('passwords:passphrase.weak', limits) : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('passwords:reveal'), tabIndex: 0 }}
        onChange={(event) => onTyped({ password: event.currentTarget.value, again })}
      />
      <PasswordInput
        label={t('passwords:passphrase.again')}
        description={t('passwords:passphrase.lost')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={again}
        maxLength={LONGEST_PASSPHRASE}
        autoComplete="off"
        error={(again !== '' || early) && again !== password ? t('passwords:typed.differs') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('passwords:reveal'), tabIndex: 0 }}
        onChange={(event) => onTyped({ password, again: event.currentTarget.value })}
      />
    </div>
  );
}
