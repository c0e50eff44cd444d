import type { RowsAnswer, TrendAnswer } from '../../../shared/contract/logs.ts';
import { GAPS_NAMED } from '../../../shared/contract/logs.ts';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import {
  gapAfter,
  planTrend,
  rowAt,
  type TrendSeries,
  trendGaps,
  trendSeries,
  trendTimes,
} from '../../../shared/domain/trend.ts';
import type { LogTable } from '../../backup/logs/types.ts';
import type { OpenLog } from './cache.ts';

/** What part of a trend is asked for; without ends all of it. */
export interface TrendRequest {
  readonly columns: readonly number[];
  readonly from: number | null;
  readonly to: number | null;
  readonly points: number;
}

/** A trend of some columns. Between columns other work of the engine gets its turn. */
export async function trendOf(log: OpenLog, request: TrendRequest): Promise<Result<TrendAnswer>> {
  const { table, times } = log;
  const wrong = request.columns.find((column) => column >= table.sidecar.columns.length);
  if (wrong !== undefined) return noColumn(wrong, table);
  const whole = { from: times[0] ?? Number.NaN, to: times[times.length - 1] ?? Number.NaN };
  if (times.length === 0) return ok(nothing(request.columns.length));
  const view = {
    from: request.from ?? whole.from,
    to: request.to ?? whole.to,
    points: request.points,
    gapAfter: gapAfter(table.sidecar.recorder.interval),
  };
  const plan = planTrend(times, view);
  const series: TrendSeries[] = [];
  for (const column of request.columns) {
    await turn();
    series.push(trendSeries(log.column(column), plan));
  }
  const { gaps, count } = trendGaps(times, view, GAPS_NAMED);
  return ok({
    whole,
    times: trendTimes(times, plan),
    series,
    gaps,
    gapCount: count,
    thinned: plan.thinned,
    rows: plan.end - plan.first,
  });
}

/** Rows of a log as they are in its file; fewer than asked for at its end. */
export function rowsOf({ table }: OpenLog, start: number, count: number): RowsAnswer {
  const first = Math.min(start, table.rows);
  const rows = Array.from({ length: Math.min(count, table.rows - first) }, (_, index) => first + index);
  return {
    total: table.rows,
    start: first,
    times: rows.map((row) => finite(table.times[row])),
    origins: rows.map((row) => ORIGINS[table.origins[row] ?? 0] ?? 'none'),
    values: rows.map((row) => table.sidecar.columns.map((_, column) => cellOf(table, row, column))),
  };
}

/** The row of the file whose time is the given one or the next; the last dated one where there is none. */
export function rowAtTime(log: OpenLog, time: number): number {
  if (log.times.length === 0) return 0;
  return log.rowOf(Math.min(rowAt(log.times, time), log.times.length - 1));
}

/** What a row has in a column: a number, else a text, else nothing. */
export function cellOf(table: LogTable, row: number, column: number): number | string | null {
  return finite(table.numbers[column]?.[row]) ?? table.texts[column]?.[row] ?? null;
}

const ORIGINS = ['none', 'meter', 'rebuilt'] as const;

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function nothing(columns: number): TrendAnswer {
  const series = Array.from({ length: columns }, () => ({ values: [], min: null, max: null, last: null, count: 0 }));
  return { whole: null, times: [], series, gaps: [], gapCount: 0, thinned: false, rows: 0 };
}

function noColumn(column: number, table: LogTable): Result<never> {
  return fail({
    code: 'logs/no-column',
    title: 'The log has no such column',
    because: `Column ${column + 1} was asked for, and the log has ${table.sidecar.columns.length}.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose the log again.',
  });
}

function turn(): Promise<void> {
  return new Promise((settle) => setImmediate(settle));
}
