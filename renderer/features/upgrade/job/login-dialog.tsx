import { Button, Group, PasswordInput, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeterPlace } from '../../../../shared/domain/job.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { engine } from '../../../engine/client.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { ask } from '../../ask.ts';
import { ProblemView } from '../problem-view.tsx';

interface LoginDialogProps {
  readonly address: MeterPlace;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Called once the meter took the login. */
  readonly onLogin: (user: string) => void;
}

type Attempt = { readonly state: 'idle' | 'busy' } | { readonly state: 'failed'; readonly problem: Problem };

/**
 * Asks for the login of a meter and tries it exactly once. A login that the meter does not take is not remembered, so that nothing
 * tries it again: the meter counts failures and locks the user.
 */
export function LoginDialog({ address, opened, onClose, onLogin }: LoginDialogProps) {
  const { t } = useTranslation();
  const [user, setUser] = useState('USER1');
  const [password, setPassword] = useState('');
  const [attempt, setAttempt] = useState<Attempt>({ state: 'idle' });
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  async function submit(): Promise<void> {
    if (attempt.state === 'busy') return;
    if (user.trim() === '' || password === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    setMissing(false);
    setAttempt({ state: 'busy' });
    const found = await ask(() => engine.credentials.login({ address, credentials: { user: user.trim(), password } }));
    setPassword('');
    if (!found.ok) {
      setAttempt({ state: 'failed', problem: found.problem });
      field.current?.focus();
      return;
    }
    setAttempt({ state: 'idle' });
    onLogin(found.value.user);
  }

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={t('upgrade:login.title')}
      size="lg"
      closeLabel={t('upgrade:login.cancel')}
      onSubmit={() => void submit()}
    >
      <Text size="sm">{t('upgrade:login.why')}</Text>
      <TextInput
        label={t('upgrade:login.user')}
        value={user}
        maxLength={40}
        onChange={(event) => setUser(event.currentTarget.value)}
      />
      <PasswordInput
        ref={field}
        data-autofocus
        label={t('upgrade:login.password')}
        value={password}
        maxLength={64}
        autoComplete="off"
        error={missing ? t('upgrade:login.needBoth') : undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {attempt.state === 'failed' && (
        <>
          <ProblemView problem={attempt.problem} />
          <Text size="sm">{t('upgrade:login.notAgain')}</Text>
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('upgrade:login.cancel')}
        </Button>
        <Button type="submit" loading={attempt.state === 'busy'}>
          {attempt.state === 'busy' ? t('upgrade:login.trying') : t('upgrade:login.submit')}
        </Button>
      </Group>
    </FormDialog>
  );
}
