import type { Stats } from 'node:fs';
import type { Attributes, FileEntry } from 'ssh2';

/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, 7). */
export const STATUS = { ok: 0, eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;
type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** The answer to one request. */
export type Reply =
  | { readonly status: StatusCode; readonly text?: string }
  | { readonly handle: Buffer }
  | { readonly data: Buffer }
  | { readonly names: readonly FileEntry[] }
  | { readonly attributes: Attributes };

export const OK: Reply = { status: STATUS.ok };
export const NO_SUCH_FILE: Reply = { status: STATUS.noSuchFile, text: 'No such file' };
export const DENIED: Reply = { status: STATUS.permissionDenied, text: 'Permission denied' };

/** A failure with a reason in words. */
export function failure(text: string): Reply {
  return { status: STATUS.failure, text };
}

const FOLDER_MODE = 0o040_755;
const FILE_MODE = 0o100_644;
const READ_ONLY_MODE = 0o100_444;

export function folderAttributes(): Attributes {
  return attributes(FOLDER_MODE, 0, 0);
}

export function fileAttributes(stats: Stats, writable: boolean): Attributes {
  return attributes(writable ? FILE_MODE : READ_ONLY_MODE, stats.size, Math.floor(stats.mtimeMs / 1000));
}

/** Attributes of a file that exists only in the memory of the meter. */
export function textAttributes(size: number): Attributes {
  return attributes(READ_ONLY_MODE, size, Math.floor(Date.now() / 1000));
}

/** A line of a listing; the long form is what `ls -l` prints. */
export function entry(filename: string, attrs: Attributes): FileEntry {
  const kind = attrs.mode === FOLDER_MODE ? 'drwxr-xr-x' : attrs.mode === FILE_MODE ? '-rw-r--r--' : '-r--r--r--';
  const modified = new Date(attrs.mtime * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return {
    filename,
    longname: `${kind} 1 meter meter ${String(attrs.size).padStart(10)} ${modified} ${filename}`,
    attrs,
  };
}

function attributes(mode: number, size: number, time: number): Attributes {
  return { mode, uid: 0, gid: 0, size, atime: time, mtime: time };
}
