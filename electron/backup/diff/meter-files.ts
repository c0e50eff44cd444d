import type { BackupItemId } from '../../../shared/domain/backup.ts';
import type { Meter } from '../../meter/types.ts';
import type { SftpClient } from '../../protocols/sftp/types.ts';
import { type FileItemId, METER_FOLDERS } from '../items/folders.ts';
import { listRemoteTree, type RemoteEntry } from '../items/remote-tree.ts';
import type { ComparedFile, FileItem } from './compare.ts';

/**
 * The files that the meter has now, for a comparison with those of a backup. Only files that the backup has with the same size are read and
 * hashed; a size that differs is a difference without reading. What cannot be read goes into `unread`.
 */
export async function meterFiles(
  meter: Meter,
  backup: ReadonlyMap<FileItem, readonly ComparedFile[]>,
  unread: Map<BackupItemId, string>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<FileItem, readonly ComparedFile[]>> {
  const files = new Map<FileItem, readonly ComparedFile[]>();
  for (const id of Object.keys(METER_FOLDERS).filter(isFileItem)) {
    const session = await meter.sftp(signal);
    const tree = session.ok ? await listRemoteTree(session.value, METER_FOLDERS[id], signal) : session;
    if (!session.ok || !tree.ok) {
      if (!tree.ok) unread.set(id, `${tree.problem.title}: ${tree.problem.because}`);
      continue;
    }
    const sizes = new Map((backup.get(id) ?? []).map((file) => [file.original, file.size]));
    const found: ComparedFile[] = tree.value.missed.map((entry) => ({ ...entry, size: 0, sha256: null }));
    for (const entry of tree.value.files) {
      if (signal?.aborted) break;
      found.push(sizes.get(entry.path) === entry.size ? await hashed(session.value, entry, signal) : sized(entry));
    }
    files.set(id, found);
  }
  return files;
}

async function hashed(sftp: SftpClient, entry: RemoteEntry, signal: AbortSignal | undefined): Promise<ComparedFile> {
  const hash = await sftp.hash(entry.path, signal === undefined ? {} : { signal });
  if (hash.ok) return { original: entry.path, size: entry.size, sha256: hash.value };
  return { ...sized(entry), because: `${hash.problem.title}: ${hash.problem.because}` };
}

function sized(entry: RemoteEntry): ComparedFile {
  return { original: entry.path, size: entry.size, sha256: null };
}

function isFileItem(id: string): id is FileItemId {
  return id in METER_FOLDERS;
}
