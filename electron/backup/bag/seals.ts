import { createHash } from 'node:crypto';
import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { bagProblem } from '../problems.ts';
import { parseManifest } from './manifest.ts';
import { hashFile, localPath, readSmallFile } from './read.ts';
import { checkSignature } from './signature.ts';
import { TAG_FILE } from './tag-files.ts';

const MAX_TAG_FILE = 16 * 1024 * 1024;

/** SHA-256 (hex) of the files of a bag as they were sealed, by their paths below it; null for a folder that has no list of sealed files. */
export type Seals = ReadonlyMap<string, string> | null;

/**
 * What a bag was sealed with: the signature, where there is one, has to fit the list of tag files, and that one the list of files. Whose signature it is,
 * is left to the verification. Fails with `backup/bad-signature`, `backup/manifest-changed`, `backup/file-missing`, `backup/unsafe-path`,
 * `backup/unreadable` or `disk/…`.
 */
export async function readSeals(bag: string): Promise<Result<Seals>> {
  const tags = await readTag(bag, TAG_FILE.tagManifest);
  if (!tags.ok) return tags;
  const files = await readTag(bag, TAG_FILE.manifest);
  if (!files.ok) return files;
  const sealed = new Map<string, string>();
  if (tags.value !== undefined) {
    const wrong = await notSigned(bag, tags.value);
    if (wrong !== undefined) return { ok: false, problem: wrong };
    const added = addEntries(sealed, tags.value);
    if (!added.ok) return added;
    if (files.value === undefined) return missing(TAG_FILE.manifest);
    if (sealed.get(TAG_FILE.manifest) !== sha256Of(files.value)) return changed(TAG_FILE.manifest);
  }
  if (files.value === undefined) return ok(null);
  const added = addEntries(sealed, files.value);
  return added.ok ? ok(sealed) : added;
}

/**
 * Why a file of a bag is not the one that was sealed: `backup/file-changed`, `backup/file-missing`, `backup/file-extra` where it never was, or `disk/…`;
 * undefined where it is, and in a folder that has no list.
 *
 * @param path below the bag, such as "data/logs/1.csv"
 */
export async function notAsSealed(bag: string, seals: Seals, path: string): Promise<Problem | undefined> {
  if (seals === null) return undefined;
  try {
    // What was never sealed need not be read.
    return notOfSeal(seals, path, seals.has(path) ? (await hashFile(localPath(bag, path))).sha256 : '');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return bagProblem('backup/file-missing', `${path} is missing.`, { path });
    return diskProblem(thrown, path, 'read');
  }
}

/** {@link notAsSealed} for a file that was read already: `sha256` (hex) is that of the bytes that were judged. */
export function notOfSeal(seals: Seals, path: string, sha256: string): Problem | undefined {
  const sealed = seals?.get(path);
  if (seals === null || sealed === sha256) return undefined;
  return sealed === undefined
    ? bagProblem('backup/file-extra', `${path} is in no list of the backup.`, { path })
    : bagProblem('backup/file-changed', `${path} is not the file that was sealed.`, { path });
}

/** SHA-256 (hex) of bytes in memory. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A tag file; undefined where there is none. */
async function readTag(bag: string, name: string): Promise<Result<Buffer | undefined>> {
  const path = localPath(bag, name);
  try {
    const bytes = await readSmallFile(path, MAX_TAG_FILE);
    return bytes === undefined
      ? { ok: false, problem: bagProblem('backup/unreadable', `${name} is too large.`) }
      : ok(bytes);
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? ok(undefined) : { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
}

async function notSigned(bag: string, tagManifest: Buffer): Promise<Problem | undefined> {
  const signature = await readTag(bag, TAG_FILE.signature);
  if (!signature.ok) return signature.problem;
  if (signature.value === undefined) return undefined;
  const found = checkSignature(signature.value.toString('utf8'), tagManifest);
  return found.kind === 'bad' ? bagProblem('backup/bad-signature', found.because) : undefined;
}

function addEntries(sealed: Map<string, string>, manifest: Buffer): Result<void> {
  const entries = parseManifest(manifest.toString('utf8'));
  if (!entries.ok) return entries;
  for (const { path, sha256 } of entries.value) sealed.set(path, sha256);
  return ok(undefined);
}

function missing(path: string): Result<never> {
  return { ok: false, problem: bagProblem('backup/file-missing', `${path} is missing.`, { path }) };
}

function changed(path: string): Result<never> {
  return {
    ok: false,
    problem: bagProblem('backup/manifest-changed', `${path} is not the file that was sealed.`, { path }),
  };
}
