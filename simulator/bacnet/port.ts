import { createSocket, type Socket } from 'node:dgram';
import { hasCode } from '../durable-file.ts';
import type { Direction, Fault, FaultBox } from '../faults.ts';
import type { Listener } from '../listener.ts';
import { createRandom } from '../physics.ts';
import type { Peer } from './frame.ts';

const HOST = '127.0.0.1';
const PROTOCOL = 'bacnet';
const BIND_CAP_MS = 10_000;
const BIND_RETRY_MS = 50;

export interface DatagramPortOptions {
  readonly faults: FaultBox;
  powerLoss(seconds: number): void;
  receive(datagram: Buffer, from: Peer): void;
}

/** The UDP port of the meter, opened and closed like its TCP ports. */
export interface DatagramPort extends Listener {
  /** 0 when closed. */
  readonly number: number;
  /** Sends to a peer on the loopback network, whatever became of the port; to others nothing is sent. */
  send(datagram: Buffer, to: Peer): void;
}

/** Bytes of a fault count within each datagram: `drop` loses it, `delay` makes it late, `garbage` replaces bytes of it. */
export function createDatagramPort({ faults, powerLoss, receive }: DatagramPortOptions): DatagramPort {
  const random = createRandom(1);
  const late = new Set<NodeJS.Timeout>();
  let socket: Socket | undefined;

  function pass(direction: Direction, datagram: Buffer, deliver: (datagram: Buffer) => void): void {
    const happened = new Set<Fault>();
    const bytes = Buffer.from(datagram);
    let delay = direction === 'out' ? faults.slowness(PROTOCOL) : 0;
    for (;;) {
      const fault = faults.take(PROTOCOL, direction, 0, bytes.length, happened);
      if (fault === undefined) break;
      happened.add(fault);
      if (fault.kind === 'power-loss') powerLoss(fault.seconds);
      if (fault.kind === 'power-loss' || fault.kind === 'drop') return;
      if (fault.kind === 'delay') delay += fault.milliseconds;
      else {
        const end = Math.min(bytes.length, fault.atByte + fault.length);
        for (let at = fault.atByte; at < end; at += 1) bytes[at] = Math.floor(random() * 256);
      }
    }
    if (delay === 0) {
      deliver(bytes);
      return;
    }
    const timer = setTimeout(() => {
      late.delete(timer);
      deliver(bytes);
    }, delay);
    late.add(timer);
  }

  function shut(): void {
    for (const timer of late) clearTimeout(timer);
    late.clear();
    const closing = socket;
    socket = undefined;
    closing?.close();
  }

  function received(datagram: Buffer, from: Peer): void {
    pass('in', datagram, (bytes) => receive(bytes, from));
  }

  return {
    get number() {
      return socket === undefined ? 0 : socket.address().port;
    },
    async open(port, patienceMs = BIND_CAP_MS) {
      socket ??= await bound(port, patienceMs);
      const own = socket;
      own.removeAllListeners('message');
      own.on('message', (datagram, { address, port: from }) => received(datagram, { address, port: from }));
      return own.address().port;
    },
    shut,
    async close() {
      shut();
    },
    send(datagram, to) {
      if (!to.address.startsWith('127.') || to.port === 0) return;
      pass('out', datagram, (bytes) => {
        // Nobody learns that a datagram could not be sent: UDP promises nothing.
        socket?.send(bytes, to.port, to.address, () => undefined);
      });
    },
  };
}

async function bound(port: number, patienceMs: number): Promise<Socket> {
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    try {
      return await bindOnce(port);
    } catch (thrown) {
      if (!hasCode(thrown, 'EADDRINUSE') || Date.now() >= giveUp) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, BIND_RETRY_MS));
    }
  }
}

function bindOnce(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const failed = (thrown: Error): void => {
      socket.close();
      reject(thrown);
    };
    socket.once('error', failed);
    socket.bind({ address: HOST, port, exclusive: true }, () => {
      socket.off('error', failed);
      // A peer that is gone (ICMP port unreachable on Windows) is nothing to the meter.
      socket.on('error', () => undefined);
      socket.setBroadcast(true);
      resolve(socket);
    });
  });
}
