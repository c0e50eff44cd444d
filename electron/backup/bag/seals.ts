import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { bagProblem } from '../problems.ts';
import { parseManifest } from './manifest.ts';
import { hashFile, localPath, readSmallFile } from './read.ts';
import { TAG_FILE } from './tag-files.ts';

const MAX_MANIFEST = 16 * 1024 * 1024;

/** SHA-256 (hex) of the files of a bag as they were sealed, by their paths below it; null for a folder that has no list of sealed files. */
export type Seals = ReadonlyMap<string, string> | null;

/** Fails with `backup/manifest-changed`, `backup/unsafe-path`, `backup/unreadable` or `disk/…`. */
export async function readSeals(bag: string): Promise<Result<Seals>> {
  const path = localPath(bag, TAG_FILE.manifest);
  let bytes: Buffer | undefined;
  try {
    bytes = await readSmallFile(path, MAX_MANIFEST);
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? ok(null) : { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
  if (bytes === undefined) {
    return { ok: false, problem: bagProblem('backup/unreadable', `${TAG_FILE.manifest} is too large.`) };
  }
  const entries = parseManifest(bytes.toString('utf8'));
  return entries.ok ? ok(new Map(entries.value.map(({ path: file, sha256 }) => [file, sha256]))) : entries;
}

/**
 * Why a file of a bag is not the one that was sealed: `backup/file-changed`, `backup/file-missing`, `backup/file-extra` where it never was, or `disk/…`;
 * undefined where it is, and in a folder that has no list.
 *
 * @param path below the bag, such as "data/logs/1.csv"
 */
export async function notAsSealed(bag: string, seals: Seals, path: string): Promise<Problem | undefined> {
  if (seals === null) return undefined;
  const sealed = seals.get(path);
  if (sealed === undefined) return bagProblem('backup/file-extra', `${path} is in no list of the backup.`, { path });
  try {
    const { sha256 } = await hashFile(localPath(bag, path));
    if (sha256 === sealed) return undefined;
    return bagProblem('backup/file-changed', `${path} is not the file that was sealed.`, { path });
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return bagProblem('backup/file-missing', `${path} is missing.`, { path });
    return diskProblem(thrown, path, 'read');
  }
}
