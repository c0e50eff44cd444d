import type { LogReadout } from '../../../shared/domain/log.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { LogReadOptions, LogRow, MeterLogs, MeterRecorder } from '../../meter/logs/types.ts';
import { writeSidecar } from './sidecar.ts';
import type { LogSidecar } from './types.ts';
import { createLogWriter, type LogWriter, type WrittenLog } from './writer.ts';

export interface SaveLogOptions extends LogReadOptions {
  /** Path of the file, ending in `.csv`. */
  readonly csv: string;
  readonly meter: LogSidecar['meter'];
  /** Clock of this PC. */
  readonly now: () => Date;
}

/**
 * Reads a log of the meter, or a part of it, into a file and its sidecar. A readout that fails or is stopped leaves no file; the problem is that of the
 * meter, or `disk/…`.
 */
export async function saveLog(
  logs: MeterLogs,
  recorder: MeterRecorder,
  options: SaveLogOptions,
): Promise<Result<WrittenLog>> {
  const { csv, meter, now, ...reading } = options;
  const started = await createLogWriter({ csv, recorder, meter, readAt: now().toISOString() });
  if (!started.ok) return started;
  const writer = started.value;
  try {
    const read = await readInto(logs, recorder, writer, (rows) => writer.write(rows), reading);
    if (!read.ok) return read;
    const written = await writer.finish(read.value);
    if (!written.ok) return written;
    const beside = await writeSidecar(csv, written.value.sidecar);
    return beside.ok ? ok(written.value) : beside;
  } finally {
    await writer.discard();
  }
}

/** Reads rows of the meter for a writer; the read ends when the disk refuses, and then the disk's problem is the outcome. */
export async function readInto(
  logs: MeterLogs,
  recorder: MeterRecorder,
  writer: LogWriter,
  onRows: (rows: readonly LogRow[]) => void | Promise<void>,
  options: LogReadOptions,
): Promise<Result<LogReadout>> {
  const either = new AbortController();
  const stop = (): void => either.abort();
  const signals = [writer.failed, options.signal];
  for (const signal of signals) {
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
  }
  try {
    const read = await logs.read(recorder, onRows, { ...options, signal: either.signal });
    if (read.ok || !writer.failed.aborted) return read;
    const refused = await writer.finish(NO_READOUT);
    return refused.ok ? read : refused;
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', stop);
  }
}

const NO_READOUT: LogReadout = {
  rows: 0,
  rebuilt: 0,
  undated: 0,
  roundTrips: 0,
  bytes: 0,
  milliseconds: 0,
  resumed: 0,
};
