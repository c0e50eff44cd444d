import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { titleOf } from '../../ui/problem-words.ts';
import { isBusy, putAwayBatch, stopBatch, useBatch } from './batch.ts';

/** How far the work on many meters is, with a way to stop it, and what came of it. */
export function BatchBar() {
  const { t } = useTranslation();
  const { batch } = useBatch();
  if (batch === null) return null;
  const { kind, done, of, at, failed, state } = batch;
  const [first] = failed;
  const busy = isBusy(batch);
  if (!busy && state === 'ended' && first === undefined) return null;
  const counts = { done, of, failed: failed.length };
  return (
    <Stack gap={6}>
      <Group gap="sm" wrap="nowrap">
        <Text size="sm" role="status" style={{ flexGrow: 1 }}>
          {busy
            ? t(`meters:batch.${kind}`, { ...counts, name: at })
            : t(state === 'stopped' ? 'meters:batch.stopped' : 'meters:batch.ended', counts)}
        </Text>
        {busy ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={14} />}
            loading={state === 'stopping'}
            onClick={stopBatch}
          >
            {t('meters:batch.stop')}
          </Button>
        ) : (
          <Button variant="default" onClick={putAwayBatch}>
            {t('meters:batch.putAway')}
          </Button>
        )}
      </Group>
      {busy && <Progress aria-label={t('meters:batch.progress')} value={of === 0 ? 0 : (100 * done) / of} />}
      {first !== undefined && (
        <ProblemCard problem={first.problem} title={`${first.name}: ${titleOf(first.problem, t)}`} />
      )}
    </Stack>
  );
}
