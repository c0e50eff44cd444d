import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import type { Problem, Result } from '../../../shared/domain/problem.ts';
import { ok } from '../../../shared/domain/problem.ts';
import { listLogs as listLogsOfBag } from '../../backup/logs/in-bag.ts';
import type { LogProgress } from '../../meter/logs/types.ts';
import { listLogs, readLog } from '../../services/logs/logs.ts';
import { accessFor, type CommandContext, houseFor } from '../context.ts';
import {
  EXIT,
  failedOutcome,
  type Outcome,
  type ProgressLine,
  problemLines,
  table,
  usageOutcome,
} from '../terminal.ts';

/** `logs list HOST|BAG`: a folder that has a bagit.txt is a bag, everything else is a meter. */
export async function list(context: CommandContext, subject: string): Promise<Outcome> {
  const found = (await isBag(subject)) ? await recordersOfBag(subject) : await recordersOfMeter(context, subject);
  if (!found.ok) return failedOutcome(found.problem);
  const recorders = found.value.recorders.map(plain);
  const [problem] = found.value.problems;
  if (problem === undefined) return { exit: EXIT.done, document: { recorders }, lines: listLines(recorders) };
  const known = { recorders, problems: found.value.problems };
  return {
    exit: EXIT.failed,
    document: { problem, ...known },
    lines: [...listLines(recorders), ...found.value.problems.flatMap(problemLines)],
  };
}

export interface ReadCommandOptions {
  readonly recorder: string;
  readonly from?: number;
  readonly to?: number;
  readonly out: string;
  readonly overwrite?: boolean;
}

/** `logs read HOST --recorder ID --out FILE.csv` */
export async function read(context: CommandContext, host: string, options: ReadCommandOptions): Promise<Outcome> {
  if (endsBeforeItBegins(options)) return usageOutcome('--from is later than --to.', 'logs read');
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const saved = await readLog(house.value, access, options.recorder, {
    out: options.out,
    overwrite: options.overwrite ?? false,
    signal: context.signal,
    onProgress: (progress) => context.terminal.progress(progressLine(host, options.recorder, progress)),
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
  });
  if (!saved.ok) return failedOutcome(saved.problem);
  const { sidecar, file } = saved.value;
  const { rows, first, last, gaps, gapCount, readout } = sidecar;
  const { id, name } = sidecar.recorder;
  const perSecond = readout.milliseconds > 0 ? Math.round((rows * 1000) / readout.milliseconds) : null;
  return {
    exit: EXIT.done,
    document: {
      ...readout,
      recorder: { id, name },
      rows,
      first,
      last,
      gaps,
      gapCount,
      perSecond,
      file: options.out,
      ...file,
    },
    lines: [
      `${rows} rows of ${name ?? id}, ${first ?? 'no time'} to ${last ?? 'no time'}, ${gapCount} gaps`,
      `${(readout.milliseconds / 1000).toFixed(1)} s, ${perSecond ?? '-'} rows/s, ${readout.roundTrips} round trips, ${readout.resumed} times connected again`,
      ...(readout.missed === undefined || readout.missed === 0
        ? []
        : [`${readout.missed} rows fell off the log while it was read: newer rows took their place.`]),
      `File    ${options.out}`,
      `SHA-256 ${file.sha256}`,
    ],
  };
}

/** ISO 8601 with a time zone, or a date, which is its start in UTC. A day that its month does not have is refused, not taken for one of the next. */
export function parseInstant(text: string): number {
  const [, day] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  const time = day === undefined ? Number.NaN : Date.parse(text);
  if (Number.isNaN(time) || new Date(Date.parse(day ?? '')).toISOString().slice(0, 10) !== day) {
    throw new InvalidArgumentError('Expected a date such as 2026-11-22, or a time such as 2026-11-22T08:00:00Z.');
  }
  return time;
}

/** A range that ends before it begins holds nothing: it is a slip, and no empty file is written for it. */
export function endsBeforeItBegins({ from, to }: { readonly from?: number; readonly to?: number }): boolean {
  return from !== undefined && to !== undefined && from > to;
}

/** Whether a subject of a command is the folder of a bag; everything else is the name of a meter. */
export async function isBag(subject: string): Promise<boolean> {
  try {
    return (await stat(join(subject, 'bagit.txt'))).isFile();
  } catch {
    // No such folder: it is the name of a host, and that is checked next.
    return false;
  }
}

/** The logs that can be read, and what is wrong with the others. */
interface Found {
  readonly recorders: readonly RecorderInfo[];
  readonly problems: readonly Problem[];
}

async function recordersOfBag(bag: string): Promise<Result<Found>> {
  const found = await listLogsOfBag(bag);
  if (!found.ok) return found;
  // What the bag holds, not what the meter held.
  const recorders = found.value.logs.map(({ sidecar }) => ({
    ...sidecar.recorder,
    entries: sidecar.rows,
    first: sidecar.first,
    last: sidecar.last,
  }));
  return ok({ recorders, problems: found.value.problems });
}

async function recordersOfMeter(context: CommandContext, host: string): Promise<Result<Found>> {
  const house = await houseFor(context.options);
  if (!house.ok) return house;
  const found = await listLogs(house.value, await accessFor(host, context.options, false), context.signal);
  return found.ok ? ok({ recorders: found.value, problems: [] }) : found;
}

/** Without what only reading needs. */
function plain(recorder: RecorderInfo & { readonly shape?: unknown }): RecorderInfo {
  const { shape: _, ...rest } = recorder;
  return rest;
}

function listLines(recorders: readonly RecorderInfo[]): readonly string[] {
  if (recorders.length === 0) return ['No logs.'];
  return [
    ...table(
      ['Id', 'Name', 'Rows', 'Every', 'Columns', 'First', 'Last'],
      recorders.map(({ id, name, entries, interval, columns, columnsNotExported, first, last, unreadable }) => [
        id,
        name ?? '-',
        unreadable === undefined ? String(entries) : '-',
        interval === 0 ? '-' : `${interval} s`,
        columnsNotExported === null || columnsNotExported === 0
          ? String(columns.length)
          : `${columns.length} of ${columns.length + columnsNotExported}`,
        first ?? '-',
        last ?? '-',
      ]),
    ),
    ...recorders.flatMap(({ id, unreadable }) =>
      unreadable === undefined ? [] : [`${id} cannot be read: ${unreadable}`],
    ),
    ...[...new Set(recorders.flatMap(({ sourcesUnknown }) => sourcesUnknown ?? []))].map(
      (because) => `How many sources a recorder has besides its columns is not known. ${because}`,
    ),
  ];
}

function progressLine(meter: string, recorder: string, progress: LogProgress): ProgressLine {
  const { rows, of, rowsPerSecond } = progress;
  const rate = Math.round(rowsPerSecond);
  if (of === null) return { meter, stage: recorder, message: `${rows} rows, ${rate} rows/s` };
  return {
    meter,
    stage: recorder,
    message: 'reading',
    unit: 'rows',
    done: Math.min(rows, of),
    total: of,
    perSecond: rate,
    ...(rate === 0 ? {} : { secondsLeft: Math.max(0, of - rows) / rate }),
  };
}
