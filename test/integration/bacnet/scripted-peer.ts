import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

/** A UDP end on loopback that does what a test says. */
export interface ScriptedPeer {
  readonly host: string;
  readonly port: number;
  /** Everything that came, as hex, in order. */
  readonly heard: readonly string[];
  /** Where the last datagram came from. */
  lastFrom(): RemoteInfo;
  send(hex: string, to: { readonly host: string; readonly port: number }): Promise<void>;
  /** Resolves when `count` datagrams have come. */
  heardAtLeast(count: number): Promise<void>;
  close(): Promise<void>;
}

/** `answer` gets each datagram as hex and returns the datagrams to send back to where it came from. */
export async function scriptedPeer(
  answer: (hex: string, from: RemoteInfo) => readonly string[] = () => [],
  bind: { readonly address: string; readonly port: number } = { address: '127.0.0.1', port: 0 },
): Promise<ScriptedPeer> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const heard: string[] = [];
  let from: RemoteInfo | undefined;
  socket.on('message', (bytes, remote) => {
    from = remote;
    const hex = bytes.toString('hex');
    heard.push(hex);
    for (const reply of answer(hex, remote)) socket.send(Buffer.from(reply, 'hex'), remote.port, remote.address);
    socket.emit('heard');
  });
  socket.bind(bind.port, bind.address);
  await once(socket, 'listening');
  socket.setBroadcast(true);
  const { address: host, port } = socket.address();
  return {
    host,
    port,
    heard,
    lastFrom() {
      if (from === undefined) throw new Error('nothing came yet');
      return from;
    },
    send: (hex, to) =>
      new Promise((resolve, reject) => {
        socket.send(Buffer.from(hex, 'hex'), to.port, to.host, (error) => (error === null ? resolve() : reject(error)));
      }),
    async heardAtLeast(count) {
      while (heard.length < count) await once(socket, 'heard');
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A frame around an APDU: BVLC unicast and the plain network header, unless told otherwise. */
export function framed(apdu: string, npdu = '0100', bvlcFunction = '0a'): string {
  const length = 4 + (npdu.length + apdu.length) / 2;
  return `81${bvlcFunction}${length.toString(16).padStart(4, '0')}${npdu}${apdu}`;
}

/** The invoke id of a confirmed request without a routed destination, as hex. */
export function invokeIdOf(request: string): string {
  return request.slice(16, 18);
}

/** What follows the service choice. */
function bodyOf(request: string): string {
  return request.slice(20);
}

/** A ReadProperty-ACK that repeats what was asked for, with `value` in its brackets. */
export function propertyAck(request: string, value: string): string {
  return framed(`30${invokeIdOf(request)}0c${bodyOf(request)}3e${value}3f`);
}

/** I-Am of a device of vendor 10 that takes 1476 bytes in one segment. */
export function iAm(deviceId: number): string {
  const object = (8 * 0x40_0000 + deviceId).toString(16).padStart(8, '0');
  return `1000c4${object}2205c49103210a`;
}
