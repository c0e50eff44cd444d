import type { z } from 'zod';
import type { BackupProgressView, backupEventSchema } from '../../shared/contract/views.ts';
import { type Problem, problem, type Result, reasonOf } from '../../shared/domain/problem.ts';
import type { BackupResult } from '../backup/types.ts';
import type { MeterAddress } from '../meter/types.ts';
import { createMeterRuns, type MeterRuns } from './meter-runs.ts';

type BackupEvent = z.infer<typeof backupEventSchema>;

/** Takes one backup; what was saved before the signal aborts is no backup, and nothing was changed on the meter. */
type Take = (options: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BackupProgressView) => void;
}) => Promise<Result<BackupResult>>;

/** The backups of this engine, at most one at a time for each meter; see {@link MeterRuns}. */
export interface BackupRuns extends Omit<MeterRuns<BackupEvent>, 'begin'> {
  /** Begins one and follows it. While one is under way for the meter the only event is `backup/under-way`. */
  take(address: MeterAddress, take: Take, signal: AbortSignal | undefined): AsyncGenerator<BackupEvent, void, void>;
}

const STARTING: BackupEvent = { type: 'progress', progress: { item: '', message: '', done: 0, total: 0 } };

/** @param onChange hears the hosts of the backups that are being taken, whenever one begins or ends */
export function createBackupRuns(onChange: (hosts: readonly string[]) => void = () => undefined): BackupRuns {
  const { begin, ...runs } = createMeterRuns<BackupEvent>(onChange);
  return {
    ...runs,
    take: (address, take, signal) =>
      begin(
        address,
        {
          first: STARTING,
          refused: { type: 'failed', problem: underWay(address) },
          work: async ({ signal: stopped, push }) =>
            outcomeOf(await take({ signal: stopped, onProgress: (progress) => push({ type: 'progress', progress }) })),
          defect: (thrown) => ({ type: 'failed', problem: defect(thrown) }),
        },
        signal,
      ),
  };
}

function outcomeOf(result: Result<BackupResult>): BackupEvent {
  return result.ok
    ? { type: 'done', result: { ...result.value, items: [...result.value.items] } }
    : { type: 'failed', problem: result.problem };
}

function underWay(address: MeterAddress): Problem {
  return problem({
    code: 'backup/under-way',
    title: 'A backup of this meter is being taken already',
    because: `The backup of ${address.host} that was started before has not ended.`,
    nextStep: 'Wait for it, or stop it.',
  });
}

function defect(thrown: unknown): Problem {
  return problem({
    code: 'internal/backup-failed',
    title: 'The backup ended unexpectedly',
    because: reasonOf(thrown),
    nextStep: 'Take it again. If it ends again, report this as a defect of Meterwright.',
  });
}
