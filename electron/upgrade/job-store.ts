import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobSummary } from '../../shared/domain/job.ts';
import { fail, METER_STATE, ok, type Problem, problem, type Result } from '../../shared/domain/problem.ts';
import { codeOf } from '../inventory/durable.ts';
import { type JournalEntry, readJournal } from './journal.ts';
import { isFinal, replay, type UpgradeJob } from './machine.ts';

const JOB_NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** A job as its journal tells it. */
export interface StoredJob {
  readonly job: UpgradeJob;
  readonly entries: readonly JournalEntry[];
  readonly folder: string;
}

/** Folder of a job in the jobs folder of the data folder; refuses names that are no job's. */
export function jobFolder(jobs: string, job: string): Result<string> {
  return JOB_NAME.test(job) ? ok(join(jobs, job)) : unknownJob(job);
}

function unknownJob(job: string): Result<never> {
  return fail({
    code: 'job/unknown',
    title: 'There is no such job',
    because: `${JSON.stringify(job.slice(0, 80))} is not the name of a job.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'List the jobs and take a name from there.',
  });
}

export function journalPath(folder: string): string {
  return join(folder, 'journal.jsonl');
}

/** Reads one job back from its journal. */
export async function loadJob(jobs: string, name: string): Promise<Result<StoredJob>> {
  const folder = jobFolder(jobs, name);
  if (!folder.ok) return folder;
  if (!(await exists(folder.value))) return unknownJob(name);
  const entries = await readJournal(journalPath(folder.value));
  if (!entries.ok) return entries;
  const step = replay(entries.value.map((entry) => entry.event));
  if (step === undefined) {
    return fail({
      code: 'job/empty',
      title: 'The job has no beginning',
      because: 'Its journal does not start with the plan of a job.',
      meterState: METER_STATE.untouched,
      nextStep: 'Start a new job; nothing was done by this one.',
    });
  }
  return ok({ job: step.job, entries: entries.value, folder: folder.value });
}

/** Only a folder that is certainly not there counts as missing; what cannot be looked at is for the reader of the journal to tell. */
async function exists(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (thrown) {
    return codeOf(thrown) !== 'ENOENT';
  }
}

/** Every job in the folder, newest first; a folder whose journal cannot be read is listed among the damaged. */
export async function listJobs(
  jobs: string,
): Promise<{ readonly stored: readonly StoredJob[]; readonly damaged: readonly { name: string; problem: Problem }[] }> {
  let names: string[];
  try {
    names = (await readdir(jobs, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { stored: [], damaged: [] };
    throw thrown;
  }
  const stored: StoredJob[] = [];
  const damaged: { name: string; problem: Problem }[] = [];
  for (const name of names
    .filter((candidate) => JOB_NAME.test(candidate))
    .sort()
    .reverse()) {
    const loaded = await loadJob(jobs, name);
    if (loaded.ok) stored.push(loaded.value);
    else damaged.push({ name, problem: loaded.problem });
  }
  return { stored, damaged };
}

/**
 * A job as lists show it.
 *
 * @param held whether a living process works on the job; a job that nobody holds is never called running
 * @param asking whether that process waits for a person at the point of no return
 */
export function summaryOf(stored: StoredJob, held: boolean, asking = false): JobSummary {
  const { job, entries } = stored;
  const orphaned = !held && !isFinal(job.state) && job.state !== 'interrupted';
  return {
    job: job.plan.job,
    purpose: 'upgrade',
    host: job.plan.address.host,
    meter: job.plan.before.name ?? job.plan.address.host,
    serial: job.plan.before.serial,
    simulated: job.plan.before.simulated,
    channel: job.plan.channel,
    target: job.plan.target,
    state: orphaned ? 'interrupted' : job.state,
    verdict: job.verdict,
    startedAt: job.plan.createdAt,
    changedAt: entries.at(-1)?.at ?? job.plan.createdAt,
    before: job.plan.before,
    after: job.after,
    targetVersion: job.plan.targetVersion,
    findings: job.findings,
    problem: orphaned ? orphanedProblem(job) : job.problem,
    report: job.report?.file ?? null,
    asks: held && asking ? 'apply' : null,
    interruptedAt: orphaned ? job.state : job.interruptedAt,
    pastNoReturn: job.pastNoReturn,
    bag: job.bag === null || job.bag.path === '' ? null : job.bag.path,
    address: job.plan.address,
    file: { name: basename(job.plan.file), sha256: job.plan.fileSha256 },
    minimumIonSetup: job.plan.minimumIonSetup,
    ...sentOf(job, orphaned ? job.state : job.interruptedAt),
    ...sleptIn(entries),
  };
}

/** The last time that the laptop slept while the job was under way. */
function sleptIn(entries: readonly JournalEntry[]): Pick<JobSummary, 'slept'> {
  for (const { event } of [...entries].reverse())
    if (event.type === 'laptop-slept') return { slept: { from: event.from, until: event.until } };
  return {};
}

/** How much of the image had been sent by a job that was interrupted while it sent. A hand-off sends nothing itself. */
function sentOf(job: UpgradeJob, interruptedAt: UpgradeJob['interruptedAt']): Pick<JobSummary, 'sent'> {
  const { size } = job.plan.image;
  if (interruptedAt !== 'transferring' || job.plan.channel === 'ion-setup' || size === 0) return {};
  return { sent: Math.min(1, job.sent / size) };
}

/** What to say of a job whose process ended in the middle. */
function orphanedProblem(job: UpgradeJob): Problem {
  const share = job.plan.image.size === 0 ? 0 : Math.floor((100 * job.sent) / job.plan.image.size);
  const where = job.state === 'transferring' ? `transfer, ${share} %` : job.state;
  return problem({
    code: 'job/interrupted',
    title: `Interrupted at ${where}`,
    because: 'The program that worked on this job ended before the job did.',
    meterState: job.pastNoReturn
      ? 'The upgrade was started on the meter; only the meter knows how far it is.'
      : 'Nothing was applied; the meter runs what it ran before.',
    nextStep: 'Resume the job: the meter is asked first, and the work goes on from what it says.',
    details: { at: job.state },
  });
}
