import type { LogRow, MeterLogs, MeterRecorder } from '../../../electron/meter/logs/types.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';

/** A log of a fake meter; may be changed while it runs. */
export interface FakeLog {
  recorder: MeterRecorder;
  rows: LogRow[];
  /** Ends its readout after so many rows. */
  failAfter?: number;
}

export interface FakeLogs {
  logs: FakeLog[];
  /** Why no association comes about. */
  refusal: Result<never> | undefined;
  /** Rows that were handed over, by log. */
  readonly handed: Map<string, number>;
  withLogs<T>(work: (logs: MeterLogs) => Promise<Result<T>>): Promise<Result<T>>;
}

export const FIRST = Date.UTC(2026, 0, 1);

/** A periodic log of two columns with a row each minute. */
export function fakeLog(id: string, rows: number, more: Partial<MeterRecorder> = {}): FakeLog {
  const columns = ['1-0:32.7.0*255/2', '1-0:52.7.0*255/2'].map((column) => ({
    id: column,
    label: column,
    unit: 'V',
    scaler: 0,
  }));
  return {
    recorder: {
      id,
      kind: 'recorder',
      name: `Log ${id}`,
      entries: rows,
      capacity: 100_000,
      interval: 60,
      columns,
      columnsNotExported: null,
      first: null,
      last: null,
      shape: { obis: id, columns: [], capturePeriod: 60 },
      ...more,
    },
    rows: Array.from({ length: rows }, (_, index) => fakeRow(FIRST + index * 60_000, index)),
  };
}

export function fakeRow(time: number, value: number): LogRow {
  const values = [230 + value / 10, `say "${value}"`];
  return { time, rebuilt: false, values, raw: { time, clock: null, rebuilt: false, values } };
}

/** Logs that come from memory, seven rows at a time. */
export function fakeLogs(logs: FakeLog[] = []): FakeLogs {
  const fake: FakeLogs = {
    logs,
    refusal: undefined,
    handed: new Map(),
    withLogs(work) {
      if (fake.refusal !== undefined) return Promise.resolve(fake.refusal);
      return work({
        recorders: ({ times = false } = {}) =>
          Promise.resolve(ok(fake.logs.map(({ recorder, rows }) => withTimes(recorder, rows, times)))),
        async read(recorder, onRows, options = {}) {
          const log = fake.logs.find((candidate) => candidate.recorder.id === recorder.id);
          if (log === undefined) throw new Error('There is no such log.');
          const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
          const wanted = log.rows.filter(({ time }) => time === null || (time >= from && time <= to));
          let handed = 0;
          for (let at = 0; at < wanted.length; at += 7) {
            if (options.signal?.aborted) return stopped();
            if (log.failAfter !== undefined && handed >= log.failAfter) return broken();
            const some = wanted.slice(at, at + 7);
            await onRows(some);
            handed += some.length;
            fake.handed.set(recorder.id, (fake.handed.get(recorder.id) ?? 0) + some.length);
            options.onProgress?.({ rows: handed, of: wanted.length, rowsPerSecond: 1000, roundTrips: 1 });
          }
          if (options.signal?.aborted) return stopped();
          return ok({
            rows: handed,
            rebuilt: 0,
            undated: 0,
            roundTrips: 1,
            bytes: handed * 20,
            milliseconds: 5,
            resumed: 0,
          });
        },
      });
    },
  };
  return fake;
}

function withTimes(recorder: MeterRecorder, rows: readonly LogRow[], times: boolean): MeterRecorder {
  const at = (row: LogRow | undefined) =>
    times && row !== undefined && row.time !== null ? new Date(row.time).toISOString() : null;
  return { ...recorder, first: at(rows[0]), last: at(rows.at(-1)) };
}

function broken(): Result<never> {
  return fail({ code: 'dlms/timeout', title: 'The meter fell silent', because: 'No block came.', nextStep: 'Again.' });
}

function stopped(): Result<never> {
  return fail({ code: 'aborted', title: 'Stopped', because: 'It was stopped.', nextStep: 'Start again.' });
}
