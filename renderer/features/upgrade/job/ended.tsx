import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JobSummary } from '../../../../shared/domain/job.ts';
import { Section } from '../../../ui/page.tsx';
import { ProblemView } from '../problem-view.tsx';
import { lookAt, openDraft } from '../store.ts';

/** A job that failed or was cancelled: what happened, and what can be done. */
export function JobEnded({ summary, by }: { readonly summary: JobSummary; readonly by: string }) {
  const { t } = useTranslation();
  return (
    <Section title={t(summary.state === 'cancelled' ? 'upgrade:ended.cancelled' : 'upgrade:ended.failed')}>
      <Stack gap="sm">
        {summary.state === 'cancelled' && <Text size="sm">{t('upgrade:ended.cancelledWhat')}</Text>}
        {summary.problem !== null && <ProblemView problem={summary.problem} />}
        <Group gap="sm">
          <Button variant="default" onClick={() => lookAt('report')}>
            {t('upgrade:ended.report')}
          </Button>
          <Button variant="default" onClick={() => openDraft(summary.address, by)}>
            {t('upgrade:ended.new')}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
