import { Button, PasswordInput } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { checkPassword, isAllowed, type PasswordUse } from '../../../../shared/domain/settings/passwords/check.ts';
import { passwordLimits } from '../../../../shared/domain/settings/passwords/clients.ts';
import { generatePassword } from '../../../../shared/domain/settings/passwords/generate.ts';
import { ProblemCard } from '../../../ui/problem-card.tsx';
import { Checklist } from './checklist.tsx';
import own from './passwords.module.css';
import { StrengthAdvice } from './strength-advice.tsx';

/** A password as it is typed, twice. */
export interface Typed {
  readonly password: string;
  readonly again: string;
}

/** Whether a typed password can be sealed. */
export function isReady({ password, again }: Typed, use: PasswordUse): boolean {
  return password !== '' && password === again && isAllowed(checkPassword(password, use));
}

interface TypedPasswordProps {
  readonly user: string;
  readonly typed: Typed;
  readonly use: PasswordUse;
  readonly onTyped: (typed: Typed) => void;
  /** True once the person wanted to go on: what is missing is said then. */
  readonly early: boolean;
}

/** A password for one user: typed, pasted or drawn, with every rule live, and advice on how hard it is to guess. */
export function TypedPassword({ user, typed, use, onTyped, early }: TypedPasswordProps) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const { password, again } = typed;
  const draw = () => {
    const drawn = generatePassword(use.policy, passwordLimits(use.firmware, use.clients), (count) =>
      crypto.getRandomValues(new Uint8Array(count)),
    );
    setProblem(drawn.ok ? null : drawn.problem);
    if (drawn.ok) onTyped({ password: drawn.value, again: drawn.value });
  };
  const differs = again !== '' && again !== password;
  const rules = checkPassword(password, use);
  const broken = early && !isAllowed(rules);
  return (
    <fieldset className={own['typed']}>
      <legend>{t('passwords:typed.title', { user })}</legend>
      <PasswordInput
        label={t('passwords:typed.password', { user })}
        value={password}
        maxLength={64}
        autoComplete="new-password"
        spellCheck={false}
        error={broken ? t('passwords:typed.broken') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('passwords:reveal'), tabIndex: 0 }}
        onChange={(event) => onTyped({ password: event.currentTarget.value, again })}
      />
      <Checklist rules={rules} />
      <StrengthAdvice password={password} names={use.names} />
      <PasswordInput
        label={t('passwords:typed.again', { user })}
        value={again}
        maxLength={64}
        autoComplete="new-password"
        spellCheck={false}
        error={differs || (early && again === '') ? t('passwords:typed.differs') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('passwords:reveal'), tabIndex: 0 }}
        onChange={(event) => onTyped({ password, again: event.currentTarget.value })}
      />
      <div>
        <Button variant="default" leftSection={<IconDice5 size={15} />} onClick={draw}>
          {t('passwords:typed.draw')}
        </Button>
      </div>
      {problem !== null && <ProblemCard problem={problem} />}
    </fieldset>
  );
}
