import { ok } from '../../../shared/domain/problem.ts';
import { readLog, timesOf } from './read.ts';
import { findRecorders, type UnitCache } from './recorders.ts';
import type { MeterLogs, MeterRecorder } from './types.ts';
import type { Way } from './way.ts';

/** The logs of a meter over a way that its owner closes. Calls run one after the other. */
export function createMeterLogs(way: Way, outer: AbortSignal): MeterLogs {
  const units: UnitCache = new Map();
  let tail: Promise<unknown> = Promise.resolve();

  /** A list that was asked for while a log is read would come between its blocks. */
  function inTurn<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const run = tail.then(async () => {
      const either = new AbortController();
      const stop = (): void => either.abort();
      const signals = signal === undefined ? [outer] : [outer, signal];
      for (const one of signals) {
        one.addEventListener('abort', stop, { once: true });
        if (one.aborted) stop();
      }
      try {
        return await work(either.signal);
      } finally {
        for (const one of signals) one.removeEventListener('abort', stop);
      }
    });
    // Whoever called has the rejection; the next call only waits for the end.
    tail = run.catch(() => undefined);
    return run;
  }

  return {
    recorders: (options = {}) =>
      inTurn(options.signal, async (signal) => {
        const found = await findRecorders(way.client(), units, signal);
        if (!found.ok || options.times !== true) return found;
        const dated: MeterRecorder[] = [];
        for (const recorder of found.value) {
          if (recorder.unreadable !== undefined || recorder.entries === 0) {
            dated.push(recorder);
            continue;
          }
          const times = await timesOf(way, recorder, signal);
          if (!times.ok) return times;
          dated.push({ ...recorder, first: isoOf(times.value.first), last: isoOf(times.value.last) });
        }
        return ok(dated);
      }),
    read: (recorder, onRows, options = {}) =>
      inTurn(options.signal, (signal) => readLog(way, recorder, onRows, options, signal)),
  };
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
