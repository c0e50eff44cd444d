import { basename, dirname, join } from 'node:path';
import type { LogGap, RecorderInfo } from '../../../shared/domain/log.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { TAG_FILE } from '../../backup/bag/tag-files.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import { pathExists } from '../../backup/folder/place.ts';
import { type LogInBag, listLogs, logFileName, problemOfLog } from '../../backup/logs/in-bag.ts';
import { writeParquet } from '../../backup/logs/parquet.ts';
import { readSealedLog } from '../../backup/logs/seals.ts';
import type { LogPart, LogTable } from '../../backup/logs/types.ts';
import { bagProblem } from '../../backup/problems.ts';
import { diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import { makeFolders } from '../../inventory/folders.ts';
import { exportLog } from './export.ts';
import { mayWriteLog, writeWhole } from './files.ts';
import { type Selection, selectRows } from './part.ts';
import { cellOf } from './views.ts';

export const LOG_FORMATS = ['csv', 'parquet', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
/** A JSON document is made in memory: larger logs are for the other two. */
const MAX_JSON_ROWS = 200_000;

export interface BagLogsRequest {
  /** Folder, or, with one log, a file with the extension of the format. */
  readonly out: string;
  readonly format: LogFormat;
  /** Id or name of one log; all of them without it. */
  readonly recorder?: string | undefined;
  /** Milliseconds since 1970 UTC, as `selectRows` means them. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Whether files of these names may be replaced; else `logs/file-exists`, and nothing is written. */
  readonly overwrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A log that was written to a file. */
export interface ExportedLog {
  readonly recorder: Pick<RecorderInfo, 'id' | 'name'>;
  readonly file: string;
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly gaps: readonly LogGap[];
  /** Rows of the log that the file does not hold. */
  readonly leftOut: LogPart['leftOut'];
}

/** What was written, and, where all logs were asked for, what is wrong with those that could not be. */
export interface ExportedLogs {
  readonly logs: readonly ExportedLog[];
  readonly problems: readonly Problem[];
}

/** Writes logs of a bag, or a range of them, as CSV with sidecar, Parquet or JSON. `logs/no-such-log`, `logs/…` of a damaged one, `backup/not-a-bag`, `backup/inside-bag`, `disk/…`. */
export async function exportBagLogs(bag: string, request: BagLogsRequest): Promise<Result<ExportedLogs>> {
  const apart = await outsideBags(request.out);
  if (!apart.ok) return apart;
  const listed = await listLogs(bag);
  if (!listed.ok) return listed;
  const { recorder } = request;
  const wanted = listed.value.logs.filter(
    ({ sidecar }) => recorder === undefined || sidecar.recorder.id === recorder || sidecar.recorder.name === recorder,
  );
  // What was asked for may be the one whose description is lost: that is the reason then.
  const [unreadable] = listed.value.problems;
  if (unreadable !== undefined && wanted.length === 0) return { ok: false, problem: unreadable };
  if (listed.value.logs.length === 0 && !(await pathExists(join(bag, TAG_FILE.bagit)).catch(() => false))) {
    return { ok: false, problem: bagProblem('backup/not-a-bag', 'There is no such folder, or it has no bagit.txt.') };
  }
  if (wanted.length === 0) return noSuchLog(listed.value.logs, recorder);
  const asFile = wanted.length === 1 && request.out.toLowerCase().endsWith(`.${request.format}`);
  try {
    await makeFolders(asFile ? dirname(request.out) : request.out);
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, request.out, 'written') };
  }
  const fileOf = ({ sidecar }: LogInBag): string =>
    asFile ? request.out : join(request.out, `${logFileName(sidecar.recorder.id)}.${request.format}`);
  for (const log of wanted) {
    const free = await mayWriteLog(fileOf(log), request.overwrite ?? false);
    if (!free.ok) return free;
  }
  const exported: ExportedLog[] = [];
  const problems = recorder === undefined ? [...listed.value.problems] : [];
  for (const log of wanted) {
    const table = await readSealedLog(log, { signal: request.signal });
    // One damaged log hides no other; who asked for this one is told at once, and a stop is no damage.
    if (!table.ok && (recorder !== undefined || request.signal?.aborted === true)) return table;
    if (!table.ok) {
      problems.push(problemOfLog(table.problem, basename(log.csv)));
      continue;
    }
    const one = await exportTable(table.value, fileOf(log), request);
    if (!one.ok) return one;
    exported.push(one.value);
  }
  return ok({ logs: exported, problems });
}

async function exportTable(table: LogTable, file: string, request: BagLogsRequest): Promise<Result<ExportedLog>> {
  const { id, name } = table.sidecar.recorder;
  const { format, from, to } = request;
  const selection = selectRows(table, { from: from ?? null, to: to ?? null });
  const written = await writeWhole(file, (partial) => writeAs[format](table, selection, partial));
  if (!written.ok) return written;
  const { span, part } = selection;
  const { rows, first, last, gaps } = span;
  return ok({ recorder: { id, name }, file, rows, first, last, gaps, leftOut: part?.leftOut ?? NOTHING_LEFT_OUT });
}

const NOTHING_LEFT_OUT = { undated: 0, outside: 0 };

type Write = (table: LogTable, selection: Selection, file: string) => Promise<Result<unknown>>;

const writeAs: Readonly<Record<LogFormat, Write>> = {
  csv: exportLog,
  parquet: (table, { rows, span, part }, file) =>
    writeParquet(file, table, rows, { ...table.sidecar, ...span, ...(part === null ? {} : { part }) }),
  json: async (table, selection, file) =>
    selection.rows.length > MAX_JSON_ROWS
      ? tooLong(selection.rows.length)
      : writeFileDurably(file, jsonOf(table, selection)),
};

function jsonOf(table: LogTable, { rows, part }: Selection): string {
  const { recorder, columns, meter, readAt } = table.sidecar;
  const written = Array.from(rows, (row) => {
    const time = table.times[row] ?? Number.NaN;
    const values = columns.map((_, column) => cellOf(table, row, column));
    return [Number.isNaN(time) ? null : new Date(time).toISOString(), ...values];
  });
  const about = { recorder, columns, meter, readAt, ...(part === null ? {} : { part }) };
  return `${JSON.stringify({ format: 'meterwright-log-rows/1', ...about, rows: written })}\n`;
}

function noSuchLog(logs: readonly LogInBag[], wanted: string | undefined): Result<never> {
  const names = logs.map(({ sidecar: { recorder } }) => recorder.name ?? recorder.id).join(', ');
  return fail({
    code: 'logs/no-such-log',
    title: wanted === undefined ? 'The backup has no logs' : 'The backup has no such log',
    because: names === '' ? 'There is no log in it.' : `It has: ${names}.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'See meterwright logs list BAG.',
  });
}

function tooLong(rows: number): Result<never> {
  return fail({
    code: 'logs/too-large',
    title: 'The log is too long for a JSON document',
    because: `It has ${rows} rows; ${MAX_JSON_ROWS} are written at most.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose csv or parquet, or a shorter range.',
  });
}
