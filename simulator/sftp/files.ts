import type { Stats } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../durable-file.ts';
import { FOLDERS, type FolderName, isFolder } from './folders.ts';
import { fromStoredName, isAllowedName, splitPath, toStoredName } from './names.ts';

/** Bytes that all files of the meter may take together, and that a single one may. */
export const CAPACITY = 256 * 1024 * 1024;
export const LARGEST_FILE = 64 * 1024 * 1024;

/** What a path means. `nothing`: no file of the meter can have it. */
export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'folder'; readonly folder: FolderName }
  | { readonly kind: 'file'; readonly folder: FolderName; readonly name: string }
  | { readonly kind: 'nothing' };

interface StoredFile {
  readonly name: string;
  readonly stats: Stats;
}

/** The meter's files on the host: one level of folders, one level of files. */
export interface MeterFiles {
  /** Path on the host. */
  pathOf(folder: FolderName, name: string): string;
  list(folder: FolderName): Promise<readonly StoredFile[]>;
  /** Undefined when there is no such file. */
  stat(folder: FolderName, name: string): Promise<Stats | undefined>;
  /** Removes a file; one that is not there is no failure. */
  remove(folder: FolderName, name: string): Promise<void>;
  /** Bytes that all files take. */
  used(): Promise<number>;
}

/** What a path of a client means; says nothing about whether the file exists. */
export function placeOf(path: string): Place {
  const [folder, name, ...more] = splitPath(path);
  if (folder === undefined) return { kind: 'root' };
  if (!isFolder(folder) || more.length > 0) return { kind: 'nothing' };
  if (name === undefined) return { kind: 'folder', folder };
  return isAllowedName(name) ? { kind: 'file', folder, name } : { kind: 'nothing' };
}

/** Makes the folders where they are missing. */
export async function openMeterFiles(root: string): Promise<MeterFiles> {
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
  const pathOf = (folder: FolderName, name: string): string => join(root, folder, toStoredName(name));

  async function statIfThere(path: string): Promise<Stats | undefined> {
    try {
      const stats = await stat(path);
      return stats.isFile() ? stats : undefined;
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT')) return undefined;
      throw thrown;
    }
  }

  async function list(folder: FolderName): Promise<readonly StoredFile[]> {
    const found: StoredFile[] = [];
    for (const stored of (await readdir(join(root, folder))).sort()) {
      const name = fromStoredName(stored);
      const stats = await statIfThere(join(root, folder, stored));
      if (name !== undefined && stats !== undefined) found.push({ name, stats });
    }
    return found;
  }

  return {
    pathOf,
    list,
    stat: (folder, name) => statIfThere(pathOf(folder, name)),
    remove: (folder, name) => rm(pathOf(folder, name), { force: true }),
    async used() {
      let bytes = 0;
      for (const folder of FOLDERS) for (const { stats } of await list(folder)) bytes += stats.size;
      return bytes;
    },
  };
}
