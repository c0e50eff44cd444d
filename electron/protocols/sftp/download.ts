import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ok, type Problem, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { abandonRemote, OPEN, openRemote, type RemoteHandle, remoteSize } from './handles.ts';
import { localDiskProblem, protocolProblem, tooLargeProblem } from './problems.ts';
import { createProgress } from './progress.ts';
import { type ByteSink, readSpan } from './read-span.ts';
import type { SftpSession } from './session.ts';
import type { TransferOptions } from './types.ts';

/** See `SftpClient.readFile`. */
export function readWhole(
  session: SftpSession,
  path: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Result<Uint8Array>> {
  return withOpenFile(session, path, { maxBytes, ...(signal && { signal }) }, async (handle, size) => {
    const content = new Uint8Array(size);
    const take: ByteSink = (bytes, offset) => {
      content.set(bytes, offset);
      return Promise.resolve('more');
    };
    const read = await readSpan(session, handle, size, take, signal);
    return read.ok ? ok(content) : read;
  });
}

/** See `SftpClient.hash`. */
export function hashRemote(session: SftpSession, path: string, options: TransferOptions): Promise<Result<string>> {
  return withOpenFile(session, path, options, async (handle, size) => {
    const progress = createProgress(size, 0, options.onProgress);
    const hash = createHash('sha256');
    const take: ByteSink = (bytes, offset) => {
      hash.update(bytes);
      progress.at(offset + bytes.length);
      return Promise.resolve('more');
    };
    const read = await readSpan(session, handle, size, take, options.signal);
    if (!read.ok) return read;
    progress.end(size);
    return ok(hash.digest('hex'));
  });
}

/** See `SftpClient.download`. */
export function download(
  session: SftpSession,
  path: string,
  localPath: string,
  options: TransferOptions & { readonly maxBytes?: number },
): Promise<Result<{ readonly size: number; readonly sha256: string }>> {
  return withOpenFile(session, path, options, async (handle, size) => {
    const temporary = join(dirname(localPath), `.${basename(localPath)}.${randomBytes(6).toString('hex')}.part`);
    const file = await openLocal(temporary);
    if (!file.ok) return file;
    let written = false;
    try {
      const sha256 = await receive(session, handle, size, file.value, options);
      if (!sha256.ok) return sha256;
      const unchanged = await sameSize(session, handle, size, options.signal);
      if (!unchanged.ok) return unchanged;
      await file.value.sync();
      await file.value.close();
      await rename(temporary, localPath);
      written = true;
      await syncFolder(dirname(localPath));
      return ok({ size, sha256: sha256.value });
    } catch (thrown) {
      return { ok: false, problem: localProblem(thrown, localPath) };
    } finally {
      if (!written) await discard(file.value, temporary);
    }
  });
}

async function receive(
  session: SftpSession,
  handle: RemoteHandle,
  size: number,
  file: FileHandle,
  options: TransferOptions,
): Promise<Result<string>> {
  const progress = createProgress(size, 0, options.onProgress);
  const hash = createHash('sha256');
  const take: ByteSink = async (bytes, offset) => {
    hash.update(bytes);
    try {
      await writeFully(file, bytes, offset);
    } catch (thrown) {
      return localProblem(thrown, handle.path);
    }
    progress.at(offset + bytes.length);
    return 'more';
  };
  const read = await readSpan(session, handle, size, take, options.signal);
  if (!read.ok) return read;
  progress.end(size);
  return ok(hash.digest('hex'));
}

/** Opens a remote file for reading, checks its size against the limit, and closes it whatever happens. */
async function withOpenFile<T>(
  session: SftpSession,
  path: string,
  limits: { readonly maxBytes?: number; readonly signal?: AbortSignal },
  use: (handle: RemoteHandle, size: number) => Promise<Result<T>>,
): Promise<Result<T>> {
  const opened = await openRemote(session, path, OPEN.read, limits.signal);
  if (!opened.ok) return opened;
  try {
    const size = await remoteSize(session, opened.value, limits.signal);
    if (!size.ok) return size;
    if (limits.maxBytes !== undefined && size.value > limits.maxBytes) {
      return { ok: false, problem: tooLargeProblem(session.subject('reading', path), size.value, limits.maxBytes) };
    }
    return await use(opened.value, size.value);
  } finally {
    // A file that was only read has nothing to lose when closing fails.
    abandonRemote(session, opened.value);
  }
}

/** A waveform that is still being recorded grows: what was read is then no whole file. */
async function sameSize(
  session: SftpSession,
  handle: RemoteHandle,
  size: number,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const now = await remoteSize(session, handle, signal);
  if (!now.ok) return now;
  if (now.value === size) return ok(undefined);
  const because = `${handle.path} had ${size} bytes and now has ${now.value}: it changed while it was read.`;
  return { ok: false, problem: protocolProblem(because, session.endpoint) };
}

async function openLocal(path: string): Promise<Result<FileHandle>> {
  try {
    return ok(await open(path, 'wx'));
  } catch (thrown) {
    return { ok: false, problem: localProblem(thrown, path) };
  }
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    done += bytesWritten;
  }
}

/** Removes an unfinished file; what made it unfinished is what gets reported. */
async function discard(file: FileHandle, path: string): Promise<void> {
  await file.close().catch(() => {
    // It may be closed already, and it is removed now in any case.
  });
  await rm(path, { force: true }).catch(() => {
    // A leftover under a temporary name is never read.
  });
}

/** Makes the new name durable; Windows offers no such call for folders and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function localProblem(thrown: unknown, path: string): Problem {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : null;
  const because =
    code === 'ENOSPC' || code === 'EDQUOT' ? 'The disk of this PC is full.' : `${basename(path)}: ${reasonOf(thrown)}`;
  return localDiskProblem(because, { path, error: code });
}
