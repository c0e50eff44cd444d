import '@mantine/notifications/styles.css';
import { Notifications, notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobSummary } from '../../../shared/domain/job.ts';
import { useJobInView } from '../feeds/job-in-view.ts';
import { isRunning, useJobs } from '../feeds/jobs-store.ts';

/** Says when a job ended, was interrupted or waits for an answer, wherever the person is but on its own screen. */
export function JobNotices() {
  useJobNotices();
  // Between Back and Next of the wizard: news about one meter must not cover what is pressed for another.
  return <Notifications position="bottom-center" limit={4} />;
}

/** Old news of a snapshot are not told again. */
function useJobNotices(): void {
  const { t } = useTranslation();
  useEffect(() => {
    const closeButtonProps = { 'aria-label': t('ui:close') };
    const tellQuestion = (id: string, meter: string): void => {
      const message = t('app:notice.asks', { meter });
      notifications.show({ id: `asks ${id}`, message, autoClose: false, closeButtonProps });
    };
    const stopJobs = useJobs.subscribe((now, before) => {
      if (now.jobs === before.jobs) return;
      if (!before.known) {
        // A question of an engine that ended is asked by nobody any more.
        for (const [id, { asks }] of now.jobs) if (asks === undefined) notifications.hide(`asks ${id}`);
        return;
      }
      for (const [id, { summary, asks }] of now.jobs) {
        const was = before.jobs.get(id);
        if (was === undefined) continue;
        const meter = summary.meter;
        const inView = useJobInView.getState().job === id;
        if (was.summary.asks !== null && summary.asks === null) notifications.hide(`asks ${id}`);
        if (asks !== undefined && was.asks === undefined) {
          if (!inView) tellQuestion(id, meter);
        } else if (isRunning(was.summary) && !isRunning(summary)) {
          const state = t(`domain:state.${summary.state}`);
          const verdict = summary.verdict === null ? '' : t(`domain:verdict.${summary.verdict}`);
          notifications.hide(`asks ${id}`);
          if (inView) continue;
          notifications.show({
            id: `ended ${id}`,
            closeButtonProps,
            message: t(verdict === '' ? 'app:notice.ended' : 'app:notice.judged', { meter, state, verdict }),
            autoClose: summary.verdict === 'verified' ? 8_000 : false,
            color: colorOf(summary),
          });
        }
      }
    });
    const stopView = useJobInView.subscribe((now, before) => {
      for (const news of ['asks', 'ended']) notifications.hide(`${news} ${now.job}`);
      // Who leaves a question unanswered is reminded of it.
      const left = useJobs.getState().jobs.get(before.job ?? '');
      if (left?.asks !== undefined) tellQuestion(left.summary.job, left.summary.meter);
    });
    return () => {
      stopJobs();
      stopView();
    };
  }, [t]);
}

/** Red is for danger: what a person cancelled is none, and what could not be compared is not known to be one. */
function colorOf({ state, verdict }: Pick<JobSummary, 'state' | 'verdict'>): string {
  if (verdict === 'verified') return 'petrol';
  if (state === 'cancelled') return 'gray';
  return verdict === 'unknown' ? 'yellow' : 'red';
}
