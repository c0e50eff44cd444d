import { dirname, join, resolve } from 'node:path';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { TAG_FILE } from '../bag/tag-files.ts';
import { pathExists } from './place.ts';

/**
 * Whether something may be written to `path`: never inside a backup, because one more file there, or another one in the place of a file, and the backup does not
 * verify any more. `backup/inside-bag` where a folder above it has a bagit.txt. What cannot be looked at is left to the write itself.
 */
export async function outsideBags(path: string): Promise<Result<void>> {
  const target = resolve(path);
  for (let folder = target; ; folder = dirname(folder)) {
    const isBag = await pathExists(join(folder, TAG_FILE.bagit)).catch(() => false);
    if (isBag) return inside(target, folder);
    if (dirname(folder) === folder) return ok(undefined);
  }
}

function inside(path: string, bag: string): Result<never> {
  return fail({
    code: 'backup/inside-bag',
    title: 'Nothing is written into a backup',
    because: `${path} is inside the backup ${bag}, which is sealed: with one more file in it, it would not verify any more.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Choose a folder outside of the backup.',
    details: { path, bag },
  });
}
