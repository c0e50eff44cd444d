import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';
import { syncFolder, writeFileDurably } from '../../inventory/durable.ts';
import type { InstallationKey } from '../../inventory/installation-key.ts';
import { asBackupResult, storageProblem } from '../folder/disk.ts';
import { pathExists } from '../folder/place.ts';
import type { BackupEvidence } from '../types.ts';
import { formatManifest, type ManifestEntry } from './manifest.ts';
import { formatSignature } from './signature.ts';
import { BAGIT_TXT, formatBagInfo, TAG_FILE } from './tag-files.ts';
import type { BagWriter, PayloadFile } from './writer.ts';

/**
 * Writes the tag files of a bag, makes everything durable, and gives the folder its final name. Order: what is listed before what lists it, the
 * name last. Until the rename the folder is a `.partial` that is never taken for a backup. Returns SHA-256 (hex) of the tag manifest.
 */
export async function sealBag(
  bag: BagWriter,
  finalFolder: string,
  evidence: BackupEvidence,
  key: InstallationKey,
): Promise<Result<string>> {
  const payload = bag.payload();
  const tagFiles: readonly (readonly [string, string])[] = [
    [TAG_FILE.manifest, formatManifest(payload)],
    [TAG_FILE.bagit, BAGIT_TXT],
    [TAG_FILE.info, bagInfo(evidence, payload)],
    [TAG_FILE.evidence, `${JSON.stringify(evidence, null, 2)}\n`],
  ];
  const tagManifest = Buffer.from(formatManifest(tagFiles.map(([path, text]) => entryOf(path, text))), 'utf8');
  const signature = formatSignature(tagManifest, key);
  const all = [...tagFiles, [TAG_FILE.tagManifest, tagManifest] as const, [TAG_FILE.signature, signature] as const];
  for (const [name, content] of all) {
    const written = asBackupResult(await writeFileDurably(join(bag.folder, name), content));
    if (!written.ok) return written;
  }
  try {
    for (const folder of foldersOf(payload)) await syncFolder(join(bag.folder, ...folder.split('/')));
    await syncFolder(bag.folder);
    if (await pathExists(finalFolder)) {
      return fail({
        code: 'backup/name-taken',
        title: 'The backup could not get its name',
        because: 'Another program made a folder with the same name while the backup was taken.',
        nextStep: 'Take the backup again.',
      });
    }
    await rename(bag.folder, finalFolder);
    await syncFolder(dirname(finalFolder));
  } catch (thrown) {
    return { ok: false, problem: storageProblem(thrown, finalFolder) };
  }
  return ok(createHash('sha256').update(tagManifest).digest('hex'));
}

function bagInfo(evidence: BackupEvidence, payload: readonly PayloadFile[]): string {
  const { identity } = evidence;
  return formatBagInfo({
    serial: identity.serial,
    date: evidence.startedAt,
    agent: `${evidence.tool.name} ${evidence.tool.version}`,
    oxum: { bytes: payload.reduce((sum, file) => sum + file.size, 0), files: payload.length },
    description: `Backup of ${identity.simulated ? 'a simulated' : 'an'} ${identity.model ?? 'meter of unknown model'}; ${TAG_FILE.evidence} says what is in it and what is not`,
  });
}

function entryOf(path: string, text: string): ManifestEntry {
  return { path, sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
}

/** Every folder of the payload, the deepest first. */
function foldersOf(payload: readonly PayloadFile[]): readonly string[] {
  const folders = new Set<string>(['data']);
  for (const { path } of payload) {
    const segments = path.split('/').slice(0, -1);
    for (let length = segments.length; length > 0; length -= 1) folders.add(segments.slice(0, length).join('/'));
  }
  return [...folders].sort((a, b) => b.length - a.length);
}
