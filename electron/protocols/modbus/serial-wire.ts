import type { SerialPort } from 'serialport';
import { fail, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { abortedProblem, type Place, serialProblem } from './problems.ts';
import type { Wire, WireHandlers } from './wire.ts';

/** A driver that does not give a port back must not hold everything up. */
const LONGEST_CLOSE_MS = 2000;

/** A serial line, 8 data bits, 1 stop bit. */
export interface SerialPlace extends Place {
  readonly path: string;
  readonly baudRate: number;
  readonly parity: 'none' | 'even' | 'odd';
}

/**
 * Opens a serial line. The native package is loaded here and not before, so that a machine without it still speaks TCP.
 * `quietMs` is how long to listen and drop before the line is handed over: after a time-out the old answer may still be on its way,
 * and RTU has no ids to tell it from the next one.
 */
export async function openSerialWire(
  place: SerialPlace,
  timeoutMs: number,
  quietMs: number,
  signal: AbortSignal | undefined,
): Promise<Result<Wire>> {
  let port: SerialPort;
  try {
    const { SerialPort: Port } = await import('serialport');
    port = new Port({ path: place.path, baudRate: place.baudRate, parity: place.parity, autoOpen: false });
  } catch (thrown) {
    return fail(serialProblem(place, `The serial driver could not be loaded: ${reasonOf(thrown)}.`));
  }
  const wire = wireOf(port);
  const opened = await opening(port, timeoutMs);
  if (opened !== undefined) {
    await wire.close();
    return fail(serialProblem(place, opened));
  }
  if (quietMs > 0) {
    port.resume();
    await pause(quietMs, signal);
    port.pause();
  }
  if (signal?.aborted === true) {
    await wire.close();
    return fail(abortedProblem(place, undefined, false));
  }
  return ok(wire);
}

/** Undefined when the port is open, else why it is not. */
function opening(port: SerialPort, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`The port did not open within ${timeoutMs} ms.`), timeoutMs);
    port.open((error) => {
      clearTimeout(timer);
      resolve(error === null || error === undefined ? undefined : `${error.message}.`);
    });
  });
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

function wireOf(port: SerialPort): Wire {
  let handlers: WireHandlers | undefined;
  let ended: string | undefined;
  let closing: Promise<void> | undefined;
  const end = (because: string): void => {
    if (ended !== undefined || closing !== undefined) return;
    ended = because;
    handlers?.ended(because);
  };
  // Like a socket: an error event without a listener would take the process down.
  port.on('error', (error) => end(error.message));
  port.on('close', () => end('the serial port was closed or unplugged'));
  return {
    start(given) {
      handlers = given;
      port.on('data', given.data);
      port.resume();
      if (ended !== undefined) queueMicrotask(() => given.ended(ended ?? ''));
    },
    write(bytes) {
      port.write(bytes);
    },
    close() {
      closing ??= new Promise((resolve) => {
        port.removeAllListeners('data');
        // A late open (after its cap) must not leave the port locked either.
        if (port.opening) port.once('open', () => port.close(() => undefined));
        if (!port.isOpen) {
          resolve();
          return;
        }
        const timer = setTimeout(resolve, LONGEST_CLOSE_MS);
        // An error here means that the port is gone already, which is what was wanted.
        port.close(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      return closing;
    },
  };
}
