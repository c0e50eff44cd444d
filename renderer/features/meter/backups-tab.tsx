import { Loader } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemCard } from '../../ui/problem-card.tsx';
import { BackupsTable } from '../backups/backups-table.tsx';
import { ComparisonPanel } from '../backups/comparison-panel.tsx';
import { readList, useBackups } from '../backups/store.ts';
import classes from './meter.module.css';
import { TakeBackup } from './take-backup.tsx';

interface BackupsTabProps {
  readonly meter: ListedMeter;
  readonly serial: string | null;
}

/** The backups of this meter on this laptop, and a new one. */
export function BackupsTab({ meter, serial }: BackupsTabProps) {
  const { t } = useTranslation();
  const { list, comparison } = useBackups();
  useEffect(() => {
    void readList();
  }, []);
  const mine = list.state === 'ready' ? list.value.filter((bag) => serial !== null && bag.serial === serial) : [];
  return (
    <div className={classes['list']}>
      <TakeBackup meter={meter} />
      <Section title={t('meter:backups.title')}>
        {list.state === 'busy' && <Loader aria-label={t('meter:reading')} />}
        {list.state === 'failed' && <ProblemCard problem={list.problem} onRetry={() => void readList()} />}
        {list.state === 'ready' && mine.length > 0 && <BackupsTable bags={mine} />}
        {list.state === 'ready' && mine.length === 0 && (
          <EmptyState
            title={t('meter:backups.none.title')}
            text={serial === null ? t('meter:backups.none.noSerial') : t('meter:backups.none.text')}
          />
        )}
      </Section>
      {comparison !== null && <ComparisonPanel comparison={comparison} />}
    </div>
  );
}
