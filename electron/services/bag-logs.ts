import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogGap, RecorderInfo } from '../../shared/domain/log.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import { type LogInBag, listLogs, logFileName } from '../backup/logs/in-bag.ts';
import { writeParquet } from '../backup/logs/parquet.ts';
import { readLogTable } from '../backup/logs/read.ts';
import { readSidecar } from '../backup/logs/sidecar.ts';
import type { LogTable } from '../backup/logs/types.ts';
import { diskProblem, writeFileDurably } from '../inventory/durable.ts';
import { exportLog } from './log-export.ts';
import { cellOf } from './log-views.ts';

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
  /** Milliseconds since 1970 UTC, both ends included; rows without a time are left out where one is given. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
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
}

/** What was written, and, where all logs were asked for, what is wrong with those that could not be. */
export interface ExportedLogs {
  readonly logs: readonly ExportedLog[];
  readonly problems: readonly Problem[];
}

/** Writes logs of a bag, or a range of them, as CSV with sidecar, Parquet or JSON. `logs/no-such-log`, `logs/…` of a damaged one, `disk/…`. */
export async function exportBagLogs(bag: string, request: BagLogsRequest): Promise<Result<ExportedLogs>> {
  const listed = await listLogs(bag);
  if (!listed.ok) return listed;
  const { recorder } = request;
  const wanted = listed.value.logs.filter(
    ({ sidecar }) => recorder === undefined || sidecar.recorder.id === recorder || sidecar.recorder.name === recorder,
  );
  // What was asked for may be the one whose description is lost: that is the reason then.
  const [unreadable] = listed.value.problems;
  if (unreadable !== undefined && wanted.length === 0) return { ok: false, problem: unreadable };
  if (wanted.length === 0) return noSuchLog(listed.value.logs, recorder);
  const asFile = wanted.length === 1 && request.out.toLowerCase().endsWith(`.${request.format}`);
  try {
    if (!asFile) await mkdir(request.out, { recursive: true });
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, request.out, 'written') };
  }
  const exported: ExportedLog[] = [];
  for (const { csv, sidecar } of wanted) {
    const table = await readLogTable(csv, { signal: request.signal });
    if (!table.ok) return table;
    const name = `${logFileName(sidecar.recorder.id)}.${request.format}`;
    const one = await exportTable(table.value, asFile ? request.out : join(request.out, name), request);
    if (!one.ok) return one;
    exported.push(one.value);
  }
  return ok({ logs: exported, problems: recorder === undefined ? listed.value.problems : [] });
}

async function exportTable(table: LogTable, file: string, request: BagLogsRequest): Promise<Result<ExportedLog>> {
  const { id, name } = table.sidecar.recorder;
  const part = partOf(table, request);
  const written = await writeAs(request.format, table, part, file, request);
  if (!written.ok) return written;
  const { rows, first, last, gaps } = written.value;
  return ok({ recorder: { id, name }, file, rows, first, last, gaps });
}

interface Part {
  readonly first: number;
  readonly end: number;
}

async function writeAs(
  format: LogFormat,
  table: LogTable,
  part: Part,
  file: string,
  { from = null, to = null }: { readonly from?: number | null | undefined; readonly to?: number | null | undefined },
): Promise<Result<Pick<ExportedLog, 'rows' | 'first' | 'last' | 'gaps'>>> {
  if (format === 'csv') {
    const written = await exportLog(table, { from, to, csv: file });
    return written.ok ? readSidecar(file) : written;
  }
  const facts = factsOf(table, part);
  if (format === 'json' && facts.rows > MAX_JSON_ROWS) return tooLong(facts.rows);
  const written =
    format === 'parquet' ? await writeParquet(file, table, part) : await writeFileDurably(file, jsonOf(table, part));
  return written.ok ? ok(facts) : written;
}

/** Times never go back in what is asked for by time; the rows of a range stand together. */
function partOf({ rows, times }: LogTable, { from, to }: Pick<BagLogsRequest, 'from' | 'to'>): Part {
  if (from === undefined && to === undefined) return { first: 0, end: rows };
  const isIn = (time: number | undefined): boolean =>
    time !== undefined &&
    !Number.isNaN(time) &&
    (from === undefined || time >= from) &&
    (to === undefined || time <= to);
  let first = 0;
  while (first < rows && !isIn(times[first])) first += 1;
  let end = rows;
  while (end > first && !isIn(times[end - 1])) end -= 1;
  return { first, end };
}

function factsOf({ sidecar, times }: LogTable, { first, end }: Part) {
  const dated = times.subarray(first, end).filter((time) => !Number.isNaN(time));
  const at = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString());
  const [from, to] = [at(dated[0]), at(dated[dated.length - 1])];
  const gaps = sidecar.gaps.filter(
    ({ after, before }) => from !== null && to !== null && after >= from && before <= to,
  );
  return { rows: end - first, first: from, last: to, gaps };
}

function jsonOf(table: LogTable, { first, end }: Part): string {
  const rows: unknown[] = [];
  for (let row = first; row < end; row += 1) {
    const time = table.times[row] ?? Number.NaN;
    const values = table.sidecar.columns.map((_, column) => cellOf(table, row, column));
    rows.push([Number.isNaN(time) ? null : new Date(time).toISOString(), ...values]);
  }
  const { recorder, columns, meter, readAt } = table.sidecar;
  return `${JSON.stringify({ format: 'meterwright-log-rows/1', recorder, columns, meter, readAt, rows })}\n`;
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
