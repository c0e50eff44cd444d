import type { Problem } from '../../../shared/domain/problem.ts';
import type { ProfileRow, ProfileSelection, ProfileShape } from '../../protocols/dlms/types.ts';
import { changedProblem, isRefusal, readColumns } from './attributes.ts';
import { rowMaker } from './cells.ts';
import type { LogProgress, LogReadOptions, LogRow, MeterRecorder } from './types.ts';
import type { Way } from './way.ts';

/** How a request for rows ended. `lost`: the association has to be made again. `refused`: the meter does not select like this. */
export type Fetched =
  | { readonly kind: 'done' }
  /** `onRows` asked for the end. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'lost'; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Takes rows of the buffer; `stop` ends the request. */
export type TakeRows = (rows: readonly ProfileRow[]) => Promise<'stop' | undefined>;

/** What the ways of reading a log share: requests, what was handed over, and making the association again. */
export interface Reading {
  readonly way: Way;
  readonly shape: ProfileShape;
  readonly options: LogReadOptions;
  readonly signal: AbortSignal;
  fetch(selection: ProfileSelection, take: TakeRows): Promise<Fetched>;
  /** Hands rows over, those outside the range that was asked for left out. */
  deliver(rows: readonly ProfileRow[]): Promise<void>;
  /** Rows that were handed over or left out on purpose: the place in the log. */
  readonly passed: () => number;
  /** After `lost`: makes the association again, unless that has brought no new row several times. A problem is the end. */
  recover(problem: Problem): Promise<Problem | undefined>;
  readonly counts: {
    rows: number;
    rebuilt: number;
    undated: number;
    bytes: number;
    resumed: number;
  };
}

/** The connection is gone, or the transfer in blocks is; the same question may be answered on a new association. */
const LOST: ReadonlySet<string> = new Set([
  'dlms/closed',
  'dlms/timeout',
  'dlms/malformed',
  'dlms/busy',
  'dlms/access-temporary-failure',
  'dlms/access-block-unavailable',
  'dlms/access-long-get-aborted',
  'dlms/access-no-long-get',
  'dlms/access-block-number-invalid',
]);
/** Associations in a row that bring no new row. */
const MOST_IN_VAIN = 6;
const PROGRESS_MS = 250;

/** Ends a request from inside; caught where it is thrown through. */
const STOP = new Error('enough rows');

/** Starts the accounts of one read. `of` is the number of rows that are expected, if it is known. */
export function startReading(parts: {
  readonly way: Way;
  readonly recorder: MeterRecorder;
  readonly shape: ProfileShape;
  readonly onRows: (rows: readonly LogRow[]) => void | Promise<void>;
  readonly options: LogReadOptions;
  readonly signal: AbortSignal;
  readonly of: number | null;
  readonly trips: number;
}): Reading {
  const { way, recorder, shape, onRows, options, signal, of } = parts;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  const whole = options.from === undefined && options.to === undefined;
  const toRow = rowMaker(recorder.columns);
  const counts = { rows: 0, rebuilt: 0, undated: 0, bytes: 0, resumed: 0 };
  const started = performance.now();
  let passed = 0;
  let told = started;
  let inVain = 0;
  let rowsBefore = 0;

  function progress(now: number): void {
    told = now;
    const seconds = (now - started) / 1000;
    const note: LogProgress = {
      rows: counts.rows,
      of,
      rowsPerSecond: seconds > 0 ? counts.rows / seconds : 0,
      roundTrips: way.roundTrips() - parts.trips,
    };
    options.onProgress?.(note);
  }

  async function deliver(rows: readonly ProfileRow[]): Promise<void> {
    passed += rows.length;
    const wanted = whole ? rows : rows.filter(({ time }) => time !== null && time >= from && time <= to);
    if (wanted.length === 0) return;
    for (const row of wanted) {
      if (row.rebuilt) counts.rebuilt += 1;
      if (row.time === null) counts.undated += 1;
    }
    counts.rows += wanted.length;
    await onRows(wanted.map(toRow));
    const now = performance.now();
    if (now - told >= PROGRESS_MS) progress(now);
  }

  return {
    way,
    shape,
    options,
    signal,
    deliver,
    counts,
    passed: () => passed,
    async fetch(selection, take) {
      const onPiece = async (rows: readonly ProfileRow[]): Promise<void> => {
        if ((await take(rows)) === 'stop') throw STOP;
      };
      try {
        const read = await way.client().readProfile(shape, selection, onPiece, signal);
        if (read.ok) {
          counts.bytes += read.value.bytes;
          return { kind: 'done' };
        }
        const { problem } = read;
        counts.bytes += Number(problem.details['bytes'] ?? 0);
        if (isLost(problem)) return { kind: 'lost', problem };
        return { kind: isRefusal(problem) ? 'refused' : 'failed', problem };
      } catch (thrown) {
        if (thrown === STOP) return { kind: 'stopped' };
        throw thrown;
      }
    },
    async recover(problem) {
      inVain = passed > rowsBefore ? 0 : inVain + 1;
      rowsBefore = passed;
      if (inVain >= MOST_IN_VAIN) return problem;
      const gone = await way.again(signal);
      if (gone !== undefined)
        return gone.code === 'aborted' ? gone : { ...gone, details: { ...gone.details, rows: counts.rows } };
      counts.resumed += 1;
      const columns = await readColumns(way.client(), shape.obis, signal);
      // Lost again: the next request says so and is counted as the next attempt.
      if (!columns.ok) return columns.problem.code === 'aborted' ? columns.problem : undefined;
      return sameColumns(columns.value, shape) ? undefined : changedProblem(shape.obis, counts.rows);
    },
  };
}

/** Whether the same question may be answered on another association. */
export function isLost({ code }: Problem): boolean {
  return LOST.has(code);
}

/** Whether the columns are those that were found when the log was listed. */
export function sameColumns(now: unknown, shape: ProfileShape): boolean {
  return JSON.stringify(now) === JSON.stringify(shape.columns);
}

/**
 * The row with its time, where the meter left it out at the start of an answer: it is the time of the row before, which came in another answer, plus the
 * interval.
 */
export function dated(row: ProfileRow, before: ProfileRow | undefined, period: number): ProfileRow {
  if (row.time !== null || row.clock !== null || period === 0) return row;
  const time = before?.time ?? null;
  return time === null ? row : { ...row, time: time + period * 1000, rebuilt: true };
}
