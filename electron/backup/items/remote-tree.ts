import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { RemoteFile, SftpClient } from '../../protocols/sftp/types.ts';

/** A meter keeps a few hundred files; more than this in one folder tree is not read. */
const MAX_REMOTE_FILES = 10_000;
/** The top folder, and two levels of folders in it. */
const MAX_LEVELS = 3;

/** A file on the meter. */
export interface RemoteEntry {
  /** Path on the meter, segments joined with `/`. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly size: number;
  readonly modified: string;
}

/** Something on the meter that is not in the backup, and why. */
export interface Missed {
  readonly original: string;
  readonly because: string;
}

export interface RemoteTree {
  /** False when the meter has no such folder. */
  readonly exists: boolean;
  readonly files: readonly RemoteEntry[];
  readonly missed: readonly Missed[];
}

/**
 * Lists a folder of the meter with up to two levels of folders in it. Links are not followed; names that are no names (`..`, slashes, NUL) are not
 * asked for. What is left out is named in `missed`. Fails only when the folder itself cannot be listed.
 */
export async function listRemoteTree(
  sftp: SftpClient,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Result<RemoteTree>> {
  const there = await sftp.stat(folder, signal);
  if (!there.ok) return there;
  if (there.value === undefined) return ok({ exists: false, files: [], missed: [] });
  const files: RemoteEntry[] = [];
  const missed: Missed[] = [];
  const pending: (readonly string[])[] = [[folder]];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const path = next.join('/');
    const listed = await sftp.list(path, { limit: MAX_REMOTE_FILES, ...(signal === undefined ? {} : { signal }) });
    if (!listed.ok) {
      if (next.length === 1) return listed;
      missed.push({ original: path, because: `${listed.problem.title}: ${listed.problem.because}` });
      continue;
    }
    for (const entry of listed.value) {
      const segments = [...next, entry.name];
      const original = segments.join('/');
      const refusal = refuse(entry, next.length, files.length + pending.length);
      if (refusal !== undefined) missed.push({ original, because: refusal });
      else if (entry.kind === 'folder') pending.push(segments);
      else files.push({ path: original, segments, size: entry.size, modified: entry.modified });
    }
    if (missed.length > MAX_REMOTE_FILES) break;
  }
  return ok({ exists: true, files, missed });
}

function refuse(entry: RemoteFile, level: number, found: number): string | undefined {
  if (entry.name === '' || entry.name === '.' || entry.name === '..' || /[/\\\0]/.test(entry.name)) {
    return 'The name is no name of a file.';
  }
  if (entry.kind === 'other') return 'It is neither a file nor a folder; links are not followed.';
  if (entry.kind === 'folder' && level >= MAX_LEVELS) return `Folders are read ${MAX_LEVELS - 1} levels deep.`;
  if (found >= MAX_REMOTE_FILES) return `More than ${MAX_REMOTE_FILES} files.`;
  return undefined;
}
