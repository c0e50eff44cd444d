import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { fail, ok, type Problem, type Result } from '../../../../shared/domain/problem.ts';
import { abortedConnecting, busyProblem, type Place, refusedProblem, unreachableProblem } from '../problems.ts';

/** How long the other side may take to accept our last bytes when we hang up. */
const LONGEST_HANG_UP_MS = 200;
/** How long giving back a port may take. */
const LONGEST_RELEASE_MS = 2000;

/** An open way to a meter: bytes out, bytes in, and one end. */
export interface Line {
  /** Must be called once: from then on bytes and the end are reported, never before it returns. */
  start(handlers: LineHandlers): void;
  write(bytes: Uint8Array): void;
  /** Idempotent; sends what was written, as far as the other side takes it at once, then releases. Nothing is reported any more. */
  close(): Promise<void>;
  readonly traffic: { readonly sent: number; readonly received: number };
}

export interface LineHandlers {
  data(chunk: Uint8Array): void;
  /** The other side closed, reset, or was unplugged. Called at most once. */
  ended(because: string): void;
}

/** Connects by TCP with TCP_NODELAY; the socket is destroyed on every path that does not return it. */
export function openTcpLine(
  place: Place & { readonly host: string; readonly port: number },
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Result<Line>> {
  return new Promise((resolve) => {
    const socket = connect({ host: place.host, port: place.port, noDelay: true });
    const line = lineOver(socket);
    const settle = (result: Result<Line>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('connect', onConnect);
      socket.removeListener('error', onError);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onConnect = (): void => settle(ok(line));
    const onError = (error: NodeJS.ErrnoException): void => settle(fail(connectProblem(place, error)));
    const onAbort = (): void => settle(fail(abortedConnecting(place)));
    const timer = setTimeout(
      () => settle(fail(unreachableProblem(place, `No connection was made within ${timeoutMs} ms.`))),
      timeoutMs,
    );
    socket.once('connect', onConnect);
    socket.once('error', onError);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

/** A port without a listener refuses; one that accepts and resets has a listener that wants no client now. */
function connectProblem(place: Place, error: NodeJS.ErrnoException): Problem {
  if (error.code === 'ECONNREFUSED') return refusedProblem(place);
  return error.code === 'ECONNRESET' ? busyProblem(place, error.message) : unreachableProblem(place, error.message);
}

/**
 * A line over any open stream, which it owns from then on. `release` gives back what is below the stream; without it, ending and destroying the
 * stream does that, as with a socket.
 */
export function lineOver(stream: Duplex, release?: () => Promise<void>): Line {
  const traffic = { sent: 0, received: 0 };
  let handlers: LineHandlers | undefined;
  let ended: string | undefined;
  let closing: Promise<void> | undefined;
  const end = (because: string): void => {
    if (ended !== undefined || closing !== undefined) return;
    ended = because;
    if (release === undefined) stream.destroy();
    handlers?.ended(because);
  };
  // A stream without an error listener would take the process down; this one stays on it for its whole life.
  stream.on('error', (error) => end(error.message));
  stream.on('end', () => end('the other side closed the connection'));
  stream.on('close', () => end('the connection was closed'));
  return {
    traffic,
    start(given) {
      handlers = given;
      stream.on('data', (chunk: Uint8Array) => {
        if (ended !== undefined || closing !== undefined) return;
        traffic.received += chunk.length;
        given.data(chunk);
      });
      if (ended !== undefined) queueMicrotask(() => given.ended(ended ?? ''));
    },
    write(bytes) {
      if (stream.writableEnded || stream.destroyed) return;
      traffic.sent += bytes.length;
      stream.write(bytes);
    },
    close() {
      closing ??= release === undefined ? hangUp(stream) : capped(release);
      return closing;
    },
  };
}

/** A driver that does not give a port back, or fails at it, must not hold everything up: there is nothing left to do with the port. */
function capped(release: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_RELEASE_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    release().then(done, done);
  });
}

function hangUp(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) {
      resolve();
      return;
    }
    const timer = setTimeout(() => stream.destroy(), LONGEST_HANG_UP_MS);
    // A stream that never says that it is closed must not hold everything up.
    const last = setTimeout(finish, LONGEST_HANG_UP_MS * 2);
    function finish(): void {
      clearTimeout(timer);
      clearTimeout(last);
      resolve();
    }
    stream.once('close', finish);
    if (stream.destroyed) return;
    stream.resume();
    stream.end(() => stream.destroy());
  });
}
