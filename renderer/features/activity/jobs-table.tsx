import { Button, Group } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { JobSummary, UpgradeStateName } from '../../../shared/domain/job.ts';
import { navigate } from '../../app/router.ts';
import { Chip, type Tone } from '../../ui/chips/chip.tsx';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { VerdictChip } from '../../ui/chips/verdict-chip.tsx';
import { TimeText } from '../../ui/text/time-text.tsx';
import { MeterAnswerText, whereOf } from '../upgrade/steps/meter-answer.tsx';
import classes from '../upgrade/steps/package.module.css';
import { openJob } from '../upgrade/store.ts';

const TONE: Readonly<Partial<Record<UpgradeStateName, Tone>>> = {
  done: 'ok',
  interrupted: 'danger',
  failed: 'danger',
  cancelled: 'neutral',
};

interface JobsTableProps {
  readonly label: string;
  readonly jobs: readonly JobSummary[];
  readonly onJournal: (job: string) => void;
}

/** Jobs as rows, in the order given. */
export function JobsTable({ label, jobs, onJournal }: JobsTableProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['wrap']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('activity:meter')}</th>
            <th scope="col">{t('activity:what')}</th>
            <th scope="col">{t('activity:state')}</th>
            <th scope="col">{t('activity:verdict')}</th>
            <th scope="col">{t('activity:changed')}</th>
            <th scope="col">{t('activity:actions')}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((summary) => (
            <Row key={summary.job} summary={summary} onJournal={onJournal} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ summary, onJournal }: { readonly summary: JobSummary; readonly onJournal: (job: string) => void }) {
  const { t } = useTranslation();
  const { job } = summary;
  const interrupted = summary.state === 'interrupted';
  return (
    <tr>
      <th scope="row">
        {summary.meter} {summary.simulated && <SimulatedBadge />}
        <div className="mw-quiet">{`${summary.serial ?? '–'} · ${summary.host}`}</div>
      </th>
      <td>
        {whatOf(summary, t)}
        <div className="mw-quiet">{job}</div>
      </td>
      <td>
        <Chip tone={TONE[summary.state] ?? 'info'}>{t(`domain:state.${summary.state}`)}</Chip>
        {interrupted && (
          <div className="mw-quiet">
            {whereOf(summary, t)}
            <div>
              <MeterAnswerText summary={summary} />
            </div>
          </div>
        )}
      </td>
      <td>{summary.verdict === null ? t('activity:noVerdict') : <VerdictChip verdict={summary.verdict} />}</td>
      <td>
        <TimeText at={summary.changedAt} />
      </td>
      <td>
        <Group gap={6}>
          <Button
            variant={interrupted ? 'filled' : 'default'}
            aria-label={t(interrupted ? 'activity:resumeOf' : 'activity:openOf', { job })}
            onClick={() => show(job)}
          >
            {t(interrupted ? 'activity:resume' : 'activity:open')}
          </Button>
          <Button variant="default" aria-label={t('activity:journalOf', { job })} onClick={() => onJournal(job)}>
            {t('activity:journal')}
          </Button>
          {isEnded(summary) && (
            <Button variant="default" aria-label={t('activity:reportOf', { job })} onClick={() => show(job, 'report')}>
              {t('activity:report')}
            </Button>
          )}
        </Group>
      </td>
    </tr>
  );
}

function show(job: string, look: 'report' | null = null): void {
  openJob(job, look);
  navigate('upgrade', 'job', job);
}

function isEnded({ state }: JobSummary): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

function whatOf(summary: JobSummary, t: TFunction): string {
  const from = summary.before?.firmware;
  if (from == null || summary.targetVersion === null) return t('activity:upgradeUnknown');
  return t('activity:upgradeTo', { from: formatFirmware(from), to: formatFirmware(summary.targetVersion) });
}
