import { rename, rm } from 'node:fs/promises';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import { pathExists } from '../../backup/folder/place.ts';
import { markUnfinished } from '../../backup/folder/unfinished.ts';
import { sidecarPath } from '../../backup/logs/sidecar.ts';
import { diskProblem } from '../../inventory/durable.ts';

/** What a log consists of on the disk, in the order in which it gets its names: a log without its description cannot be opened. */
function filesOf(file: string): readonly string[] {
  return /\.csv$/i.test(file) ? [sidecarPath(file), file] : [file];
}

/** Whether a log may be written there: never inside a backup, and over what is there only where somebody said so (`logs/file-exists`). */
export async function mayWriteLog(file: string, overwrite: boolean): Promise<Result<void>> {
  const apart = await outsideBags(file);
  if (!apart.ok || overwrite) return apart;
  for (const path of filesOf(file)) {
    try {
      if (await pathExists(path)) return exists(path);
    } catch (thrown) {
      return { ok: false, problem: diskProblem(thrown, path, 'read') };
    }
  }
  return ok(undefined);
}

/**
 * Writes a log under a name with `.partial` before its extension, and gives it its own when it is whole. What fails or is stopped leaves no file,
 * and what was there untouched.
 */
export async function writeWhole<T>(file: string, write: (partial: string) => Promise<Result<T>>): Promise<Result<T>> {
  const partial = file.replace(/(\.[a-z]+)$/i, '.partial$1');
  const mark = await markUnfinished(partial);
  if (!mark.ok) return mark;
  const [from, to] = [filesOf(partial), filesOf(file)];
  const named = async (written: Result<T>): Promise<Result<T>> => {
    try {
      for (const [index, path] of from.entries()) await rename(path, to[index] ?? file);
      return written;
    } catch (thrown) {
      return { ok: false, problem: diskProblem(thrown, file, 'written') };
    }
  };
  try {
    const written = await write(partial);
    return written.ok ? await named(written) : written;
  } finally {
    await Promise.all(from.map((path) => rm(path, { force: true })));
    await mark.value.release();
  }
}

function exists(path: string): Result<never> {
  return fail({
    code: 'logs/file-exists',
    title: 'There is a file of this name already',
    because: `${path} exists, and nothing is overwritten without being told to.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Choose another name, or allow the file to be replaced (--overwrite).',
    details: { path },
  });
}
