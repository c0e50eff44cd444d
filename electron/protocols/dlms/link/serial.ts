import type { SerialPort } from 'serialport';
import { fail, problem, type Result, reasonOf } from '../../../../shared/domain/problem.ts';
import { connectDlmsOver } from '../client.ts';
import type { DlmsClient, DlmsSettings } from '../types.ts';

/** A serial line with 8 data bits, no parity and 1 stop bit, as IEC 62056-46 has it. */
export interface DlmsSerialLine {
  readonly path: string;
  readonly baudRate: number;
}

/**
 * Opens a serial line and associates by HDLC; the line is given back on every path that returns no client, and when the client is closed. Fails with
 * `dlms/serial` (the line does not open) or as connectDlmsOver does. The native package is loaded here and not before.
 */
export async function connectDlmsSerial(
  line: DlmsSerialLine,
  settings: DlmsSettings,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Result<DlmsClient>> {
  let port: SerialPort;
  try {
    const { SerialPort: Port } = await import('serialport');
    port = new Port({ path: line.path, baudRate: line.baudRate, autoOpen: false });
  } catch (thrown) {
    return notOpened(line, `the serial driver could not be loaded: ${reasonOf(thrown)}`);
  }
  // An error without a listener would take the process down; what it means comes with the call that failed.
  port.on('error', () => undefined);
  const refused = await opening(port, settings.timeoutMs);
  if (refused !== undefined) {
    await releasing(port);
    return notOpened(line, refused);
  }
  return connectDlmsOver(port, line.path, settings, { ...options, release: () => releasing(port) });
}

/** Undefined when the port is open, else why it is not. */
function opening(port: SerialPort, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`it did not open within ${timeoutMs} ms`), timeoutMs);
    port.open((error) => {
      clearTimeout(timer);
      resolve(error === null || error === undefined ? undefined : error.message);
    });
  });
}

/** Ending the stream would wait for a line that takes no bytes; closing gives the port back. */
function releasing(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    if (port.isOpen || port.opening) port.close(() => resolve());
    else resolve();
  });
}

function notOpened({ path }: DlmsSerialLine, because: string): Result<never> {
  return fail(
    problem({
      code: 'dlms/serial',
      title: 'The serial line cannot be opened',
      because: `${path}: ${because}.`,
      nextStep:
        'Check the name of the port, whether the adapter is plugged in, and whether another program has it open.',
      details: { endpoint: path },
    }),
  );
}
