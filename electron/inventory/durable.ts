import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, METER_STATE, ok, type Problem, problem, type Result, reasonOf } from '../../shared/domain/problem.ts';
import { makeFolders } from './folders.ts';

/** Waits between attempts to rename over a file that a virus scanner or a viewer holds open on Windows; 1.9 s in all. */
const RENAME_WAITS_MS = [10, 40, 100, 250, 500, 1000] as const;

/**
 * Writes a file so that after a power loss there is either the old content or the new one, never a mixture: temporary file in the
 * same folder, fsync, rename, fsync of the folder. Missing folders are made. A failure is `disk/full`, `disk/denied` or `disk/failed`
 * and leaves no temporary file behind; the caller must look at the result.
 *
 * @param options.mode permissions of the new file where the system has them (default 0o666 less the umask)
 */
export async function writeFileDurably(
  path: string,
  bytes: Uint8Array | string,
  options: { readonly mode?: number } = {},
): Promise<Result<void>> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await makeFolders(folder);
    await writeAndSync(temporary, bytes, options.mode);
    await replaceFile(temporary, path);
    await syncFolder(folder);
    return ok(undefined);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {
      // The first failure is the one to report; a leftover temporary file is never read.
    });
    return { ok: false, problem: diskProblem(thrown, path, 'written') };
  }
}

/** Renames over an existing file; on Windows it waits up to 2 s for a program that holds the target open. Rejects like `rename`. */
async function replaceFile(from: string, to: string): Promise<void> {
  for (const wait of RENAME_WAITS_MS) {
    try {
      return await rename(from, to);
    } catch (thrown) {
      if (process.platform !== 'win32' || !isHeldOpen(thrown)) throw thrown;
      await delay(wait);
    }
  }
  return rename(from, to);
}

/**
 * Makes the names in a folder durable (POSIX keeps them apart from the files' contents). Windows has no such call for folders and
 * writes names through its own journal: the refusal there is not an error.
 */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (thrown) {
    if (!SYNC_NOT_OFFERED.has(codeOf(thrown))) throw thrown;
  } finally {
    await handle?.close();
  }
}

/** Windows answers EPERM or EISDIR; some network and FUSE file systems EINVAL or ENOTSUP. */
const SYNC_NOT_OFFERED: ReadonlySet<string> = new Set(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES']);

/** An append-only file of lines. */
export interface JournalFile {
  /** Bytes of an unfinished last line that were cut off when the file was opened; such a line was never acknowledged. */
  readonly tornBytes: number;
  /**
   * Appends one line (without its line break) and returns after it is on the disk. Appends are written in the order of the calls. After
   * a failed append the file ends with the last acknowledged line; where not even that can be ensured, every later append fails, too.
   */
  append(line: string): Promise<Result<void>>;
  /** Waits for pending appends; idempotent. */
  close(): Promise<void>;
}

/**
 * Opens (or makes, with missing folders) a journal: one record a line, UTF-8. A last line without a line break is what a power loss
 * left of a record that was never acknowledged: it is cut off, so that the next record starts on its own line.
 */
export async function openJournalFile(path: string): Promise<Result<JournalFile>> {
  let handle: FileHandle | undefined;
  try {
    await makeFolders(dirname(path));
    handle = await openForUpdate(path);
    const { size } = await handle.stat();
    const end = await endOfLastLine(handle, size);
    if (end < size) {
      await handle.truncate(end);
      await handle.sync();
    }
    await syncFolder(dirname(path));
    return ok(journalOver(handle, path, end, size - end));
  } catch (thrown) {
    await handle?.close();
    return { ok: false, problem: diskProblem(thrown, path, 'opened') };
  }
}

function journalOver(handle: FileHandle, path: string, start: number, tornBytes: number): JournalFile {
  let end = start;
  let state: 'open' | 'broken' | 'closed' = 'open';
  let tail: Promise<unknown> = Promise.resolve();

  const write = async (line: string): Promise<Result<void>> => {
    if (state !== 'open') return { ok: false, problem: unusableJournal(path, state) };
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    try {
      await writeAll(handle, bytes, end);
      await handle.sync();
      end += bytes.length;
      return ok(undefined);
    } catch (thrown) {
      state = await handle.truncate(end).then(
        () => 'open' as const,
        () => 'broken' as const,
      );
      return { ok: false, problem: diskProblem(thrown, path, 'written') };
    }
  };

  return {
    tornBytes,
    append(line) {
      if (/[\r\n]/.test(line)) {
        return Promise.resolve(
          fail({
            code: 'disk/line-break-in-record',
            title: 'The record was not written',
            because: 'A record of a journal is one line, and this one contains a line break.',
            meterState: METER_STATE.noMeter,
            nextStep: 'Report this as a defect of Meterwright.',
          }),
        );
      }
      const result = tail.then(() => write(line));
      tail = result;
      return result;
    },
    async close() {
      const pending = tail.then(async () => {
        if (state === 'closed') return;
        state = 'closed';
        await handle.close();
      });
      tail = pending;
      await pending;
    },
  };
}

/** The problem for a failed operation on this PC's disk. `verb`: "written", "opened", "read". */
export function diskProblem(thrown: unknown, path: string, verb: 'written' | 'opened' | 'read'): Problem {
  const code = codeOf(thrown);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return problem({
    code: full ? 'disk/full' : denied ? 'disk/denied' : 'disk/failed',
    title: full ? 'The disk of this PC is full' : `A file on this PC could not be ${verb}`,
    because: `${basename(path)}: ${reasonOf(thrown)}`,
    meterState: METER_STATE.noMeter,
    nextStep: full
      ? 'Free some space on this disk, or choose a folder on another one, and try again.'
      : denied
        ? 'Choose a folder that you may write to, or have the permissions of this one changed.'
        : 'Check the disk and the path, and try again.',
    details: { path, error: code === '' ? null : code },
  });
}

/** The `code` of a system error, '' for anything else. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}

function unusableJournal(path: string, state: 'broken' | 'closed'): Problem {
  return problem({
    code: 'disk/failed',
    title: 'The record was not written',
    because:
      state === 'closed'
        ? 'The journal was closed before.'
        : 'An earlier record failed and its remains could not be removed from the journal.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Check the disk, start Meterwright again and resume the job.',
    details: { path },
  });
}

async function writeAndSync(path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await writeAll(handle, typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A write may be short (a quota, a signal): it goes on until everything is written or the system says no. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** Opens for reading and writing without truncating, making the file where there is none. */
async function openForUpdate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
  }
  try {
    return await open(path, 'wx+');
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
    return open(path, 'r+');
  }
}

/** Offset just after the last line break; 0 where there is none. Reads backwards in blocks. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(4096);
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const found = block.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return 0;
}

function isHeldOpen(thrown: unknown): boolean {
  return ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(thrown));
}
