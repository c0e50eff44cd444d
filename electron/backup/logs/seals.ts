import { ok, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { parseManifest } from '../bag/manifest.ts';
import { localPath, readSmallFile } from '../bag/read.ts';
import { TAG_FILE } from '../bag/tag-files.ts';
import { bagProblem } from '../problems.ts';

const MAX_MANIFEST = 16 * 1024 * 1024;
const LOG = /^data\/logs\/([^/]+\.csv)$/;

/**
 * SHA-256 (hex) of each log of a bag, by the name of its file, as it was sealed. A folder without a manifest has none. Fails with
 * `backup/manifest-changed`, `backup/unsafe-path`, `backup/unreadable` or `disk/…`.
 */
export async function sealedLogs(bag: string): Promise<Result<ReadonlyMap<string, string>>> {
  const path = localPath(bag, TAG_FILE.manifest);
  let bytes: Buffer | undefined;
  try {
    bytes = await readSmallFile(path, MAX_MANIFEST);
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? ok(new Map()) : { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
  if (bytes === undefined) {
    return { ok: false, problem: bagProblem('backup/unreadable', `${TAG_FILE.manifest} is too large.`) };
  }
  const entries = parseManifest(bytes.toString('utf8'));
  if (!entries.ok) return entries;
  const logs = entries.value.map(({ path: file, sha256 }) => [LOG.exec(file)?.[1], sha256] as const);
  return ok(new Map(logs.flatMap(([name, sha256]) => (name === undefined ? [] : [[name, sha256] as const]))));
}
