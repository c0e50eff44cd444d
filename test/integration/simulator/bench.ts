import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { SimulatedMeter, SimulatedMeterOptions } from '../../../simulator/types.ts';

/** A folder of this test alone, removed when it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'simulated-meter-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Starts a meter for this test and stops it when the test ends. */
export async function startMeter(change: Partial<SimulatedMeterOptions> = {}): Promise<SimulatedMeter> {
  const meter = await startSimulatedMeter({
    name: 'SIM-00001',
    serial: 'SN-00001',
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'advanced',
    stateFolder: change.stateFolder ?? (await temporaryFolder()),
    seed: 7,
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
    applySeconds: 0.2,
    ...change,
  });
  onTestFinished(() => meter.stop());
  return meter;
}

/** Asks until the answer is wanted; fails after the cap with the last answer. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean, capMs = 8000): Promise<T> {
  const giveUp = Date.now() + capMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > giveUp) throw new Error(`Still not there: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Sends a request to the control address. */
export async function control(
  meter: SimulatedMeter,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> {
  const response = await fetch(
    new URL(path, meter.address.control),
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

/** `GET /state` */
export async function stateOf(meter: SimulatedMeter): Promise<Record<string, unknown>> {
  return (await control(meter, '/state')).json;
}

/** A TCP connection that collects what comes. */
export interface RawConnection {
  send(bytes: Uint8Array | string): void;
  /** Exactly so many bytes; rejects when the connection ends first or they do not come. */
  read(count: number, capMs?: number): Promise<Buffer>;
  /** Settles with what was left unread when the other side has ended the connection. */
  ended(capMs?: number): Promise<Buffer>;
  close(): void;
}

export async function rawConnection(port: number): Promise<RawConnection> {
  const socket: Socket = connect({ host: '127.0.0.1', port });
  let received: Buffer = Buffer.alloc(0);
  let over = false;
  let wake = (): void => undefined;
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    over = true;
    wake();
  });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });

  async function waitFor(done: () => boolean, capMs: number, what: string): Promise<void> {
    const giveUp = Date.now() + capMs;
    while (!done()) {
      const left = giveUp - Date.now();
      if (left <= 0) throw new Error(`No ${what} after ${capMs} ms, got ${received.toString('hex')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  return {
    send: (bytes) => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes);
    },
    async read(count, capMs = 5000) {
      await waitFor(() => received.length >= count || over, capMs, `${count} bytes`);
      if (received.length < count) throw new Error(`The connection ended after ${received.toString('hex')}`);
      const bytes = received.subarray(0, count);
      received = received.subarray(count);
      return bytes;
    },
    async ended(capMs = 5000) {
      await waitFor(() => over, capMs, 'end');
      return received;
    },
    close: () => socket.destroy(),
  };
}

/** One MBAP exchange; the answer's PDU, or undefined when nothing comes for `silenceMs`. */
export async function modbus(
  connection: RawConnection,
  pdu: Uint8Array | string,
  unit = 255,
  silenceMs?: number,
): Promise<Buffer | undefined> {
  const bytes = typeof pdu === 'string' ? Buffer.from(pdu.replaceAll(' ', ''), 'hex') : Buffer.from(pdu);
  const head = Buffer.from([0x12, 0x34, 0, 0, 0, bytes.length + 1, unit]);
  connection.send(Buffer.concat([head, bytes]));
  if (silenceMs !== undefined) {
    return connection.read(1, silenceMs).then(
      (first) => first,
      () => undefined,
    );
  }
  const answer = await connection.read(7);
  if (answer.readUInt32BE(0) !== 0x1234_0000) throw new Error(`Not the answer: ${answer.toString('hex')}`);
  return connection.read(answer.readUInt16BE(4) - 1);
}

/** FC03; throws on an exception. */
export async function readRegisters(connection: RawConnection, register: number, count: number): Promise<Buffer> {
  const request = Buffer.alloc(5);
  request.writeUInt8(3, 0);
  request.writeUInt16BE(register - 1, 1);
  request.writeUInt16BE(count, 3);
  const answer = (await modbus(connection, request)) ?? Buffer.alloc(0);
  if (answer[0] !== 3) throw new Error(`Exception ${answer.toString('hex')}`);
  return answer.subarray(2);
}
