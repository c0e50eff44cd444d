import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { findRemains, type Remain, removeRemain } from '../backup/folder/remains.ts';
import { codeOf, diskProblem } from '../inventory/durable.ts';
import type { House } from './house.ts';

type Place = Pick<House, 'paths' | 'now'>;

/** What interrupted backups and log reads left in the data folder, or in `folder` where one is named. Removes nothing. */
export async function listRemains(house: Place, folder?: string): Promise<Result<readonly Remain[]>> {
  const folders = folder === undefined ? await foldersOf(house) : ok([resolve(folder)]);
  if (!folders.ok) return folders;
  const remains: Remain[] = [];
  for (const one of folders.value) {
    const found = await findRemains(one, house.now());
    if (!found.ok) return found;
    remains.push(...found.value);
  }
  return ok(remains);
}

/** Removes one of the data folder, because a person asked for it; see {@link removeRemain}. A path elsewhere is `remains/elsewhere`. */
export async function cleanInHome(house: Place, path: string): Promise<Result<Remain>> {
  const folders = await foldersOf(house);
  if (!folders.ok) return folders;
  if (folders.value.includes(dirname(path))) return removeRemain(path, house.now());
  return fail({
    code: 'remains/elsewhere',
    title: 'Only what lies in the data folder is removed here',
    because: `${path.slice(0, 500)} is in another folder.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Remove it with meterwright backup clean DIR.',
  });
}

/** Backups lie in one folder, logs in one for each meter. */
async function foldersOf({ paths }: Place): Promise<Result<readonly string[]>> {
  try {
    const entries = await readdir(paths.logs, { withFileTypes: true });
    const ofMeters = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(paths.logs, name));
    return ok([paths.backups, ...ofMeters]);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return ok([paths.backups]);
    return { ok: false, problem: diskProblem(thrown, paths.logs, 'read') };
  }
}
