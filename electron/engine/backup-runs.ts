import type { z } from 'zod';
import type { BackupProgressView, backupEventSchema } from '../../shared/contract/views.ts';
import { type Problem, problem, type Result, reasonOf } from '../../shared/domain/problem.ts';
import type { BackupResult } from '../backup/types.ts';
import type { MeterAddress } from '../meter/types.ts';
import { conflate } from './conflate.ts';

type BackupEvent = z.infer<typeof backupEventSchema>;

/** Takes one backup; what was saved before the signal aborts is no backup, and nothing was changed on the meter. */
type Take = (options: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BackupProgressView) => void;
}) => Promise<Result<BackupResult>>;

/**
 * The backups of this engine, at most one at a time for each meter. They belong to the engine and not to the page that asked: a page that goes
 * away, is loaded again or crashes finds them where it left them.
 */
export interface BackupRuns {
  /** Begins one and follows it. While one is under way for the meter the only event is `backup/under-way`. */
  take(address: MeterAddress, take: Take, signal: AbortSignal | undefined): AsyncGenerator<BackupEvent, void, void>;
  /** Follows the one that is under way, or tells the outcome of the last one; no event where there was none. */
  follow(address: MeterAddress, signal: AbortSignal | undefined): AsyncGenerator<BackupEvent, void, void>;
  /** Ends the one that is under way; false where there is none. */
  stop(address: MeterAddress): boolean;
  /** Ends all of them and waits until each has let go of its meter. */
  close(): Promise<void>;
}

/** Progress at most so often. */
const PAUSE_MS = 50;
/** Outcomes that are kept for pages that come back. */
const MAX_KEPT = 50;

interface Run {
  readonly host: string;
  last: BackupEvent;
  readonly listeners: Set<(event: BackupEvent) => void>;
  readonly stop: AbortController;
  done: Promise<void>;
}

const STARTING: BackupEvent = { type: 'progress', progress: { item: '', message: '', done: 0, total: 0 } };

/** @param onChange hears the hosts of the backups that are being taken, whenever one begins or ends */
export function createBackupRuns(onChange: (hosts: readonly string[]) => void = () => undefined): BackupRuns {
  const runs = new Map<string, Run>();
  const tellWho = (): void =>
    onChange([...runs.values()].flatMap(({ host, last }) => (last.type === 'progress' ? [host] : [])));

  function begin(address: MeterAddress, take: Take): Run {
    const key = keyOf(address);
    const run: Run = {
      host: address.host,
      last: STARTING,
      listeners: new Set(),
      stop: new AbortController(),
      done: Promise.resolve(),
    };
    const tell = (event: BackupEvent): void => {
      run.last = event;
      if (event.type !== 'progress') tellWho();
      for (const listener of run.listeners) listener(event);
    };
    // The newest is the last of the map, so that the oldest outcomes are forgotten first.
    runs.delete(key);
    runs.set(key, run);
    tellWho();
    for (const [old, { last }] of runs) if (runs.size > MAX_KEPT && last.type !== 'progress') runs.delete(old);
    run.done = take({
      signal: run.stop.signal,
      onProgress: (progress) => tell({ type: 'progress', progress }),
    }).then(
      (result) =>
        tell(
          result.ok
            ? { type: 'done', result: { ...result.value, items: [...result.value.items] } }
            : { type: 'failed', problem: result.problem },
        ),
      (thrown: unknown) => tell({ type: 'failed', problem: defect(thrown) }),
    );
    return run;
  }

  async function* events(run: Run, signal: AbortSignal | undefined): AsyncGenerator<BackupEvent, void, void> {
    const stream = conflate<BackupEvent>(
      (push) => {
        run.listeners.add(push);
        return () => run.listeners.delete(push);
      },
      { key: (event) => event.type, first: () => Promise.resolve([run.last]), signal, pauseMs: PAUSE_MS },
    );
    for await (const event of stream) {
      yield event;
      if (event.type !== 'progress') return;
    }
  }

  return {
    async *take(address, take, signal) {
      const key = keyOf(address);
      if (runs.get(key)?.last.type === 'progress') {
        yield { type: 'failed', problem: underWay(address) };
        return;
      }
      yield* events(begin(address, take), signal);
    },
    async *follow(address, signal) {
      const run = runs.get(keyOf(address));
      if (run !== undefined) yield* events(run, signal);
    },
    stop(address) {
      const run = runs.get(keyOf(address));
      if (run?.last.type !== 'progress') return false;
      run.stop.abort(new Error('The backup was stopped.'));
      return true;
    },
    async close() {
      for (const { stop } of runs.values()) stop.abort(new Error('The engine ends.'));
      await Promise.all([...runs.values()].map(({ done }) => done));
    },
  };
}

function keyOf({ host, ports, unit }: MeterAddress): string {
  return `${host.toLowerCase()} ${ports.modbus} ${unit}`;
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
