import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { bagProblem } from '../problems.ts';
import { sealedLogs } from './seals.ts';
import { readSidecar } from './sidecar.ts';
import type { LogSidecar } from './types.ts';

/** More logs than any meter has recorders. */
const MAX_LOGS = 1_000;

/** A log that lies in a bag. */
export interface LogInBag {
  /** Path of the `.csv` on this PC. */
  readonly csv: string;
  readonly sidecar: LogSidecar;
  /** SHA-256 (hex) of the `.csv` as it was sealed; null where the folder has no list of sealed files. */
  readonly sealed: string | null;
}

/** Name without extension of a log in a bag: "1-0:99.1.0*255" gives "1-0-99-1-0-255". */
export function logFileName(id: string): string {
  return id.replace(/[^0-9A-Za-z]+/g, '-').slice(0, 60);
}

/** What `listLogs` finds. */
export interface LogsInBag {
  readonly logs: readonly LogInBag[];
  /** One for each log that is gone, or whose sidecar is missing or cannot be read; each names its file. The other logs stand in spite of it. */
  readonly problems: readonly Problem[];
}

/** The logs of a bag in the order of their names; a bag without logs has an empty list. Nothing is verified. Only a folder that cannot be listed fails. */
export async function listLogs(bag: string): Promise<Result<LogsInBag>> {
  const folder = join(bag, 'data', 'logs');
  const sealed = await sealedLogs(bag);
  const seals = sealed.ok ? sealed.value : new Map<string, string>();
  let names: string[] = [];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort();
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { ok: false, problem: diskProblem(thrown, folder, 'read') };
  }
  const logs: LogInBag[] = [];
  const problems: Problem[] = sealed.ok ? [] : [sealed.problem];
  for (const name of seals.keys()) {
    if (!names.includes(name)) problems.push(bagProblem('backup/file-missing', `data/logs/${name} is missing.`));
  }
  for (const name of names.slice(0, MAX_LOGS)) {
    const csv = join(folder, name);
    const sidecar = await readSidecar(csv);
    if (sidecar.ok) logs.push({ csv, sidecar: sidecar.value, sealed: seals.get(name) ?? null });
    else problems.push(problemOfLog(sidecar.problem, name));
  }
  return ok({ logs, problems });
}

/** The problem of one log of several, with the name of its file. */
export function problemOfLog(found: Problem, file: string): Problem {
  return { ...found, because: `${file}: ${found.because}`, details: { ...found.details, log: file } };
}
