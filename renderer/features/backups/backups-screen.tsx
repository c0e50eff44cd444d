import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupListing } from '../../../shared/contract/views.ts';
import { navigate } from '../../app/router.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { openBag } from '../logs/open-bag.ts';
import { ProblemView } from '../upgrade/problem-view.tsx';
import { BackupsTable } from './backups-table.tsx';
import { ComparisonPanel } from './comparison-panel.tsx';
import { Remains } from './remains.tsx';
import { bagName, compare, readList, useBackups } from './store.ts';

/** The backups on this laptop: list, verify, compare. */
export function BackupsScreen() {
  const { t } = useTranslation();
  const { list, selected, comparison } = useBackups();
  const [filter, setFilter] = useState('');
  const [early, setEarly] = useState(false);
  useEffect(() => void readList(), []);

  const [a, b, ...more] = [...selected];
  const two = a !== undefined && b !== undefined && more.length === 0;
  function compareSelected(): void {
    setEarly(!two);
    if (two) void compare(a, b);
  }

  return (
    <Page
      title={t('backups:title')}
      actions={
        <Group gap="xs">
          <Button variant="default" onClick={() => void openBag()}>
            {t('logs:bag.open')}
          </Button>
          <Button variant="default" onClick={compareSelected}>
            {t('backups:diff')}
          </Button>
          <Button variant="default" loading={list.state === 'busy'} onClick={() => void readList()}>
            {t('backups:refresh')}
          </Button>
        </Group>
      }
    >
      <Stack gap="md">
        <Text size="sm" role="status">
          {early && !two ? t('backups:diffNeedsTwo', { count: selected.size }) : ''}
        </Text>
        {comparison !== null && <ComparisonPanel comparison={comparison} />}
        {list.state === 'failed' && <ProblemView problem={list.problem} onRetry={() => void readList()} />}
        {(list.state === 'busy' || list.state === 'idle') && <Text size="sm">{t('backups:loading')}</Text>}
        {list.state === 'ready' && list.value.length === 0 && (
          <EmptyState title={t('backups:none')} text={t('backups:noneWhat')}>
            <Button onClick={() => navigate('meters')}>{t('backups:toMeters')}</Button>
          </EmptyState>
        )}
        {list.state === 'ready' && list.value.length > 0 && (
          <>
            <TextInput
              aria-label={t('backups:filter')}
              placeholder={t('backups:filter')}
              value={filter}
              maw={360}
              onChange={(event) => setFilter(event.currentTarget.value)}
            />
            <BackupsTable bags={matching(list.value, filter)} />
          </>
        )}
        <Remains turn={list.state === 'busy' ? null : list} />
      </Stack>
    </Page>
  );
}

function matching(bags: readonly BackupListing[], filter: string): readonly BackupListing[] {
  const words = filter.trim().toLowerCase();
  return bags.filter(({ bag, serial }) => `${bagName(bag)} ${serial ?? ''}`.toLowerCase().includes(words));
}
