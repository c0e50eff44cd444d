import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those above it that are missing; one that is there is left as it is. Rejects like `mkdir`, and always at once: the recursive
 * `mkdir` of Node tries for ever where the folder above exists and nothing can be made in it (ENOENT below /proc).
 *
 * @param mode permissions of the new folders where the system has them
 */
export async function makeFolders(path: string, mode = 0o777): Promise<void> {
  const folder = resolve(path);
  if (await madeFolder(folder, mode)) return;
  await makeFolders(dirname(folder), mode);
  await mkdir(folder, { mode }).catch((thrown: unknown) => unlessFolder(folder, thrown));
}

/** False where a folder above is missing. */
async function madeFolder(folder: string, mode: number): Promise<boolean> {
  try {
    await mkdir(folder, { mode });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT' && dirname(folder) !== folder) return false;
    await unlessFolder(folder, thrown);
  }
  return true;
}

/** A drive of Windows or a read-only disk refuses to make what is there: EPERM or EROFS in place of EEXIST. */
async function unlessFolder(folder: string, thrown: unknown): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw thrown;
}
