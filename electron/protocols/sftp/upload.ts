import type { Stats } from 'ssh2';
import { ok, type Problem, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { abandonRemote, closeRemote, OPEN, openRemote, type RemoteHandle, remoteSize } from './handles.ts';
import { abortedProblem, localDiskProblem, protocolProblem, withMeterState } from './problems.ts';
import { createProgress, type ProgressMeter } from './progress.ts';
import { readSpan } from './read-span.ts';
import type { SftpSession } from './session.ts';
import type { ByteSource, TransferOptions } from './types.ts';
import { CHUNK_BYTES, createWindow } from './window.ts';

/** The source is read in blocks of this many bytes (just under 1 MiB): each read costs a turn through the threads of Node, whatever its size. */
const BLOCK_BYTES = 32 * CHUNK_BYTES;

/** See `SftpClient.upload`. */
export async function upload(
  session: SftpSession,
  source: ByteSource,
  path: string,
  options: TransferOptions & { readonly resume?: boolean },
): Promise<Result<{ readonly sent: number; readonly resumedFrom: number }>> {
  const { signal, onProgress } = options;
  const kept = options.resume === true ? await partThatFits(session, source, path, options) : ok(0);
  if (!kept.ok) return kept;
  const from = kept.value;
  const progress = createProgress(source.size, from, onProgress);

  const opened = await openRemote(session, path, from > 0 ? OPEN.write : OPEN.createEmpty, signal);
  if (!opened.ok) return opened;
  const sent = await sendFrom(session, opened.value, source, from, progress, signal);
  if (!sent.ok) {
    abandonRemote(session, opened.value);
    return incomplete(sent.problem, path);
  }
  const complete = await closeAndCheck(session, opened.value, source.size, signal);
  if (!complete.ok) return incomplete(complete.problem, path);
  progress.end(source.size);
  return ok({ sent: source.size - from, resumedFrom: from });
}

/**
 * How many bytes of an earlier attempt can stay: all of them or none. They are read back over the wire and compared with the start of the source;
 * the size alone says nothing about what an interrupted transfer left.
 */
async function partThatFits(
  session: SftpSession,
  source: ByteSource,
  path: string,
  options: TransferOptions,
): Promise<Result<number>> {
  const { signal } = options;
  const opened = await openRemote(session, path, OPEN.read, signal);
  if (!opened.ok) return opened.problem.code === 'sftp/no-such-file' ? ok(0) : opened;
  const size = await remoteSize(session, opened.value, signal);
  if (!size.ok || size.value === 0 || size.value > source.size) {
    abandonRemote(session, opened.value);
    return size.ok ? ok(0) : size;
  }
  const progress = createProgress(source.size, 0, options.onProgress);
  let equal = true;
  const read = await readSpan(
    session,
    opened.value,
    size.value,
    async (bytes, offset) => {
      const own = await readSource(source, offset, bytes.length);
      if (!own.ok) return own.problem;
      equal = bytes.equals(own.value);
      progress.at(offset + bytes.length);
      return equal ? 'more' : 'stop';
    },
    signal,
  );
  abandonRemote(session, opened.value);
  if (!read.ok) return read;
  return ok(equal ? size.value : 0);
}

/**
 * Sends everything from `from` on, many chunks at once. The next block of the source is read while one is sent, so that the line does not wait for
 * the disk. Memory: two blocks of the source (2 MiB) and the window (4 MiB).
 */
async function sendFrom(
  session: SftpSession,
  handle: RemoteHandle,
  source: ByteSource,
  from: number,
  progress: ProgressMeter,
  signal: AbortSignal | undefined,
): Promise<Result<void>> {
  const subject = session.subject('writing', handle.path);
  const { chunkBytes } = session;
  const window = createWindow(chunkBytes);
  let acknowledged = from;
  let problem: Problem | undefined;

  const stop = (reason: Problem) => {
    problem ??= reason;
    window.wake();
  };
  const onAbort = () => stop(abortedProblem(`writing ${handle.path}`));
  const blockFrom = (offset: number) => readSource(source, offset, Math.min(BLOCK_BYTES, source.size - offset));

  const write = (bytes: Buffer, offset: number) => {
    const askedAt = performance.now();
    window.started();
    session.start<void>(
      (sftp, done) => sftp.write(handle.bytes, bytes, 0, bytes.length, offset, done),
      subject,
      (answer) => {
        if (answer.ok) acknowledged += bytes.length;
        else stop(answer.problem);
        window.finished(performance.now() - askedAt);
      },
    );
  };

  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  let coming = blockFrom(from);
  try {
    let block: Buffer = Buffer.alloc(0);
    let blockAt = from;
    let next = from;
    while (acknowledged < source.size && problem === undefined) {
      if (next >= source.size || window.isFull()) {
        await window.change();
        progress.at(acknowledged);
      } else if (next >= blockAt + block.length) {
        const read = await coming;
        if (!read.ok) stop(read.problem);
        else {
          block = read.value;
          blockAt = next;
          coming = blockFrom(next + block.length);
        }
      } else {
        const chunk = block.subarray(next - blockAt, next - blockAt + chunkBytes);
        write(chunk, next);
        next += chunk.length;
      }
    }
    return problem === undefined ? ok(undefined) : { ok: false, problem };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Its owner may close the source as soon as this is over. It never rejects.
    await coming;
  }
}

/** Reads exactly `length` bytes of the source; a source that became shorter or cannot be read is a problem. */
async function readSource(source: ByteSource, offset: number, length: number): Promise<Result<Buffer>> {
  if (length === 0) return ok(Buffer.alloc(0));
  try {
    const bytes = await source.read(offset, length);
    if (bytes.length === length) return ok(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const because = `The file to send gave ${bytes.length} of ${length} bytes at ${offset}; it changed while it was read.`;
    return { ok: false, problem: localDiskProblem(because) };
  } catch (thrown) {
    return { ok: false, problem: localDiskProblem(`The file to send could not be read: ${reasonOf(thrown)}.`) };
  }
}

/**
 * Closes the file and looks at its size in one round trip: requests for the same file are carried out in their order
 * (draft-ietf-secsh-filexfer-02, 6.1). A size that differs is asked for once more when the file is surely closed.
 */
async function closeAndCheck(
  session: SftpSession,
  handle: RemoteHandle,
  size: number,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const [closed, arrived] = await Promise.all([
    closeRemote(session, handle),
    checkSize(session, handle.path, size, signal),
  ]);
  if (!closed.ok || arrived.ok) return closed;
  return checkSize(session, handle.path, size, signal);
}

/** Every write was acknowledged; the size that the host now shows must agree. */
async function checkSize(
  session: SftpSession,
  path: string,
  size: number,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const stats = await session.request<Stats>(
    (sftp, done) => sftp.stat(path, done),
    session.subject('asking for the size of', path),
    signal,
  );
  if (!stats.ok) return stats;
  const seen: unknown = stats.value?.size;
  if (seen === size) return ok(undefined);
  const because = `${path} has ${String(seen)} bytes on the host after ${size} were written and acknowledged.`;
  return { ok: false, problem: protocolProblem(because, session.endpoint) };
}

function incomplete(problem: Problem, path: string): { readonly ok: false; readonly problem: Problem } {
  return {
    ok: false,
    problem: withMeterState(problem, `A part of ${path} may be on the meter; it is not complete.`),
  };
}
