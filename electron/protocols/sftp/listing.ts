import type { FileEntry, Stats } from 'ssh2';
import { ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { isEndOfFile, printable, protocolProblem } from './problems.ts';
import type { SftpSession } from './session.ts';
import type { RemoteFile } from './types.ts';

const DEFAULT_LIMIT = 10_000;
/** Bytes of UTF-8; no file system that matters has longer names. */
const MAX_NAME_BYTES = 255;

/** The kind of file in the mode bits of POSIX. */
const KIND = { mask: 0o170000, folder: 0o040000, file: 0o100000 } as const;

/**
 * Lists a folder. Names come from the host and end in paths on this PC and on the screen: one name that could leave its folder, hide what it
 * is or cannot be addressed fails the whole listing with `sftp/hostile-listing`, because a listing with silent gaps would make an
 * incomplete backup look complete.
 */
export async function listFolder(
  session: SftpSession,
  folder: string,
  options: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<Result<readonly RemoteFile[]>> {
  const { limit = DEFAULT_LIMIT, signal } = options;
  const subject = session.subject('listing', folder);
  const close = (handle: Buffer) => session.start<void>((sftp, done) => sftp.close(handle, done), subject, ignore);

  const opened = await session.request<Buffer>(
    (sftp, done) => sftp.opendir(folder, done),
    subject,
    signal,
    (late) => {
      if (Buffer.isBuffer(late)) close(late);
    },
  );
  if (!opened.ok) return opened;
  const handle = opened.value;
  if (!Buffer.isBuffer(handle)) {
    return { ok: false, problem: protocolProblem(`The host gave no usable handle for ${folder}.`, session.endpoint) };
  }
  try {
    const files: RemoteFile[] = [];
    for (;;) {
      const page = await session.request<readonly FileEntry[]>(
        // The full list, so that a page with nothing but '.' and '..' is not taken for an empty one.
        (sftp, done) => readPage(sftp, handle, done),
        subject,
        signal,
      );
      if (!page.ok) return page;
      const entries = page.value;
      if (entries === END_OF_LIST) return ok(files);
      if (!Array.isArray(entries) || entries.length === 0) {
        return {
          ok: false,
          problem: protocolProblem(`The host sent an empty part of the list of ${folder}.`, session.endpoint),
        };
      }
      for (const entry of entries) {
        if (entry.filename === '.' || entry.filename === '..') continue;
        const file = toRemoteFile(entry);
        if (file === undefined) return { ok: false, problem: hostileListing(entry.filename, folder, session.endpoint) };
        if (files.length >= limit) return { ok: false, problem: listingTooLong(folder, limit, session.endpoint) };
        files.push(file);
      }
    }
  } finally {
    close(handle);
  }
}

/** Marks the end of a listing, which SFTP reports as a status. */
const END_OF_LIST: readonly FileEntry[] = [];

function readPage(
  sftp: { readdir(handle: Buffer, options: object, callback: (error: unknown, list: FileEntry[]) => void): void },
  handle: Buffer,
  done: (error?: Error | null, value?: readonly FileEntry[]) => void,
): void {
  sftp.readdir(handle, { full: true }, (error, list) => {
    if (isEndOfFile(error)) done(undefined, END_OF_LIST);
    else done(error instanceof Error ? error : undefined, list);
  });
}

/** An entry as the port shows it; undefined when its name or size is not acceptable. */
function toRemoteFile(entry: FileEntry): RemoteFile | undefined {
  if (!isSafeName(entry.filename)) return undefined;
  return describe(entry.filename, entry.attrs, entry.longname);
}

/** What a host says of a file. Attributes are optional in SFTP: an unknown size is 0, an unknown time is 1970. */
export function describe(name: string, attributes: Partial<Stats>, longname = ''): RemoteFile | undefined {
  const size = attributes.size ?? 0;
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  const seconds = attributes.mtime ?? 0;
  return {
    name,
    kind: kindOf(attributes.mode, longname),
    size,
    modified: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  };
}

/** By the mode; where the host does not give one, by the first letter of the line as `ls -l` shows it. */
function kindOf(mode: number | undefined, longname: string): RemoteFile['kind'] {
  if (mode === undefined || (mode & KIND.mask) === 0) {
    if (longname.startsWith('d')) return 'folder';
    return longname.startsWith('-') ? 'file' : 'other';
  }
  const kind = mode & KIND.mask;
  if (kind === KIND.folder) return 'folder';
  return kind === KIND.file ? 'file' : 'other';
}

/**
 * Whether a name from a host may be used: not empty, not '.' or '..', no separator of any system, no control or direction-changing
 * character, and readable UTF-8 (a name that is not could not be sent back).
 */
export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return false;
  return !/[/\\\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFD]/u.test(name);
}

function hostileListing(name: string, folder: string, endpoint: string): Problem {
  const shown = JSON.stringify(printable(name).slice(0, 80));
  return problem({
    code: 'sftp/hostile-listing',
    title: 'The meter lists a file that cannot be trusted',
    because: `In ${printable(folder)} there is a file with an impossible name or size: ${shown}.`,
    nextStep: 'Check that this is an ION7400. Remove or rename the file with another SFTP program if it is yours.',
    details: { endpoint, folder: printable(folder), name: shown },
  });
}

function listingTooLong(folder: string, limit: number, endpoint: string): Problem {
  return problem({
    code: 'sftp/listing-too-long',
    title: 'A folder of the meter has too many files',
    because: `${printable(folder)} lists more than ${limit} files.`,
    nextStep: 'Check that this is an ION7400, and that the folder holds only what belongs there.',
    details: { endpoint, folder: printable(folder), limit },
  });
}

function ignore(): void {
  // A folder that was only listed has nothing to lose when closing fails; the watchdog of the session still waits for the answer.
}
