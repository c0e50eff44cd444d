import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type {
  KeptLog,
  LogSource,
  RowsAnswer,
  SavedLog,
  SavedLogs,
  TrendAnswer,
} from '../../../shared/contract/logs.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { readSmallFile } from '../../backup/bag/read.ts';
import { notOfSeal, readSeals, sha256Of } from '../../backup/bag/seals.ts';
import { TAG_FILE } from '../../backup/bag/tag-files.ts';
import { parseEvidence } from '../../backup/evidence.ts';
import { type LogInBag, listLogs } from '../../backup/logs/in-bag.ts';
import { readSealedLog } from '../../backup/logs/seals.ts';
import { readSidecar } from '../../backup/logs/sidecar.ts';
import type { LogSidecar } from '../../backup/logs/types.ts';
import type { BackupEvidence } from '../../backup/types.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import type { HomePaths } from '../../inventory/home.ts';
import { createLogCache, type LogCache, type OpenLog } from './cache.ts';
import { exportLog, type WrittenPart } from './export.ts';
import { type LogRange, selectRows } from './part.ts';
import { rowAtTime, rowsOf, type TrendRequest, trendOf } from './views.ts';

/** An evidence record is a few kilobytes. */
const MAX_EVIDENCE = 4 * 1024 * 1024;
/** Logs of one meter that were read into the data folder and are offered, the newest first. */
const MAX_KEPT = 200;
/** Items of a backup that are about logs and waveforms. */
const LOG_ITEMS: ReadonlySet<string> = new Set(['recorder-logs', 'event-log', 'comtrade']);

/** Which log is meant. */
export interface WhichLog {
  readonly source: LogSource;
  /** OBIS code. */
  readonly recorder: string;
}

/** Logs for a screen: lists, slices and trends; never a whole log at once. */
export interface Logs {
  recorders(source: LogSource): Promise<Result<SavedLogs>>;
  trend(which: WhichLog, request: TrendRequest): Promise<Result<TrendAnswer>>;
  rows(which: WhichLog, start: number, count: number): Promise<Result<RowsAnswer>>;
  at(which: WhichLog, time: number): Promise<Result<{ row: number }>>;
  /** Writes the rows of a range, as `selectRows` means it. */
  export(which: WhichLog, range: LogRange & { readonly out: string }): Promise<Result<WrittenPart>>;
  kept(serial: string): Promise<Result<KeptLog[]>>;
}

/** Logs of backups wherever they lie, and logs that were read into the data folder. */
export function createLogs(
  paths: Pick<HomePaths, 'logs'>,
  cache: LogCache = createLogCache({ read: (csv, seal) => readSealedLog({ csv, seal }) }),
): Logs {
  async function opened({ source, recorder }: WhichLog): Promise<Result<OpenLog>> {
    const log = await findLog(paths, source, recorder);
    return log.ok ? cache.open(log.value.csv, log.value.seal) : log;
  }
  return {
    recorders: (source) => ('bag' in source ? logsOfBag(source.bag) : logOfFile(paths, source.file)),
    async trend(which, request) {
      const log = await opened(which);
      return log.ok ? trendOf(log.value, request) : log;
    },
    async rows(which, start, count) {
      const log = await opened(which);
      return log.ok ? ok(rowsOf(log.value, start, count)) : log;
    },
    async at(which, time) {
      const log = await opened(which);
      return log.ok ? ok({ row: rowAtTime(log.value, time) }) : log;
    },
    async export(which, { out, ...range }) {
      const log = await opened(which);
      if (!log.ok) return log;
      const { table } = log.value;
      return exportLog(table, selectRows(table, range), out);
    },
    kept: (serial) => keptLogs(join(paths.logs, folderOf(serial))),
  };
}

/** Name of the folder with the logs of a meter; a serial number comes from a meter and is no path. */
export function folderOf(serial: string): string {
  const name = serial.replace(/[^0-9A-Za-z._-]+/g, '-').slice(0, 80);
  return /^[.\s]*$/.test(name) ? 'unknown' : name;
}

/** What a bag says of itself, as it was sealed (`backup/…` where it is not); a folder without it is `logs/not-a-backup`. */
export async function evidenceOf(bag: string): Promise<Result<BackupEvidence>> {
  if (!isAbsolute(bag)) return notABag('Its path is not that of a folder on this PC.');
  try {
    const bytes = await readSmallFile(join(bag, 'evidence.json'), MAX_EVIDENCE);
    if (bytes === undefined) return notABag('Its evidence.json is too large.');
    const evidence = parseEvidence(bytes.toString('utf8'));
    if ('because' in evidence) return notABag(evidence.because);
    const seals = await readSeals(bag);
    if (!seals.ok) return seals;
    // A folder with a list of its files alone has no seal on its record.
    const sealed = seals.value?.has(TAG_FILE.manifest) === true;
    const wrong = sealed ? notOfSeal(seals.value, TAG_FILE.evidence, sha256Of(bytes)) : undefined;
    return wrong === undefined ? ok(evidence) : { ok: false, problem: wrong };
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return notABag('It has no evidence.json.');
    return { ok: false, problem: diskProblem(thrown, bag, 'read') };
  }
}

async function logsOfBag(bag: string): Promise<Result<SavedLogs>> {
  const evidence = await evidenceOf(bag);
  if (!evidence.ok) return evidence;
  const { identity, items } = evidence.value;
  const found = await listLogs(bag);
  return ok({
    meter: {
      serial: identity.serial,
      firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
      simulated: identity.simulated,
    },
    logs: found.ok ? found.value.logs.map(({ sidecar }) => savedOf(sidecar)) : [],
    items: items.filter(({ id }) => LOG_ITEMS.has(id)),
    problems: found.ok ? [...found.value.problems] : [found.problem],
  });
}

async function logOfFile(paths: Pick<HomePaths, 'logs'>, file: string): Promise<Result<SavedLogs>> {
  if (!isInside(paths.logs, file)) return { ok: false, problem: outside() };
  const sidecar = await readSidecar(file);
  if (!sidecar.ok) return sidecar;
  return ok({ meter: { ...sidecar.value.meter }, logs: [savedOf(sidecar.value)], items: [], problems: [] });
}

async function findLog(
  paths: Pick<HomePaths, 'logs'>,
  source: LogSource,
  recorder: string,
): Promise<Result<Pick<LogInBag, 'csv' | 'seal'>>> {
  if ('file' in source) {
    return isInside(paths.logs, source.file) ? ok({ csv: source.file, seal: null }) : { ok: false, problem: outside() };
  }
  const evidence = await evidenceOf(source.bag);
  if (!evidence.ok) return evidence;
  const found = await listLogs(source.bag);
  if (!found.ok) return found;
  const log = found.value.logs.find(({ sidecar }) => sidecar.recorder.id === recorder);
  if (log !== undefined) return ok(log);
  // What was asked for may be the one that is not as it was sealed: that is the reason then.
  const [first] = found.value.problems;
  return first === undefined ? noSuchLog(recorder) : { ok: false, problem: first };
}

async function keptLogs(folder: string): Promise<Result<KeptLog[]>> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.csv') && !name.endsWith('.partial.csv'));
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return ok([]);
    return { ok: false, problem: diskProblem(thrown, folder, 'read') };
  }
  const logs: KeptLog[] = [];
  for (const name of names.sort().reverse().slice(0, MAX_KEPT)) {
    const file = join(folder, name);
    const sidecar = await readSidecar(file);
    // A file without its sidecar is no log: a crash came between the two.
    if (!sidecar.ok || !(await stat(file)).isFile()) continue;
    const { recorder, rows, readAt } = savedOf(sidecar.value);
    logs.push({ file, recorder, rows, readAt });
  }
  return ok(logs.sort((a, b) => b.readAt.localeCompare(a.readAt)));
}

function savedOf(sidecar: LogSidecar): SavedLog {
  const { recorder, rows, first, last, gaps, gapCount, readout, readAt, continues } = sidecar;
  return {
    recorder: { ...recorder, columns: [...sidecar.columns] },
    rows,
    first,
    last,
    gaps: [...gaps],
    gapCount,
    readout,
    readAt,
    continues:
      continues === null
        ? null
        : { bag: continues.bag, overlap: continues.overlap, lastOfOlder: continues.lastOfOlder },
  };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, resolve(path));
  return isAbsolute(path) && way !== '' && !/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way);
}

function outside(): Problem {
  return {
    code: 'logs/outside',
    title: 'This file is not opened',
    because: 'A single log is opened only where Meterwright wrote it: in the folder of logs in its data folder.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Read the log from the meter again, or open the backup that holds it.',
    details: {},
  };
}

function notABag(because: string): Result<never> {
  return fail({
    code: 'logs/not-a-backup',
    title: 'This folder is no backup of Meterwright',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Open the folder of a backup itself: the one that has evidence.json in it.',
  });
}

function noSuchLog(recorder: string): Result<never> {
  return fail({
    code: 'logs/no-such-log',
    title: 'The backup has no such log',
    because: `No log in it has the code ${recorder.slice(0, 100)}.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose one of the logs in the list.',
  });
}
