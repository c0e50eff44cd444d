import { createConnection } from 'node:net';
import { reasonOf } from '../../shared/domain/problem.ts';

/**
 * How a TCP port answers when it is touched. `refused`: the host says at once that nothing listens there. `dropped`: it accepts and hangs up,
 * as a server does whose connections are all taken. `silent`: nothing comes back within the cap, or there is no way to the host.
 */
export type Touch =
  | { readonly kind: 'open'; readonly banner: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'silent'; readonly because: string }
  | { readonly kind: 'stopped' };

export interface TouchOptions {
  readonly host: string;
  readonly port: number;
  /** Cap on everything, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * What to wait for once connected: `nothing`; `banner`, the first line the server sends; `hang-up`, a short while in which a server
   * that is busy ends the connection.
   */
  readonly until: 'nothing' | 'banner' | 'hang-up';
  readonly signal: AbortSignal;
}

/** Long enough for a hang-up to cross a slow site network, short enough for seven probes in a row. */
const HANG_UP_MS = 400;
/** An SSH identification has at most 255 characters. RFC 4253, 4.2. */
const LONGEST_BANNER = 255;

/**
 * Connects once, sends nothing, and closes. Settles only when the socket is closed, so that the next touch cannot be one connection too
 * many for the meter.
 */
export function touchTcp({ host, port, timeoutMs, until, signal }: TouchOptions): Promise<Touch> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ kind: 'stopped' });
      return;
    }
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      resolve({ kind: 'silent', because: `${port} is no port number` });
      return;
    }
    let outcome: Touch | undefined;
    let connected = false;
    let banner = '';
    const socket = createConnection({ host, port });
    const finish = (touch: Touch): void => {
      outcome ??= touch;
      socket.destroy();
    };
    const onTime = (): void =>
      finish(connected ? { kind: 'open', banner } : { kind: 'silent', because: `no answer within ${timeoutMs} ms` });
    let timer = setTimeout(onTime, timeoutMs);
    const onAbort = (): void => finish({ kind: 'stopped' });
    signal.addEventListener('abort', onAbort, { once: true });

    socket.once('connect', () => {
      connected = true;
      if (until === 'nothing') finish({ kind: 'open', banner });
      if (until === 'hang-up') {
        clearTimeout(timer);
        timer = setTimeout(onTime, Math.min(HANG_UP_MS, timeoutMs));
      }
    });
    socket.on('data', (chunk) => {
      banner = (banner + chunk.toString('latin1')).slice(0, LONGEST_BANNER);
      if (until !== 'banner' || banner.includes('\n') || banner.length === LONGEST_BANNER)
        finish({ kind: 'open', banner });
    });
    socket.once('end', () => finish({ kind: 'dropped' }));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(touchOf(error, connected)));
    socket.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome ?? { kind: 'dropped' });
    });
  });
}

function touchOf(error: NodeJS.ErrnoException, connected: boolean): Touch {
  if (error.code === 'ECONNREFUSED') return { kind: 'refused' };
  if (connected || error.code === 'ECONNRESET') return { kind: 'dropped' };
  return { kind: 'silent', because: reasonOf(error) };
}
