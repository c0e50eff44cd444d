import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { markUnfinished, workOn } from './unfinished.ts';

/** What a backup or the reading of a log left on the disk because its process was killed or the power failed. It is neither a backup nor a log. */
export interface Remain {
  readonly kind: 'backup' | 'log';
  /** The folder of a backup; of a log the unfinished `.csv`, or its description where only that is left. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** When something of it was last written, ISO 8601 UTC. */
  readonly changedAt: string;
  /** The process that wrote it, and when it began; null where that is not known. */
  readonly leftBy: { readonly pid: number; readonly since: string } | null;
  /** A process is writing it, or may be: then it is no remain yet, and is not removed. */
  readonly atWork: boolean;
}

/** What nobody signed is taken for unfinished work of somebody until nothing of it changed for so long. */
const QUIET_MS = 60 * 60 * 1000;
/** Remains that are listed of one folder, and files that are counted of one. */
const MAX_LISTED = 1_000;
const MAX_COUNTED = 100_000;
const MAX_DEPTH = 12;

/** What was left in `folder`, the newest first; a folder that is not there has none. Folders inside are not looked into. Removes nothing. */
export async function findRemains(folder: string, now: Date): Promise<Result<readonly Remain[]>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const found: Remain[] = [];
    for (const entry of entries.filter((one) => isRemain(one.name, one)).slice(0, MAX_LISTED)) {
      const remain = await describe(join(folder, entry.name), now);
      if (remain !== undefined) found.push(remain);
    }
    return ok(found.sort((a, b) => b.changedAt.localeCompare(a.changedAt)));
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return ok([]);
    return { ok: false, problem: diskProblem(thrown, folder, 'read') };
  }
}

/**
 * Removes one that {@link findRemains} finds: `remains/none` where `path` is none, `remains/at-work` where a process works on it,
 * `remains/not-removed` where the disk refuses. Nothing else is ever removed, and no link is followed.
 */
export async function removeRemain(path: string, now: Date): Promise<Result<Remain>> {
  let remain: Remain | undefined;
  try {
    if (isRemain(basename(path), await lstat(path))) remain = await describe(path, now);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
  if (remain === undefined) return none(path);
  if (remain.atWork) return atWork(path);
  // From here on nobody else begins to work on it, or to remove it.
  const mark = await markUnfinished(signedAs(path));
  if (!mark.ok) return mark.problem.code === 'inventory/locked' ? atWork(path) : mark;
  try {
    for (const part of partsOf(path)) await rm(part, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
    return ok(remain);
  } catch (thrown) {
    return fail({
      code: 'remains/not-removed',
      title: 'What was left could not be removed',
      because: `${path}: ${reasonOf(thrown)}`,
      meterState: METER_STATE.noMeter,
      nextStep: 'Close programs that have a file of it open, see that you may write in its folder, and try again.',
      details: { path },
    });
  } finally {
    await mark.value.release();
  }
}

/** By the names that only this program gives, and never a link. */
function isRemain(name: string, facts: { isDirectory(): boolean; isFile(): boolean }): boolean {
  if (facts.isDirectory()) return /^\..+\.partial$/.test(name);
  // The description alone is one only where its log is gone.
  return facts.isFile() && /.\.partial\.(csv|json|parquet)$/.test(name);
}

/** The description of a log has the mark of the log. */
function signedAs(path: string): string {
  return path.replace(/\.partial\.json$/, '.partial.csv');
}

/** A log and its description are one. */
function partsOf(path: string): readonly string[] {
  return path.endsWith('.csv') ? [path, path.replace(/csv$/, 'json')] : [path];
}

/** Undefined for the description of a log that is there, which tells of both; and for what went away in between. */
async function describe(path: string, now: Date): Promise<Remain | undefined> {
  const kind = path.endsWith('.partial') ? 'backup' : 'log';
  if (path.endsWith('.json') && (await sizeOf(path.replace(/json$/, 'csv'), 0)) !== undefined) return undefined;
  const sizes = (await Promise.all(partsOf(path).map((part) => sizeOf(part, 0)))).flatMap((size) => size ?? []);
  if (sizes.length === 0) return undefined;
  const changed = Math.max(...sizes.map((size) => size.changed));
  const { held, holder } = await workOn(signedAs(path));
  return {
    kind,
    path,
    files: sizes.reduce((sum, size) => sum + size.files, 0),
    bytes: sizes.reduce((sum, size) => sum + size.bytes, 0),
    changedAt: new Date(changed).toISOString(),
    leftBy: holder === null ? null : { pid: holder.pid, since: holder.takenAt },
    atWork: held || (holder === null && now.getTime() - changed < QUIET_MS),
  };
}

interface Size {
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Of a file, or of all that is in a folder; undefined for what is not there. */
async function sizeOf(path: string, depth: number): Promise<Size | undefined> {
  let size: Size;
  try {
    const facts = await lstat(path);
    if (!facts.isDirectory()) return { files: 1, bytes: facts.size, changed: facts.mtimeMs };
    size = { files: 0, bytes: 0, changed: facts.mtimeMs };
    if (depth >= MAX_DEPTH) return size;
    for (const name of await readdir(path)) {
      const inside = await sizeOf(join(path, name), depth + 1);
      if (inside === undefined) continue;
      size = {
        files: size.files + inside.files,
        bytes: size.bytes + inside.bytes,
        changed: Math.max(size.changed, inside.changed),
      };
      if (size.files > MAX_COUNTED) break;
    }
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
  return size;
}

function none(path: string): Result<never> {
  return fail({
    code: 'remains/none',
    title: 'There is nothing to be removed',
    because: `${path.slice(0, 500)} is not what an interrupted backup or log read left.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Read the list again; it may have been removed meanwhile.',
  });
}

function atWork(path: string): Result<never> {
  return fail({
    code: 'remains/at-work',
    title: 'It is still being written',
    because: `A process works on ${path.slice(0, 500)}, or it changed within the last hour and nobody signed it.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Wait for the backup or the log to end, or stop it; then try again.',
  });
}
