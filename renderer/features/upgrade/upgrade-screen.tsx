import { Button, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobSummary, MeterPlace } from '../../../shared/domain/job.ts';
import { useAsJobInView } from '../../app/feeds/job-in-view.ts';
import { isRunning, type JobView, useJobs } from '../../app/feeds/jobs-store.ts';
import { useMeters } from '../../app/feeds/meters-store.ts';
import { usePerson } from '../../app/preferences.ts';
import { navigate } from '../../app/router.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { SimulatedBadge } from '../../ui/chips/simulated-badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { DRAFT_STEPS, type Draft, type DraftStep } from './draft.ts';
import { Footer } from './footer.tsx';
import { JobEnded } from './job/ended.tsx';
import { JobInterrupted } from './job/interrupted.tsx';
import { JobRun } from './job/run.tsx';
import classes from './path.module.css';
import { samePlace } from './place.ts';
import { StepPath } from './step-path.tsx';
import { StepBackup } from './steps/backup.tsx';
import { StepChecks } from './steps/checks.tsx';
import { StepPackage } from './steps/package.tsx';
import { StepReport } from './steps/report.tsx';
import { StepStart } from './steps/start.tsx';
import { StepVerify } from './steps/verify.tsx';
import { type Step, stepOfJob, stepsToLookAt } from './steps.ts';
import { forgetJob, goTo, lookAt, openDraft, openJob, useWizard, type Wizard } from './store.ts';

/** The wizard: `upgrade/meter/<id>` for a meter of the list, `upgrade/job/<job>` for a job. */
export function UpgradeScreen({ rest }: ScreenProps) {
  const [kind = '', id = ''] = rest;
  // A job is held only while it is on the screen; a draft is kept, so that nobody has to begin again after a look elsewhere.
  useEffect(() => forgetJob, []);
  if (kind === 'meter') return <OfMeter id={id} />;
  return <OfJob job={kind === 'job' ? id : kind} />;
}

/** A meter can have one job at a time: where there is one that runs or was interrupted, that is what there is to see. */
function OfMeter({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const meter = useMeters(({ meters }) => meters.find((one) => one.id === id));
  const known = useMeters((state) => state.known);
  const jobsKnown = useJobs((state) => state.known);
  if (meter !== undefined && jobsKnown) return <ForMeter place={meter.address} />;
  if (meter === undefined && known) return <Nowhere text={t('upgrade:unknownMeter')} />;
  return <Page title={t('upgrade:title')}>{t('upgrade:run.unknownNow')}</Page>;
}

function ForMeter({ place }: { readonly place: MeterPlace }) {
  const { wizard } = useWizard();
  const [by, setBy] = usePerson();
  const open = useJobs(({ jobs }) => openJobAt(jobs, place));
  useEffect(() => {
    if (open !== undefined) return openJob(open);
    const now = useWizard.getState().wizard;
    const shown = now.kind === 'job' ? useJobs.getState().jobs.get(now.job) : undefined;
    // A job that ended here stays on the screen until the person leaves it.
    if (shown === undefined || !samePlace(shown.summary.address, place)) openDraft(place, by);
  }, [open, place, by]);
  const about = usePlaceOf(wizard);
  // For a moment the wizard still holds what was looked at before: another meter must not be seen, or answered for, under this address.
  if (about !== undefined && !samePlace(about, place)) return null;
  if (wizard.kind === 'job') return <JobPage job={wizard.job} look={wizard.look} by={by} />;
  if (wizard.kind === 'draft') return <DraftPage draft={wizard.draft} onName={setBy} />;
  return null;
}

/** The meter that the wizard is about; undefined where it is closed or its job is not known. */
function usePlaceOf(wizard: Wizard): MeterPlace | undefined {
  const job = useJobs(({ jobs }) => (wizard.kind === 'job' ? jobs.get(wizard.job)?.summary.address : undefined));
  return wizard.kind === 'draft' ? wizard.draft.address : job;
}

/** The job of a meter that is under way or was interrupted. */
function openJobAt(jobs: ReadonlyMap<string, JobView>, place: MeterPlace): string | undefined {
  const found = [...jobs.values()].find(
    ({ summary }) => samePlace(summary.address, place) && (isRunning(summary) || summary.state === 'interrupted'),
  );
  return found?.summary.job;
}

function OfJob({ job }: { readonly job: string }) {
  const { wizard } = useWizard();
  const [by, setBy] = usePerson();
  useEffect(() => openJob(job), [job]);
  if (wizard.kind === 'draft') return <DraftPage draft={wizard.draft} onName={setBy} />;
  return <JobPage job={job} look={wizard.kind === 'job' && wizard.job === job ? wizard.look : null} by={by} />;
}

function DraftPage({ draft, onName }: { readonly draft: Draft; readonly onName: (name: string) => void }) {
  const { t } = useTranslation();
  const { step } = draft;
  const identity = draft.meter.state === 'ready' ? draft.meter.value.identity : null;
  const place = useStepFocus(step);
  const behind = DRAFT_STEPS.slice(0, DRAFT_STEPS.indexOf(step));
  return (
    <Page
      title={t('upgrade:of', { meter: identity?.name ?? draft.address.host })}
      badges={identity?.simulated === true && <SimulatedBadge />}
      subtitle={identity?.serial == null || identity.serial === identity.name ? undefined : identity.serial}
    >
      <Stack gap="md" ref={place} tabIndex={-1} className={classes['place']}>
        <StepPath current={step} open={behind} onGo={(to) => goTo(to as DraftStep)} />
        {step === 'package' && <StepPackage draft={draft} onName={onName} />}
        {step === 'checks' && <StepChecks draft={draft} />}
        {step === 'backup' && <StepBackup draft={draft} />}
        {step === 'upgrade' && <StepStart draft={draft} />}
        <Footer key={step} draft={draft} />
      </Stack>
    </Page>
  );
}

function JobPage({ job, look, by }: { readonly job: string; readonly look: Step | null; readonly by: string }) {
  const { t } = useTranslation();
  const { jobs, known } = useJobs();
  useAsJobInView(job);
  const view = jobs.get(job);
  const place = useStepFocus(view === undefined ? '' : (look ?? stepOfJob(view.summary)));
  if (view === undefined) {
    return known ? (
      <Nowhere text={t('upgrade:unknownJob')} />
    ) : (
      <Page title={t('upgrade:title')}>{t('upgrade:run.unknownNow')}</Page>
    );
  }
  const { summary } = view;
  const stands = stepOfJob(summary);
  // The point of no return is nothing to be looked away from.
  const shown = summary.asks === null ? (look ?? stands) : stands;
  return (
    <Page
      title={t('upgrade:of', { meter: summary.meter })}
      badges={summary.simulated && <SimulatedBadge />}
      subtitle={summary.serial === null || summary.serial === summary.meter ? undefined : summary.serial}
    >
      <Stack gap="md" ref={place} tabIndex={-1} className={classes['place']}>
        <StepPath current={shown} open={stepsToLookAt(summary)} onGo={lookAt} />
        {!known && (
          <Text size="sm" role="status">
            {t('upgrade:run.unknownNow')}
          </Text>
        )}
        <JobStep view={view} shown={shown} by={by} />
        {shown !== stands && isRunning(summary) && (
          <div>
            <Button variant="default" onClick={() => lookAt(null)}>
              {t('upgrade:nav.follow')}
            </Button>
          </div>
        )}
      </Stack>
    </Page>
  );
}

/** Another step begins at the top, and the focus goes with it; the first one leaves the focus where it is. */
function useStepFocus(step: string) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'start' });
  }, [step]);
  return place;
}

function JobStep({ view, shown, by }: { readonly view: JobView; readonly shown: Step; readonly by: string }) {
  const { summary } = view;
  if (shown === 'report') return <StepReport summary={summary} />;
  if (summary.state === 'interrupted') return <JobInterrupted summary={summary} by={by} />;
  if (summary.state === 'failed' || summary.state === 'cancelled') return <JobEnded summary={summary} by={by} />;
  if (shown === 'verify') return <StepVerify summary={summary} />;
  return isRunning(summary) ? <JobRun view={view} /> : <StepDone summary={summary} />;
}

/** The fourth step of a job that is done: there is nothing more to do in it. */
function StepDone({ summary }: { readonly summary: JobSummary }) {
  const { t } = useTranslation();
  return (
    <Text size="sm">
      {t('upgrade:report.state')}: {t(`domain:state.${summary.state}`)}
    </Text>
  );
}

function Nowhere({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <Page title={t('upgrade:title')}>
      <EmptyState title={text} text="">
        <Button onClick={() => navigate('meters')}>{t('activity:toMeters')}</Button>
      </EmptyState>
    </Page>
  );
}
