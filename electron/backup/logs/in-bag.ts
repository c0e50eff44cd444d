import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { notOfSeal, readSeals, type Seals, sha256Of } from '../bag/seals.ts';
import { bagProblem } from '../problems.ts';
import { readSidecarBytes, sidecarPath } from './sidecar.ts';
import type { LogSidecar } from './types.ts';

/** More logs than any meter has recorders. */
const MAX_LOGS = 1_000;
const SEALED_LOG = /^data\/logs\/([^/]+\.csv)$/;

/** What the `.csv` of a log has to be. */
export interface LogSeal {
  /** Below the bag. */
  readonly path: string;
  /** SHA-256 (hex). */
  readonly sha256: string;
}

/** A log that lies in a bag; `seal` is null where the folder has no list of sealed files. */
export interface LogInBag {
  /** Path of the `.csv` on this PC. */
  readonly csv: string;
  readonly sidecar: LogSidecar;
  readonly seal: LogSeal | null;
}

/** Name without extension of a log in a bag: "1-0:99.1.0*255" gives "1-0-99-1-0-255". */
export function logFileName(id: string): string {
  return id.replace(/[^0-9A-Za-z]+/g, '-').slice(0, 60);
}

/** What `listLogs` finds. */
export interface LogsInBag {
  readonly logs: readonly LogInBag[];
  /** One for each log that is gone, or that was never sealed, or whose sidecar is missing, cannot be read or is not the one that was sealed; each names its file. The others stand in spite of it. */
  readonly problems: readonly Problem[];
}

/**
 * The logs of a bag in the order of their names; a bag without logs has an empty list. The sidecars are held to the seals of the bag, the rows are not read. Fails where the folder
 * cannot be listed; where the seals themselves are wrong there is no log, and that problem.
 */
export async function listLogs(bag: string): Promise<Result<LogsInBag>> {
  const folder = join(bag, 'data', 'logs');
  const seals = await readSeals(bag);
  if (!seals.ok) return ok({ logs: [], problems: [seals.problem] });
  let names: string[] = [];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort();
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { ok: false, problem: diskProblem(thrown, folder, 'read') };
  }
  const logs: LogInBag[] = [];
  const problems: Problem[] = [];
  for (const path of seals.value?.keys() ?? []) {
    const name = SEALED_LOG.exec(path)?.[1];
    if (name !== undefined && !names.includes(name)) {
      problems.push(bagProblem('backup/file-missing', `${path} is missing.`, { path }));
    }
  }
  for (const name of names.slice(0, MAX_LOGS)) {
    const log = await logInBag(join(folder, name), seals.value);
    if (log.ok) logs.push(log.value);
    else problems.push(problemOfLog(log.problem, name));
  }
  return ok({ logs, problems });
}

async function logInBag(csv: string, seals: Seals): Promise<Result<LogInBag>> {
  const read = await readSidecarBytes(csv);
  if (!read.ok) return read;
  const { sidecar, bytes } = read.value;
  if (seals === null) return ok({ csv, sidecar, seal: null });
  const path = `data/logs/${basename(csv)}`;
  const sha256 = seals.get(path);
  if (sha256 === undefined) {
    return { ok: false, problem: bagProblem('backup/file-extra', `${path} is in no list of the backup.`, { path }) };
  }
  const wrong = notOfSeal(seals, `data/logs/${basename(sidecarPath(csv))}`, sha256Of(bytes));
  if (wrong !== undefined) return { ok: false, problem: wrong };
  return ok({ csv, sidecar, seal: { path, sha256 } });
}

/** The problem of one log of several, with the name of its file. */
export function problemOfLog(found: Problem, file: string): Problem {
  return { ...found, because: `${file}: ${found.because}`, details: { ...found.details, log: file } };
}
