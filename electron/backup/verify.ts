import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Problem, reasonOf } from '../../shared/domain/problem.ts';
import type { InstallationKey } from '../inventory/installation-key.ts';
import { type ManifestEntry, parseManifest } from './bag/manifest.ts';
import { type FolderListing, hashFile, listFolder, localPath, readSmallFile } from './bag/read.ts';
import { checkSignature } from './bag/signature.ts';
import { BAGIT_TXT, LISTED_TAG_FILES, parsePayloadOxum, TAG_FILE } from './bag/tag-files.ts';
import { parseEvidence } from './evidence.ts';
import { bagProblem, verdictOf } from './problems.ts';
import type { BackupEvidence, BackupVerification } from './types.ts';
import { checkContent } from './verify-content.ts';

/** Tag files are read whole; the largest bag of this tool has a manifest of a few megabytes. */
const MAX_TAG_FILE = 32 * 1024 * 1024;

export interface VerifyOptions {
  /** Clock of this PC; given in tests. */
  readonly now?: () => Date;
  /** The installation that should have sealed the bag; without it, any valid signature will do. */
  readonly trustedKey?: Pick<InstallationKey, 'fingerprint'>;
}

/**
 * Reads a bag again from the disk and checks everything: form, every hash, nothing missing, nothing added, safe paths, size, signature,
 * record, logs and waveform records. `verified` needs every check to pass, a valid signature among them. What can be wrong with a bag is a finding, never an exception.
 */
export async function verifyBackup(dir: string, options: VerifyOptions = {}): Promise<BackupVerification> {
  const at = (options.now?.() ?? new Date()).toISOString();
  const refuse = (found: Problem): BackupVerification => ({
    verdict: verdictOf([found]),
    problems: [found],
    fingerprint: null,
    evidence: null,
    at,
    files: 0,
    bytes: 0,
  });
  const root = resolve(dir);
  if (isUnfinished(root)) {
    return refuse(
      bagProblem('backup/not-a-bag', 'The backup was interrupted before it was sealed (its name ends with .partial).'),
    );
  }
  try {
    const found = await stat(root).catch(() => undefined);
    if (found?.isDirectory() !== true) return refuse(bagProblem('backup/not-a-bag', 'There is no such folder.'));
    const listing = await listFolder(root);
    if (!listing.files.has(TAG_FILE.bagit) && !listing.files.has(TAG_FILE.tagManifest)) {
      return refuse(bagProblem('backup/not-a-bag', 'The folder has no bagit.txt.'));
    }
    return { ...(await check(root, listing, options)), at };
  } catch (thrown) {
    return refuse(bagProblem('backup/unreadable', reasonOf(thrown)));
  }
}

/** True for the folder of a backup that was never sealed. */
function isUnfinished(root: string): boolean {
  return /^\..*\.partial$/i.test(basename(root));
}

async function check(
  root: string,
  listing: FolderListing,
  options: VerifyOptions,
): Promise<Omit<BackupVerification, 'at'>> {
  const problems: Problem[] = listing.refused.map((path) =>
    bagProblem('backup/unsafe-path', `${path} is a link or no regular file.`, { path }),
  );
  const tags = await readTags(root, listing);
  const tagManifest = tags.get(TAG_FILE.tagManifest);
  if (tags.get(TAG_FILE.bagit)?.toString('utf8') !== BAGIT_TXT) {
    problems.push(bagProblem('backup/not-a-bag', 'bagit.txt does not declare BagIt 1.0 with UTF-8.'));
  }
  const tagEntries = entriesOf(tagManifest, TAG_FILE.tagManifest, problems);
  const entries = entriesOf(tags.get(TAG_FILE.manifest), TAG_FILE.manifest, problems);
  checkTags(tagEntries, tags, problems);
  const sum = await checkPayload(root, listing, entries, problems);
  checkExtra(listing, tagEntries, entries, problems);
  checkOxum(tags.get(TAG_FILE.info), sum, problems);
  checkOrigin(tags.get(TAG_FILE.signature), tagManifest, options.trustedKey, problems);
  const evidence = evidenceOf(tags.get(TAG_FILE.evidence), problems);
  // Only bytes that are those that were sealed are worth decoding.
  if (verdictOf(problems) !== 'mismatch') problems.push(...(await checkContent(root)));
  return {
    verdict: verdictOf(problems),
    problems,
    fingerprint: tagManifest === undefined ? null : sha256(tagManifest),
    evidence,
    ...sum,
  };
}

/** Every tag file is read once: the bytes that are hashed are the bytes that are judged. */
async function readTags(root: string, listing: FolderListing): Promise<ReadonlyMap<string, Buffer>> {
  const tags = new Map<string, Buffer>();
  for (const name of Object.values(TAG_FILE)) {
    if (!listing.files.has(name)) continue;
    const bytes = await readSmallFile(localPath(root, name), MAX_TAG_FILE);
    if (bytes === undefined) throw new RangeError(`${name} is too large.`);
    tags.set(name, bytes);
  }
  return tags;
}

function entriesOf(bytes: Buffer | undefined, name: string, problems: Problem[]): readonly ManifestEntry[] {
  if (bytes === undefined) {
    problems.push(bagProblem('backup/file-missing', `${name} is missing.`, { path: name }));
    return [];
  }
  const parsed = parseManifest(bytes.toString('utf8'));
  if (parsed.ok) return parsed.value;
  problems.push({ ...parsed.problem, details: { path: name } });
  return [];
}

function checkTags(entries: readonly ManifestEntry[], tags: ReadonlyMap<string, Buffer>, problems: Problem[]): void {
  const listed = new Map(entries.map((entry) => [entry.path, entry.sha256]));
  for (const name of LISTED_TAG_FILES) {
    const expected = listed.get(name);
    const bytes = tags.get(name);
    listed.delete(name);
    if (expected === undefined) {
      problems.push(
        bagProblem('backup/manifest-changed', `${TAG_FILE.tagManifest} does not list ${name}.`, { path: name }),
      );
    }
    if (bytes === undefined) {
      if (name !== TAG_FILE.manifest)
        problems.push(bagProblem('backup/file-missing', `${name} is missing.`, { path: name }));
    } else if (expected !== undefined && sha256(bytes) !== expected) {
      const code = name === TAG_FILE.manifest ? 'backup/manifest-changed' : 'backup/file-changed';
      problems.push(bagProblem(code, `${name} is not the file that was sealed.`, { path: name }));
    }
  }
  for (const path of listed.keys()) {
    problems.push(
      bagProblem('backup/manifest-changed', `${TAG_FILE.tagManifest} lists ${path}, which no backup has.`, { path }),
    );
  }
}

async function checkPayload(
  root: string,
  listing: FolderListing,
  entries: readonly ManifestEntry[],
  problems: Problem[],
): Promise<{ readonly files: number; readonly bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const { path, sha256: expected } of entries) {
    if (!path.startsWith('data/')) {
      problems.push(
        bagProblem('backup/unsafe-path', `${TAG_FILE.manifest} lists ${path}, which is not below data/.`, { path }),
      );
    } else if (!listing.files.has(path)) {
      problems.push(bagProblem('backup/file-missing', `${path} is missing.`, { path }));
    } else {
      const found = await hashFile(localPath(root, path));
      files += 1;
      bytes += found.size;
      if (found.sha256 !== expected) {
        problems.push(bagProblem('backup/file-changed', `${path} is not the file that was sealed.`, { path }));
      }
    }
  }
  return { files, bytes };
}

function checkExtra(
  listing: FolderListing,
  tagEntries: readonly ManifestEntry[],
  entries: readonly ManifestEntry[],
  problems: Problem[],
): void {
  const known = new Set<string>([TAG_FILE.tagManifest, TAG_FILE.signature, ...LISTED_TAG_FILES]);
  for (const entry of [...tagEntries, ...entries]) known.add(entry.path);
  for (const path of listing.files) {
    if (!known.has(path))
      problems.push(bagProblem('backup/file-extra', `${path} is in no list of the backup.`, { path }));
  }
}

function checkOxum(
  info: Buffer | undefined,
  sum: { readonly files: number; readonly bytes: number },
  problems: Problem[],
): void {
  if (info === undefined) return;
  const stated = parsePayloadOxum(info.toString('utf8'));
  if (stated !== undefined && stated.bytes === sum.bytes && stated.files === sum.files) return;
  const text = stated === undefined ? 'no Payload-Oxum' : `${stated.bytes} bytes in ${stated.files} files`;
  problems.push(
    bagProblem(
      'backup/oxum-mismatch',
      `bag-info.txt states ${text}; there are ${sum.bytes} bytes in ${sum.files} files.`,
    ),
  );
}

function checkOrigin(
  signature: Buffer | undefined,
  tagManifest: Buffer | undefined,
  trusted: VerifyOptions['trustedKey'],
  problems: Problem[],
): void {
  if (signature === undefined) {
    problems.push(bagProblem('backup/unsigned', 'signature.json is missing.'));
    return;
  }
  if (tagManifest === undefined) return;
  const found = checkSignature(signature.toString('utf8'), tagManifest);
  if (found.kind === 'bad') {
    problems.push(bagProblem('backup/bad-signature', found.because));
  } else if (trusted !== undefined && trusted.fingerprint !== found.fingerprint) {
    problems.push(
      bagProblem(
        'backup/foreign-signature',
        `It was sealed by installation ${found.fingerprint}, not by ${trusted.fingerprint}.`,
        {
          sealedBy: found.fingerprint,
          expected: trusted.fingerprint,
        },
      ),
    );
  }
}

function evidenceOf(bytes: Buffer | undefined, problems: Problem[]): BackupEvidence | null {
  if (bytes === undefined) return null;
  const evidence = parseEvidence(bytes.toString('utf8'));
  if ('format' in evidence) return evidence;
  problems.push(bagProblem('backup/evidence-unreadable', evidence.because));
  return null;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
