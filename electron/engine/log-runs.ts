import type { LogReadEvent, LogToRead } from '../../shared/contract/logs.ts';
import { type Problem, problem, type Result, reasonOf } from '../../shared/domain/problem.ts';
import type { LogProgress } from '../meter/logs/types.ts';
import type { MeterAddress } from '../meter/types.ts';
import type { KeptReadout } from '../services/logs/reading.ts';
import { createMeterRuns, type MeterRuns } from './meter-runs.ts';

/** Reads one log into the data folder; when the signal aborts nothing of it is kept, and the association is given back. */
type Read = (options: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LogProgress) => void;
}) => Promise<Result<KeptReadout>>;

/** The logs that this engine reads from meters outside of a backup, at most one at a time for each meter; see {@link MeterRuns}. */
export interface LogRuns extends Omit<MeterRuns<LogReadEvent>, 'begin'> {
  /** Begins one and follows it. While one is under way for the meter the only event is `logs/under-way`. */
  read(
    address: MeterAddress,
    log: LogToRead,
    read: Read,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LogReadEvent, void, void>;
}

/** @param onChange hears the hosts of the meters whose logs are being read, whenever a read begins or ends */
export function createLogRuns(onChange: (hosts: readonly string[]) => void = () => undefined): LogRuns {
  const { begin, ...runs } = createMeterRuns<LogReadEvent>(onChange);
  return {
    ...runs,
    read: (address, log, read, signal) =>
      begin(
        address,
        {
          first: { type: 'progress', log, progress: null },
          refused: { type: 'failed', log, problem: underWay(address) },
          async work({ signal: stopped, push }) {
            const onProgress = (progress: LogProgress): void => push({ type: 'progress', log, progress });
            const result = await read({ signal: stopped, onProgress });
            return !result.ok && stopped.aborted ? { type: 'stopped', log } : outcomeOf(log, result);
          },
          defect: (thrown) => ({ type: 'failed', log, problem: defect(thrown) }),
        },
        signal,
      ),
  };
}

function outcomeOf(log: LogToRead, result: Result<KeptReadout>): LogReadEvent {
  if (!result.ok) return { type: 'failed', log, problem: result.problem };
  const { file, sidecar } = result.value;
  return { type: 'done', log, result: { file, rows: sidecar.rows, readout: { ...sidecar.readout } } };
}

function underWay(address: MeterAddress): Problem {
  return problem({
    code: 'logs/under-way',
    title: 'A log of this meter is being read already',
    because: `The read of a log of ${address.host} that was started before has not ended, and a meter has one DLMS connection.`,
    nextStep: 'Wait for it, or stop it.',
  });
}

function defect(thrown: unknown): Problem {
  return problem({
    code: 'internal/log-read-failed',
    title: 'The read of the log ended unexpectedly',
    because: reasonOf(thrown),
    nextStep: 'Read it again. If it ends again, report this as a defect of Meterwright.',
  });
}
