import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../shared/domain/problem.ts';
import { navigate } from '../../app/router.ts';
import { KeyValueList } from '../../ui/key-value-list.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';

interface ProblemViewProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly retryLabel?: string;
  readonly children?: ReactNode;
}

/** A problem. A changed host key is a hard stop: both keys are shown, and there is no way past it here. */
export function ProblemView({ problem, onRetry, retryLabel, children }: ProblemViewProps) {
  const { t } = useTranslation();
  if (problem.code !== 'sftp/host-key-changed') {
    return (
      <ProblemCard
        problem={problem}
        {...(onRetry === undefined ? {} : { onRetry })}
        {...(retryLabel === undefined ? {} : { retryLabel })}
      >
        {children}
      </ProblemCard>
    );
  }
  const { expected, presented } = problem.details;
  return (
    <Stack gap="xs">
      <ProblemCard problem={problem} title={t('upgrade:hostKey.title')}>
        <Button variant="default" onClick={() => navigate('settings', 'host-keys')}>
          {t('upgrade:hostKey.toSettings')}
        </Button>
      </ProblemCard>
      <KeyValueList
        items={[
          { label: t('upgrade:hostKey.expected'), value: <code className="mw-mono">{String(expected ?? '')}</code> },
          { label: t('upgrade:hostKey.presented'), value: <code className="mw-mono">{String(presented ?? '')}</code> },
        ]}
      />
      <Text size="sm">{t('upgrade:hostKey.forget')}</Text>
    </Stack>
  );
}
