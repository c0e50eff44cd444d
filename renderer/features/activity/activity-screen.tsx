import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inOrder, type JobView, useJobs } from '../../app/jobs-store.ts';
import { navigate } from '../../app/router.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { JobsTable } from './jobs-table.tsx';
import { JournalPanel } from './journal-panel.tsx';

/** Every job, the interrupted ones first, each with its journal and its report. `activity/<job>` opens with a journal. */
export function ActivityScreen({ rest }: ScreenProps) {
  const { t } = useTranslation();
  const { jobs, known } = useJobs();
  const [filter, setFilter] = useState('');
  const [journal] = rest;
  const ordered = useMemo(() => inOrder(jobs), [jobs]);
  const shown = ordered.filter((view) => matches(view, filter));
  const interrupted = shown.filter(({ summary }) => summary.state === 'interrupted');
  const others = shown.filter(({ summary }) => summary.state !== 'interrupted');
  const openJournal = (job: string): void => navigate('activity', job);
  return (
    <Page title={t('activity:title')}>
      <Stack gap="md">
        {!known && (
          <Text size="sm" role="status">
            {t('activity:loading')}
          </Text>
        )}
        {known && ordered.length === 0 && (
          <EmptyState title={t('activity:none')} text={t('activity:noneWhat')}>
            <Button onClick={() => navigate('meters')}>{t('activity:toMeters')}</Button>
          </EmptyState>
        )}
        {ordered.length > 0 && (
          <TextInput
            aria-label={t('activity:filter')}
            placeholder={t('activity:filter')}
            value={filter}
            maw={360}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
        )}
        {interrupted.length > 0 && (
          <Section title={t('activity:interruptedFirst')}>
            <Text size="sm">{t('activity:interruptedNote')}</Text>
            <JobsTable views={interrupted} label={t('activity:interruptedFirst')} onJournal={openJournal} />
          </Section>
        )}
        {journal !== undefined && <JournalPanel key={journal} job={journal} onClose={() => navigate('activity')} />}
        {others.length > 0 && (
          <Section title={t('activity:others')}>
            <JobsTable views={others} label={t('activity:others')} onJournal={openJournal} />
          </Section>
        )}
        {ordered.length > 0 && shown.length === 0 && <Text size="sm">{t('activity:noMatch')}</Text>}
      </Stack>
    </Page>
  );
}

function matches({ summary }: JobView, filter: string): boolean {
  const { meter, serial, job, host } = summary;
  return `${meter} ${serial ?? ''} ${job} ${host}`.toLowerCase().includes(filter.trim().toLowerCase());
}
