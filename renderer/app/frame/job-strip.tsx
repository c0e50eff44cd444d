import { IconAlertTriangle, IconProgress } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/text/format.ts';
import { inOrder, isRunning, type JobView, useJobs } from '../feeds/jobs-store.ts';
import { hashOf } from '../router.ts';
import { screens } from '../screens.ts';
import classes from './job-strip.module.css';

/** Jobs that run or were interrupted, always in sight. Each leads to itself. */
export function JobStrip() {
  const { t } = useTranslation();
  const { jobs, known } = useJobs();
  const present = inOrder(jobs).filter(({ summary }) => summary.state === 'interrupted' || isRunning(summary));
  if (present.length === 0) return null;
  return (
    <div className={classes['strip']}>
      <h2 className={classes['title']}>{known ? t('app:jobs.now') : t('app:jobs.old')}</h2>
      <ul className={classes['list']}>
        {present.slice(0, 5).map((job) => (
          <li key={job.summary.job}>
            <JobLink job={job} />
          </li>
        ))}
      </ul>
      {present.length > 5 && <p>{t('app:jobs.more', { count: present.length - 5 })}</p>}
    </div>
  );
}

function JobLink({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { summary, progress, asks } = job;
  const { bytes } = progress ?? {};
  const percent = bytes === undefined || bytes.total === 0 ? undefined : (100 * bytes.done) / bytes.total;
  const state = asks === undefined ? t(`domain:state.${summary.state}`) : t('app:jobs.asks');
  const screen = screens.some(({ id }) => id === 'upgrade') ? 'upgrade' : 'activity';
  const serious = summary.state === 'interrupted';
  const Sign = serious || asks !== undefined ? IconAlertTriangle : IconProgress;
  return (
    <a
      className={classes['job']}
      href={hashOf(screen, summary.job)}
      data-serious={serious}
      title={`${summary.meter}: ${state}`}
    >
      <Sign size={17} className={classes['sign']} aria-hidden="true" />
      <span className={classes['meter']}>{summary.meter}</span>
      <span>
        <span className={classes['state']}>{state} </span>
        {percent !== undefined && t('ui:progress.percent', { percent: format.number(percent) })}
      </span>
    </a>
  );
}
