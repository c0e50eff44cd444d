import type { Work } from '../../shared/contract/shell/processes.ts';
import type { JobEvent } from '../../shared/contract/views.ts';
import type { JobProgress, JobSummary } from '../../shared/domain/job.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import { type MeterList, openMeterList } from '../inventory/meter-list.ts';
import { type House, type HouseOptions, openHouse } from '../services/house.ts';
import type { StartedUpgrade } from '../services/upgrades/live-jobs.ts';
import { createUpgrades, type Upgrades } from '../services/upgrades/upgrades.ts';
import { type BackupRuns, createBackupRuns } from './backup-runs.ts';
import { createLogRuns, type LogRuns } from './log-runs.ts';
import { createLogins, type Logins } from './logins.ts';
import { createPracticeGround, type PracticeGround } from './practice.ts';

/** Everything an engine holds while it lives. */
export interface EngineParts {
  readonly house: House;
  readonly upgrades: Upgrades;
  readonly meters: MeterList;
  readonly logins: Logins;
  readonly practice: PracticeGround;
  readonly backups: BackupRuns;
  readonly logReads: LogRuns;
  /** Name for the records until a person writes another. */
  readonly user: string;
  /** Owns a started job until it ends; answers with its summary. */
  adopt(started: StartedUpgrade): JobSummary;
  /**
   * What an engine does by itself when it comes up: simulated meters that a dead engine left are started again, and the meters of interrupted jobs
   * are asked who they are. Settles when that is done.
   */
  wake(): Promise<void>;
  /** Leaves every job as it stands in its journal and stops the simulated meters. */
  close(): Promise<void>;
}

export interface EngineOptions extends HouseOptions {
  readonly user: string;
  /** What is at work, after each change; for the taskbar and the question before the window closes. */
  readonly onWork?: (work: readonly Work[]) => void;
  /** Hears the hosts of the meters that are being backed up outside of a job. */
  readonly onBackups?: (hosts: readonly string[]) => void;
  /** Hears the hosts of the meters of which a log is being read outside of a backup. */
  readonly onLogs?: (hosts: readonly string[]) => void;
  /** A defect of ours that no caller waits for. */
  readonly onDefect: (thrown: unknown) => void;
}

/** Opens the data folder and puts the engine together; starts nothing. */
export async function openEngine(options: EngineOptions): Promise<Result<EngineParts>> {
  const { user, onWork, onBackups, onLogs, onDefect, ...houseOptions } = options;
  const house = await openHouse(houseOptions);
  if (!house.ok) return house;
  const opened = await openMeterList(house.value.paths.meters, house.value.now);
  if (!opened.ok) return opened;
  const meters = opened.value;
  const upgrades = createUpgrades(house.value);
  const logins = createLogins();
  const backups = createBackupRuns(onBackups);
  const logReads = createLogRuns(onLogs);
  const practice = createPracticeGround(house.value, meters, logins);
  if (onWork !== undefined) reportWork(upgrades, onWork);

  /** What a job read from its meter at the end is the newest that is known of the meter. */
  async function note({ state, after }: JobSummary, started: StartedUpgrade): Promise<void> {
    if (state !== 'done' || after === null) return;
    const loaded = await upgrades.load(started.summary.job);
    if (!loaded.ok) return;
    const { address, before } = loaded.value.stored.job.plan;
    // The job is done and its report is written; a list that cannot be written is told at the next identification.
    await meters.saw(practice.placeOf(before.serial) ?? address, { identity: after, clock: null });
  }
  const ending = new AbortController();
  let waking: Promise<void> = Promise.resolve();

  async function wake(): Promise<void> {
    await practice.restore();
    await upgrades.askInterrupted(
      ({ simulated, serial }) => (simulated ? practice.placeOf(serial) : undefined),
      ending.signal,
    );
  }

  return ok({
    house: house.value,
    upgrades,
    meters,
    logins,
    practice,
    backups,
    logReads,
    user,
    adopt(started) {
      started.done.then((summary) => note(summary, started)).catch(onDefect);
      return started.summary;
    },
    wake() {
      waking = wake();
      return waking;
    },
    async close() {
      ending.abort(new Error('The engine ends.'));
      // Whoever called wake() gets its defect.
      await waking.catch(() => undefined);
      await Promise.all([backups.close(), logReads.close()]);
      await upgrades.close();
      await practice.stop();
    },
  });
}

const AT_REST: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'interrupted']);

/** Turns the events of jobs into the list of those at work. */
export function reportWork(upgrades: Pick<Upgrades, 'listen'>, onWork: (work: readonly Work[]) => void): void {
  const work = new Map<string, Work>();
  upgrades.listen((event) => {
    if (changeWork(work, event)) onWork([...work.values()]);
  });
}

function changeWork(work: Map<string, Work>, event: JobEvent): boolean {
  if (event.type === 'progress') {
    work.set(event.progress.job, workOf(event.progress));
    return true;
  }
  if (event.type !== 'changed') return false;
  const { job, meter, state } = event.summary;
  if (AT_REST.has(state)) return work.delete(job);
  const { fraction = null, stop = 'safe' } = work.get(job) ?? {};
  work.set(job, { job, meter, state, fraction, stop });
  return true;
}

function workOf({ job, meter, state, bytes, stop }: JobProgress): Work {
  const fraction = bytes === undefined || bytes.total === 0 ? null : Math.min(1, bytes.done / bytes.total);
  return { job, meter, state, fraction, stop };
}
