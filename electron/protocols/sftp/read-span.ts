import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { RemoteHandle } from './handles.ts';
import { abortedProblem, protocolProblem } from './problems.ts';
import type { SftpSession } from './session.ts';
import { createWindow } from './window.ts';

/** One chunk on its way: asked for, partly there, or complete and waiting for those before it. */
interface Chunk {
  readonly offset: number;
  readonly length: number;
  readonly buffer: Buffer;
  filled: number;
}

/**
 * Takes the bytes in order; the buffer is used again once the promise settles. `stop` ends the reading without an error, a problem ends it with
 * that.
 */
export type ByteSink = (bytes: Buffer, offset: number) => Promise<'more' | 'stop' | Problem>;

/**
 * Reads `size` bytes from the start of an open file, many chunks at once, and hands them over in order. Answers may come in any order and may
 * be short (the rest is asked for again); a file that ends early is a problem. Memory: at most the window (4 MiB).
 */
export async function readSpan(
  session: SftpSession,
  handle: RemoteHandle,
  size: number,
  sink: ByteSink,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const subject = session.subject('reading', handle.path);
  const { chunkBytes } = session;
  const window = createWindow(chunkBytes);
  const queue: Chunk[] = [];
  const spare: Buffer[] = [];
  let next = 0;
  let problem: Problem | undefined;

  const stop = (reason: Problem) => {
    problem ??= reason;
    window.wake();
  };
  const onAbort = () => stop(abortedProblem(`reading ${handle.path}`));

  const ask = (chunk: Chunk) => {
    const askedAt = performance.now();
    const at = chunk.offset + chunk.filled;
    window.started();
    session.start<number>(
      (sftp, done) =>
        sftp.read(handle.bytes, chunk.buffer, chunk.filled, chunk.length - chunk.filled, at, (error, count) => {
          // The type of ssh2 says Error, but it is undefined when all is well.
          done(error, count);
        }),
      subject,
      (answer) => {
        if (!answer.ok) stop(answer.problem);
        else {
          const count = answer.value ?? 0;
          chunk.filled += count;
          if (count <= 0) stop(endedEarly(handle.path, at, size, session.endpoint));
          else if (chunk.filled < chunk.length && problem === undefined) ask(chunk);
        }
        window.finished(performance.now() - askedAt);
      },
    );
  };

  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    let handed = 0;
    while (handed < size && problem === undefined) {
      const head = queue[0];
      if (head !== undefined && head.filled === head.length) {
        queue.shift();
        const verdict = await sink(head.buffer.subarray(0, head.length), head.offset);
        if (verdict === 'stop') return ok(undefined);
        if (verdict !== 'more') stop(verdict);
        handed += head.length;
        spare.push(head.buffer);
      } else if (next < size && queue.length < window.limit) {
        const length = Math.min(chunkBytes, size - next);
        const chunk = { offset: next, length, buffer: spare.pop() ?? Buffer.allocUnsafeSlow(chunkBytes), filled: 0 };
        next += length;
        queue.push(chunk);
        ask(chunk);
      } else {
        await window.change();
      }
    }
    return problem === undefined ? ok(undefined) : { ok: false, problem };
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function endedEarly(path: string, at: number, size: number, endpoint: string): Problem {
  return protocolProblem(
    `${path} ended at byte ${at} although the host said that it has ${size}; it changed while it was read.`,
    endpoint,
  );
}
