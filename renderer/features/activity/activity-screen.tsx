import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { useJobSummaries, useJobs } from '../../app/feeds/jobs-store.ts';
import { navigate } from '../../app/router.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AppliedList } from '../configure/change/applied-list.tsx';
import { JobsTable } from './jobs-table.tsx';
import { JournalPanel } from './journal-panel.tsx';

/** Every job, the interrupted ones first, each with its journal and its report. `activity/<job>` opens with a journal. */
export function ActivityScreen({ rest }: ScreenProps) {
  const { t } = useTranslation();
  const jobs = useJobSummaries();
  const known = useJobs((state) => state.known);
  const [filter, setFilter] = useState('');
  const [journal] = rest;
  const shown = jobs.filter((job) => matches(job, filter));
  const interrupted = shown.filter(({ state }) => state === 'interrupted');
  const others = shown.filter(({ state }) => state !== 'interrupted');
  return (
    <Page title={t('activity:title')}>
      <Stack gap="md">
        {!known && (
          <Text size="sm" role="status">
            {t('activity:loading')}
          </Text>
        )}
        {known && jobs.length === 0 && (
          <EmptyState title={t('activity:none')} text={t('activity:noneWhat')}>
            <Button onClick={() => navigate('meters')}>{t('activity:toMeters')}</Button>
          </EmptyState>
        )}
        {jobs.length > 0 && (
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
            <JobsTable jobs={interrupted} label={t('activity:interruptedFirst')} onJournal={openJournal} />
          </Section>
        )}
        {journal !== undefined && <JournalPanel key={journal} job={journal} onClose={() => navigate('activity')} />}
        {others.length > 0 && (
          <Section title={t('activity:others')}>
            <JobsTable jobs={others} label={t('activity:others')} onJournal={openJournal} />
          </Section>
        )}
        <AppliedList serial={null} hideEmpty />
        {jobs.length > 0 && shown.length === 0 && <Text size="sm">{t('activity:noMatch')}</Text>}
      </Stack>
    </Page>
  );
}

function openJournal(job: string): void {
  navigate('activity', job);
}

function matches({ meter, serial, job, host }: JobSummary, filter: string): boolean {
  return `${meter} ${serial ?? ''} ${job} ${host}`.toLowerCase().includes(filter.trim().toLowerCase());
}
