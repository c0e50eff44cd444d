import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { SimulatedMeter, SimulatedMeterOptions } from '../../../simulator/types.ts';
import { startMeter } from '../simulator/bench.ts';
import { type Registers, registersOf } from '../simulator-settings/registers.ts';

/** A UDP socket of a test. */
export interface Station {
  readonly port: number;
  send(hex: string, port: number): void;
  /** The next datagram that nobody took yet, as hex; rejects after the cap. */
  receive(capMs?: number): Promise<string>;
  /** Sends and receives. */
  ask(hex: string, port: number): Promise<string>;
  /** What came and was not taken. */
  readonly waiting: readonly string[];
}

export async function station(address = '127.0.0.1', port = 0): Promise<Station> {
  const socket = createSocket('udp4');
  const waiting: string[] = [];
  let wake = (): void => undefined;
  socket.on('message', (datagram) => {
    waiting.push(datagram.toString('hex'));
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => socket.close(resolve)));
  const own: Station = {
    port: socket.address().port,
    waiting,
    send: (hex, to) => socket.send(Buffer.from(hex.replaceAll(' ', ''), 'hex'), to, '127.0.0.1'),
    async receive(capMs = 8000) {
      const giveUp = Date.now() + capMs;
      for (;;) {
        const datagram = waiting.shift();
        if (datagram !== undefined) return datagram;
        const left = giveUp - Date.now();
        if (left <= 0) throw new Error(`Nothing came within ${capMs} ms`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    ask(hex, to) {
      own.send(hex, to);
      return own.receive();
    },
  };
  return own;
}

/** A meter 4.6.0 with BACnet enabled over Modbus. */
export async function bacnetMeter(
  change: Partial<SimulatedMeterOptions> = {},
): Promise<{ readonly meter: SimulatedMeter; readonly registers: Registers; readonly port: number }> {
  const meter = await startMeter({
    firmware: firmwareVersion('4.6.0'),
    shipped: firmwareVersion('4.6.0'),
    ...change,
  });
  const registers = await registersOf(meter);
  await registers.write('BACnet Enable', 1);
  const port = meter.address.ports.bacnet;
  await untilAnswering(port);
  return { meter, registers, port };
}

/** A BVLC message of a type around an NPDU, as hex. */
export function frame(type: string, npdu: string): string {
  const content = npdu.replaceAll(' ', '');
  return `81${type}${(4 + content.length / 2).toString(16).padStart(4, '0')}${content}`;
}

/** A confirmed request to one station that expects an answer, as hex. */
export function confirmed(apdu: string): string {
  return frame('0a', `0104${apdu}`);
}

const WHO_IS = '810b000801001008';

/** Asks until somebody answers on a port. */
export async function untilAnswering(port: number): Promise<string> {
  const asker = await station();
  for (let attempt = 0; ; attempt += 1) {
    asker.send(WHO_IS, port);
    try {
      return await asker.receive(100);
    } catch (thrown) {
      if (attempt === 100) throw thrown;
    }
  }
}

/** Whether anybody answers on a port within so many milliseconds. */
export async function answers(port: number, hex = WHO_IS, capMs = 150): Promise<boolean> {
  const asker = await station();
  asker.send(hex, port);
  return asker.receive(capMs).then(
    () => true,
    () => false,
  );
}
