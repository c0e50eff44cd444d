import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

const FORWARDED = 0x04;
const REGISTER = 0x05;
const DELETE = 0x07;
const DISTRIBUTE = 0x09;
const REFUSED = 0x0030;

/** A BACnet/IP broadcast management device of a test. */
export interface Bbmd {
  readonly port: number;
  /** UDP port and time-to-live of each registration, in the order they came. */
  readonly registrations: readonly { readonly port: number; readonly seconds: number }[];
  /** NPDUs that foreign devices wanted to be distributed, as hex. */
  readonly distributed: readonly string[];
  /** From now on refuses registrations, or takes them again. */
  refuse(refusing: boolean): void;
  /** Sends an NPDU to all foreign devices as if a station of this port had broadcast it. */
  forward(npdu: string, originPort: number): void;
}

/** Takes registrations of foreign devices and passes broadcasts on (ANSI/ASHRAE 135, Annex J.4, J.5); closed when the test ends. */
export async function startBbmd(): Promise<Bbmd> {
  const socket = createSocket('udp4');
  const registrations: { port: number; seconds: number }[] = [];
  const distributed: string[] = [];
  let refusing = false;

  /** To every foreign device but the one it comes from. */
  function forward(npdu: Buffer, originPort: number): void {
    const head = Buffer.from([0x81, FORWARDED, 0, 10 + npdu.length, 127, 0, 0, 1, 0, 0]);
    head.writeUInt16BE(originPort, 8);
    const frame = Buffer.concat([head, npdu]);
    const ports = new Set(registrations.map((one) => one.port));
    for (const port of ports) if (port !== originPort) socket.send(frame, port, '127.0.0.1');
  }

  socket.on('message', (datagram, { port }) => {
    if (datagram[0] !== 0x81 || datagram.length < 4) return;
    if (datagram[1] === DISTRIBUTE) {
      distributed.push(datagram.subarray(4).toString('hex'));
      forward(datagram.subarray(4), port);
    }
    if (datagram[1] === DELETE) socket.send(Buffer.from('810000060000', 'hex'), port, '127.0.0.1');
    if (datagram[1] !== REGISTER) return;
    registrations.push({ port, seconds: datagram.readUInt16BE(4) });
    const result = Buffer.from([0x81, 0, 0, 6, 0, 0]);
    result.writeUInt16BE(refusing ? REFUSED : 0, 4);
    socket.send(result, port, '127.0.0.1');
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => socket.close(resolve)));

  return {
    port: socket.address().port,
    registrations,
    distributed,
    refuse(now) {
      refusing = now;
    },
    forward: (npdu, originPort) => forward(Buffer.from(npdu, 'hex'), originPort),
  };
}
