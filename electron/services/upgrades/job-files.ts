import type { JobSummary } from '../../../shared/domain/job.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { diskProblem } from '../../inventory/durable.ts';
import { makeFolders } from '../../inventory/folders.ts';
import { acquireLock, type Lock } from '../../inventory/lock.ts';
import { jobFolder, journalPath, loadJob, type StoredJob, summaryOf } from '../../upgrade/job-store.ts';
import { type Journal, openJournal } from '../../upgrade/journal.ts';
import { advance, replay, type Step, type UpgradeEvent, type UpgradePlan } from '../../upgrade/machine.ts';
import type { House } from '../house.ts';

/** A job whose journal is open for writing and whose meter is locked for this process. */
export interface OpenJob {
  readonly journal: Journal;
  readonly step: Step;
  readonly lock: Lock;
  readonly folder: string;
}

/** One job at a time for a meter, whatever process works on it: the lock is on the serial number, or on the address where there is none. */
export function lockName(plan: UpgradePlan): string {
  const { serial } = plan.before;
  const key = serial === null ? `host-${plan.address.host}-${plan.address.ports.modbus}` : `serial-${serial}`;
  return key.replace(/[^A-Za-z0-9._-]/g, '_');
}

/** Locks the meter, makes the folder of the job and writes its first event. */
export async function createJob(house: House, plan: UpgradePlan): Promise<Result<OpenJob>> {
  const folder = jobFolder(house.paths.jobs, plan.job);
  if (!folder.ok) return folder;
  const lock = await acquireLock(house.paths.locks, lockName(plan));
  if (!lock.ok) return lock;
  try {
    await makeFolders(folder.value);
  } catch (thrown) {
    await lock.value.release();
    return { ok: false, problem: diskProblem(thrown, folder.value, 'written') };
  }
  return openWith(house, folder.value, lock.value, () => [{ type: 'created', plan }]);
}

/**
 * Locks the meter of a stored job and opens its journal again. What the journal says is read after the lock is held: until then
 * another process may have written.
 */
export async function reopenJob(house: House, stored: StoredJob, by: string): Promise<Result<OpenJob>> {
  const lock = await acquireLock(house.paths.locks, lockName(stored.job.plan));
  if (!lock.ok) return lock;
  return openWith(house, stored.folder, lock.value, (state) => [
    ...(state === 'interrupted'
      ? []
      : [{ type: 'interrupted', because: 'The program that worked on this job ended.', problem: null } as const]),
    { type: 'resumed', by },
  ]);
}

async function openWith(
  house: House,
  folder: string,
  lock: Lock,
  first: (state: string | undefined) => readonly UpgradeEvent[],
): Promise<Result<OpenJob>> {
  const journal = await openJournal(journalPath(folder), house.now);
  if (!journal.ok) {
    await lock.release();
    return journal;
  }
  let step = replay(journal.value.entries.map((entry) => entry.event));
  for (const event of first(step?.job.state)) {
    const written = await journal.value.append(event);
    if (!written.ok) {
      await journal.value.close();
      await lock.release();
      return written;
    }
    step = step === undefined ? replay([event]) : advance(step.job, event);
  }
  if (step === undefined) throw new Error('A journal that was just opened has no first event.');
  return ok({ journal: journal.value, step, lock, folder });
}

/** The summary of a job that this process works on. */
export function summaryNow(open: OpenJob, job: Step['job'], asking = false): JobSummary {
  return summaryOf({ job, entries: open.journal.entries, folder: open.folder }, true, asking);
}

/** Reads a job from the disk, as every process sees it. */
export function readJob(house: House, name: string): Promise<Result<StoredJob>> {
  return loadJob(house.paths.jobs, name);
}
