import type { JobSummary } from '../../../shared/domain/job.ts';
import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { isLocked } from '../../inventory/lock.ts';
import type { MeterAddress } from '../../meter/types.ts';
import { listJobs, type StoredJob, summaryOf } from '../../upgrade/job-store.ts';
import type { House } from '../house.ts';
import { askMeters, type MeterAnswers } from './interrupted.ts';
import { lockName, readJob } from './job-files.ts';
import { createLiveJobs, type LiveJobs } from './live-jobs.ts';
import type { UpgradeStarts } from './requests.ts';

/** The upgrades of a house: those that run in this process, and all others as their journals tell them. */
export interface Upgrades extends Omit<LiveJobs, 'launch' | 'has' | 'asks' | 'tell'>, UpgradeStarts {
  list(): Promise<readonly JobSummary[]>;
  /**
   * Asks the meters of interrupted jobs once who they are, without a login; the answers are in the summaries from then on. Settles when each has
   * answered or is silent.
   */
  askInterrupted(placeOf?: (summary: JobSummary) => MeterAddress | undefined, signal?: AbortSignal): Promise<void>;
  /** Jobs whose journal cannot be read: they are in no list, and must not be forgotten. */
  damaged(): Promise<readonly { readonly job: string; readonly problem: Problem }[]>;
  load(job: string): Promise<Result<{ readonly stored: StoredJob; readonly summary: JobSummary }>>;
}

/** The upgrades of a house; nothing runs until a job is started or resumed. */
export function createUpgrades(house: House): Upgrades {
  const { tell, ...jobs } = createLiveJobs();
  const answers: MeterAnswers = new Map();
  /** What works on meters comes with the first job: a list of jobs is shown the sooner. */
  const starts = async () => (await import('./starts.ts')).createStarts(house, jobs.launch, answers);

  const summarise = async (stored: StoredJob): Promise<JobSummary> => {
    const { plan } = stored.job;
    const held = jobs.has(plan.job) || (await isLocked(house.paths.locks, lockName(plan)));
    const summary = summaryOf(stored, held, jobs.asks(plan.job));
    const meterAnswer = answers.get(plan.job);
    return summary.state !== 'interrupted' || meterAnswer === undefined ? summary : { ...summary, meterAnswer };
  };
  const list = async (): Promise<readonly JobSummary[]> => {
    const { stored } = await listJobs(house.paths.jobs);
    return Promise.all(stored.map(summarise));
  };

  return {
    ...jobs,
    check: async (...args) => (await starts()).check(...args),
    start: async (...args) => (await starts()).start(...args),
    resume: async (...args) => (await starts()).resume(...args),
    list,
    async askInterrupted(placeOf = () => undefined, signal) {
      const waiting = (await list()).filter(({ state }) => state === 'interrupted');
      await askMeters(house, waiting, { placeOf, signal }, async (job, answer) => {
        answers.set(job, answer);
        const stored = await readJob(house, job);
        // A job whose journal cannot be read any more is in no list, so nobody has to be told.
        if (stored.ok && !jobs.has(job)) tell({ type: 'changed', summary: await summarise(stored.value) });
      });
    },
    async damaged() {
      const { damaged } = await listJobs(house.paths.jobs);
      return damaged.map(({ name, problem }) => ({ job: name, problem }));
    },
    async load(name) {
      const stored = await readJob(house, name);
      return stored.ok ? ok({ stored: stored.value, summary: await summarise(stored.value) }) : stored;
    },
  };
}
