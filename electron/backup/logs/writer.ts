import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogReadout, RecorderInfo } from '../../../shared/domain/log.ts';
import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { diskProblem } from '../../inventory/durable.ts';
import { makeFolders } from '../../inventory/folders.ts';
import type { FileFacts } from '../bag/writer.ts';
import { headingOf, lineOf, type WrittenRow } from './csv.ts';
import { createSpanFinder } from './gaps.ts';
import type { LogContinuity, LogSidecar } from './types.ts';

/** Characters that are collected before they are written. */
const CHUNK = 256 * 1024;

export interface LogWriterOptions {
  /** Path of the file, ending in `.csv`; what is there is replaced. */
  readonly csv: string;
  readonly recorder: RecorderInfo;
  readonly meter: LogSidecar['meter'];
  /** ISO 8601 UTC: clock of the PC when the readout begins. */
  readonly readAt: string;
}

/** A line that is already in the form of the file, with its line break, and the time in it. */
export interface LogLine {
  readonly time: number | null;
  readonly text: string;
}

/** A log that is whole on the disk. Its sidecar is not written: see `writeSidecar`. */
export interface WrittenLog {
  readonly sidecar: LogSidecar;
  readonly file: FileFacts;
}

/** A log while it is written; memory does not grow with it. */
export interface LogWriter {
  /** Aborts when the disk refuses: whatever reads from the meter should stop then. */
  readonly failed: AbortSignal;
  /** Settles when there is room for more: wait for it. Never rejects; a disk that refuses is told by {@link LogWriter.finish}. */
  write(rows: readonly WrittenRow[]): Promise<void>;
  /** Lines of an older file of the same log. */
  copy(lines: readonly LogLine[]): Promise<void>;
  /** Brings everything to the disk (fsync). `disk/…` when it refused at any time; the file is gone then. */
  finish(readout: LogReadout, continues?: LogContinuity | null): Promise<Result<WrittenLog>>;
  /** Removes the file. Idempotent, and harmless after {@link LogWriter.finish}. */
  discard(): Promise<void>;
}

/** Starts a log on the disk with its heading; missing folders are made. `disk/…` when it cannot be made. */
export async function createLogWriter(options: LogWriterOptions): Promise<Result<LogWriter>> {
  try {
    await makeFolders(dirname(options.csv));
    return ok(writerOver(await open(options.csv, 'w'), options));
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, options.csv, 'written') };
  }
}

function writerOver(handle: FileHandle, { csv, recorder, meter, readAt }: LogWriterOptions): LogWriter {
  const failed = new AbortController();
  const hash = createHash('sha256');
  const spans = createSpanFinder(recorder.interval);
  const width = recorder.columns.length;
  let pending = headingOf(recorder.columns);
  let size = 0;
  let refused: Problem | undefined;
  let state: 'open' | 'done' | 'gone' = 'open';

  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(pending, 'utf8');
    pending = '';
    if (refused !== undefined || state !== 'open') return;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, size + done)).bytesWritten;
      }
      hash.update(bytes);
      size += bytes.length;
    } catch (thrown) {
      refused = diskProblem(thrown, csv, 'written');
      failed.abort();
    }
  };

  const discard = async (): Promise<void> => {
    if (state !== 'open') return;
    state = 'gone';
    await handle.close();
    await rm(csv, { force: true });
  };

  return {
    failed: failed.signal,
    async write(rows) {
      for (const row of rows) {
        pending += lineOf(row, width);
        spans.add(row.time);
        if (pending.length >= CHUNK) await flush();
      }
    },
    async copy(lines) {
      for (const { text, time } of lines) {
        pending += text;
        spans.add(time);
        if (pending.length >= CHUNK) await flush();
      }
    },
    async finish(readout, continues = null) {
      await flush();
      try {
        if (refused === undefined) await handle.sync();
      } catch (thrown) {
        refused = diskProblem(thrown, csv, 'written');
      }
      if (refused !== undefined) {
        await discard();
        return { ok: false, problem: refused };
      }
      state = 'done';
      await handle.close();
      const { rows, first, last, gaps, gapCount } = spans.span();
      const sidecar: LogSidecar = {
        format: 'meterwright-log/1',
        recorder: plainRecorder(recorder),
        columns: recorder.columns,
        rows,
        first,
        last,
        gaps,
        gapCount,
        readout,
        meter,
        readAt,
        continues,
      };
      return ok({ sidecar, file: { size, sha256: hash.digest('hex') } });
    },
    discard,
  };
}

/** Without what only reading over DLMS needs. */
function plainRecorder(recorder: RecorderInfo): RecorderInfo {
  const { id, kind, name, entries, capacity, interval, columns, columnsNotExported, first, last } = recorder;
  const { sourcesUnknown, unreadable } = recorder;
  return {
    ...{ id, kind, name, entries, capacity, interval, columns, columnsNotExported, first, last },
    ...(sourcesUnknown === undefined ? {} : { sourcesUnknown }),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}
