import { connect } from 'node:net';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';
import { abortedProblem, type Place, refusedProblem, unreachableProblem } from './problems.ts';

/** An open way to a Modbus server: bytes out, bytes in, and one end. */
export interface Wire {
  /** Must be called once: from then on bytes and the end are reported, never before it returns. */
  start(handlers: WireHandlers): void;
  write(bytes: Buffer): void;
  /** Idempotent; resolves when the operating system has the socket or the port back. Nothing is reported any more. */
  close(): Promise<void>;
}

export interface WireHandlers {
  data(chunk: Buffer): void;
  /** The other side closed, reset, or was unplugged. Called at most once. */
  ended(because: string): void;
}

/** Connects by TCP with TCP_NODELAY; the socket is destroyed on every path that does not return it. */
export function openTcpWire(
  place: Place & { readonly host: string; readonly port: number },
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Result<Wire>> {
  return new Promise((resolve) => {
    const socket = connect({ host: place.host, port: place.port, noDelay: true });
    const wire = wireOf(socket);
    const settle = (result: Result<Wire>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('connect', onConnect);
      socket.removeListener('error', onError);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onConnect = (): void => settle(ok(wire));
    const onError = (error: NodeJS.ErrnoException): void =>
      settle(
        fail(
          error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET'
            ? refusedProblem(place)
            : unreachableProblem(place, error.message),
        ),
      );
    const onAbort = (): void => settle(fail(abortedProblem(place, undefined, false)));
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

function wireOf(socket: ReturnType<typeof connect>): Wire {
  let handlers: WireHandlers | undefined;
  let ended: string | undefined;
  let closing = false;
  const end = (because: string): void => {
    if (ended !== undefined || closing) return;
    ended = because;
    socket.destroy();
    handlers?.ended(because);
  };
  // A socket without an error listener would take the process down; this one stays on it for its whole life.
  socket.on('error', (error) => end(error.message));
  socket.on('end', () => end('the other side closed the connection'));
  socket.on('close', () => end('the connection was closed'));
  return {
    start(given) {
      handlers = given;
      socket.on('data', given.data);
      if (ended !== undefined) queueMicrotask(() => given.ended(ended ?? ''));
    },
    write(bytes) {
      socket.write(bytes);
    },
    close() {
      closing = true;
      return new Promise((resolve) => {
        if (socket.closed) {
          resolve();
          return;
        }
        socket.once('close', () => resolve());
        socket.removeAllListeners('data');
        socket.destroy();
      });
    },
  };
}
