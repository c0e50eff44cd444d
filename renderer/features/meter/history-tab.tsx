import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { useJobSummaries, useJobs } from '../../app/feeds/jobs-store.ts';
import { placeOf } from '../../app/feeds/meters-store.ts';
import { navigate } from '../../app/router.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/page.tsx';
import { JobsTable } from '../activity/jobs-table.tsx';
import { AppliedList } from '../configure/change/applied-list.tsx';
import classes from './meter.module.css';

interface HistoryTabProps {
  readonly meter: ListedMeter;
  readonly serial: string | null;
}

/** Every job of this meter, by its serial number where it is known, else by its address. */
export function HistoryTab({ meter, serial }: HistoryTabProps) {
  const { t } = useTranslation();
  const known = useJobs((state) => state.known);
  const mine = useJobSummaries().filter((job) =>
    serial !== null && job.serial !== null ? job.serial === serial : placeOf(job) === placeOf(meter),
  );
  return (
    <div className={classes['list']}>
      <Section title={t('meter:history.title')}>
        {mine.length > 0 ? (
          <JobsTable label={t('meter:history.title')} jobs={mine} onJournal={(job) => navigate('activity', job)} />
        ) : (
          <EmptyState
            title={known ? t('meter:history.none') : t('meter:reading')}
            text={known ? t('meter:history.noneWhat') : ''}
          />
        )}
      </Section>
      {serial !== null && <AppliedList serial={serial} />}
    </div>
  );
}
