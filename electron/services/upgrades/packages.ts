import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchivedPackage } from '../../../shared/contract/views.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import type { House } from '../house.ts';

/** Folder of the archive, in the data folder: `<sha256>/<name>` for every file that a job was made from. */
export function archiveFolder(house: Pick<House, 'paths'>): string {
  return join(house.paths.home, 'packages');
}

/** What lies in the archive, newest first. Fails only on a disk that refuses. */
export async function listArchive(house: Pick<House, 'paths'>): Promise<Result<ArchivedPackage[]>> {
  const root = archiveFolder(house);
  const found: ArchivedPackage[] = [];
  try {
    for (const folder of await namesIn(root)) {
      if (!/^[0-9a-f]{64}$/.test(folder)) continue;
      for (const name of await namesIn(join(root, folder))) {
        const file = join(root, folder, name);
        const facts = await stat(file);
        // A name that begins with a dot is one that is still being written.
        if (!facts.isFile() || name.startsWith('.')) continue;
        found.push({ file, name, bytes: facts.size, archivedAt: facts.mtime.toISOString() });
      }
    }
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, root, 'read') };
  }
  return ok(found.sort((a, b) => b.archivedAt.localeCompare(a.archivedAt)));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    // No archive yet, or a file where a folder was expected: there is nothing to list.
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return [];
    throw thrown;
  }
}
