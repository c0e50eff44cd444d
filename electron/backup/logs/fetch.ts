import type { LogReadout } from '../../../shared/domain/log.ts';
import { type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import type { LogProgress, LogRow, MeterLogs, MeterRecorder } from '../../meter/logs/types.ts';
import { cancelled } from '../problems.ts';
import { comparableRow, eachLine, type Joint, jointFor, type OlderBag } from './older.ts';
import { readInto } from './save.ts';
import type { LogSidecar } from './types.ts';
import { createLogWriter, type LogLine, type LogWriter, type WrittenLog } from './writer.ts';

export interface FetchLogOptions {
  readonly csv: string;
  readonly meter: LogSidecar['meter'];
  readonly now: () => Date;
  /** The bag that may be gone on with, or why there is none. */
  readonly older: OlderBag | string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: LogProgress) => void;
}

/** A log in the bag, and how it came there, as a sentence. */
export interface FetchedLog extends WrittenLog {
  readonly fetched: string;
  /** Rows that were copied from the older bag. */
  readonly copied: number;
}

/**
 * Brings a log of the meter to the disk whole: only its new rows are read where an older bag is proven to join, and the older ones are copied from it; else
 * everything is read. Rows that the meter no longer has are not copied: the log is what the meter held.
 */
export async function fetchLog(
  logs: MeterLogs,
  recorder: MeterRecorder,
  options: FetchLogOptions,
): Promise<Result<FetchedLog>> {
  const whole = async (why: string): Promise<Result<FetchedLog>> => {
    const written = await intoFile(recorder, options, (writer) =>
      readInto(logs, recorder, writer, (rows) => writer.write(rows), options),
    );
    return written.ok ? { ok: true, value: { ...written.value, fetched: `Read whole: ${why}`, copied: 0 } } : written;
  };
  if (typeof options.older === 'string') return whole(options.older);
  const joint = await jointFor(options.older, recorder, options.signal);
  if (options.signal?.aborted) return { ok: false, problem: cancelled() };
  if (!joint.ok) return whole(`${options.older.name} could not be read (${joint.problem.because})`);
  if (typeof joint.value === 'string') return whole(joint.value);
  const joined = await goOn(logs, recorder, joint.value, options);
  if (joined.ok || joined.problem.code !== NOT_JOINED) return joined;
  return whole(joined.problem.because);
}

/** The copy, the overlap and the new rows. */
async function goOn(
  logs: MeterLogs,
  recorder: MeterRecorder,
  joint: Joint,
  options: FetchLogOptions,
): Promise<Result<FetchedLog>> {
  const width = recorder.columns.length;
  let copied = 0;
  let compared = 0;
  let came = 0;
  let different: string | undefined;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  options.signal?.addEventListener('abort', end);
  const check = (rows: readonly LogRow[]): void => {
    came += rows.length;
    for (const row of rows) {
      if (different !== undefined || compared === joint.expected.length) return;
      if (comparableRow(row, width) === joint.expected[compared]) compared += 1;
      else
        different = `The row of ${row.time === null ? 'no time' : new Date(row.time).toISOString()} is not that of ${joint.bag}.`;
    }
  };
  try {
    if (options.signal?.aborted) return { ok: false, problem: cancelled() };
    const written = await intoFile(
      recorder,
      options,
      async (writer) => {
        const copy = await copyOlder(joint, writer, stop.signal);
        if (!copy.ok) return notJoined(copy.problem.because);
        copied = copy.value;
        const read = await readInto(
          logs,
          recorder,
          writer,
          (rows) => {
            check(rows);
            if (different === undefined) return writer.write(rows);
            end();
            return undefined;
          },
          { ...options, from: joint.from, signal: stop.signal },
        );
        if (different !== undefined) return notJoined(different);
        if (!read.ok) return read;
        if (compared < joint.expected.length) {
          return notJoined(`${joint.expected.length - compared} of the last rows of ${joint.bag} did not come again.`);
        }
        // Rows that came in between, or went, would show here: the meter counts what it holds.
        if (copied + came < recorder.entries - allowance(recorder, read.value)) {
          return notJoined(`${copied} older and ${came} new rows are fewer than the ${recorder.entries} of the meter.`);
        }
        return read;
      },
      {
        bag: joint.bag,
        fingerprint: joint.fingerprint,
        overlap: joint.expected.length,
        lastOfOlder: joint.lastOfOlder,
      },
    );
    if (!written.ok) return written;
    const fetched = `${came} rows were read and ${copied} copied from ${joint.bag}; ${compared} rows that both have are equal.`;
    return { ok: true, value: { ...written.value, fetched, copied } };
  } finally {
    options.signal?.removeEventListener('abort', end);
  }
}

/** Rows that a full periodic log may have lost to newer ones while it was read. */
function allowance({ interval, capacity, entries }: MeterRecorder, { milliseconds }: LogReadout): number {
  if (interval === 0 || capacity === null || entries < capacity) return 0;
  return Math.ceil(milliseconds / (interval * 1000)) + 1;
}

async function copyOlder(joint: Joint, writer: LogWriter, signal: AbortSignal): Promise<Result<number>> {
  let copied = 0;
  let some: LogLine[] = [];
  const read = await eachLine(
    joint.log,
    (line) => {
      if (line.time === null || line.time < joint.keepFrom || line.time >= joint.from) return undefined;
      copied += 1;
      some.push(line);
      return undefined;
    },
    signal,
    async () => {
      const lines = some;
      some = [];
      await writer.copy(lines);
    },
  );
  return read.ok ? { ok: true, value: copied } : read;
}

/** Opens the file, fills it and brings it to the disk; a failure leaves no file. */
async function intoFile(
  recorder: MeterRecorder,
  { csv, meter, now }: FetchLogOptions,
  fill: (writer: LogWriter) => Promise<Result<LogReadout>>,
  continues: LogSidecar['continues'] = null,
): Promise<Result<WrittenLog>> {
  const started = await createLogWriter({ csv, recorder, meter, readAt: now().toISOString() });
  if (!started.ok) return started;
  const writer = started.value;
  try {
    const read = await fill(writer);
    return read.ok ? await writer.finish(read.value, continues) : read;
  } finally {
    await writer.discard();
  }
}

const NOT_JOINED = 'logs/not-joined';

function notJoined(because: string): { readonly ok: false; readonly problem: Problem } {
  return {
    ok: false,
    problem: problem({
      code: NOT_JOINED,
      title: 'The log does not go on where the earlier backup ends',
      because,
      nextStep: 'The log is read whole.',
    }),
  };
}
