import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { bytesOf, hex, length, toHex } from '../../unit/dlms/encode.ts';

/** AARE that grants get, set, selective access, blocks and attribute 0, with APDUs of 1024 bytes. */
export const GRANTED = '6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F040000301C04000007';
export const RELEASED = '6303800100';

/** One APDU of the client in its wrapper, and ways to answer it well or badly. */
export interface SeenApdu {
  readonly socket: Socket;
  /** Upper-case hex. */
  readonly apdu: string;
  /** Its invoke id and priority, where it has one. */
  readonly invoke: number;
  /** Sends an APDU in a right wrapper; hex with blanks, `II` stands for the invoke byte. */
  reply(apdu: string | Uint8Array): void;
  raw(bytes: Uint8Array): void;
}

export interface ScriptedMeter {
  readonly port: number;
  readonly seen: SeenApdu[];
  /** Connections that are open now. */
  open(): number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A server that leaves every answer to the script, except that associations and releases go well when the script returns true. */
export async function startScriptedMeter(
  script: (request: SeenApdu) => unknown,
  onConnect: (socket: Socket) => void = () => undefined,
): Promise<ScriptedMeter> {
  const seen: SeenApdu[] = [];
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const done of waiting.splice(0)) done();
    });
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 8 && rest.length >= 8 + rest.readUInt16BE(6)) {
        const end = 8 + rest.readUInt16BE(6);
        const request = requestOf(socket, rest.subarray(8, end));
        rest = rest.subarray(end);
        seen.push(request);
        if (script(request) === true) answerWell(request);
      }
    });
    onConnect(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    seen,
    open: () => sockets.size,
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}

function requestOf(socket: Socket, apdu: Buffer): SeenApdu {
  const invoke = apdu[2] ?? 0;
  return {
    socket,
    apdu: toHex(apdu),
    invoke,
    reply(answer) {
      const bytes = typeof answer === 'string' ? hex(answer.replaceAll('II', toHex(Uint8Array.of(invoke)))) : answer;
      socket.write(inWrapper(bytes));
    },
    raw: (bytes) => socket.write(bytes),
  };
}

/** Server 1 to client 16. */
export function inWrapper(apdu: Uint8Array, from = 1, to = 16, version = 1): Uint8Array {
  return bytesOf(0, version, 0, from, 0, to, apdu.length >> 8, apdu.length & 255, apdu);
}

function answerWell(request: SeenApdu): void {
  if (request.apdu.startsWith('60')) request.reply(GRANTED);
  else if (request.apdu.startsWith('62')) request.reply(RELEASED);
}

/** GET-Response-With-Datablock. */
export function block(invoke: number, number: number, data: Uint8Array, last: boolean): Uint8Array {
  const head = Buffer.alloc(8);
  head.set([0xc4, 0x02, invoke, last ? 1 : 0]);
  head.writeUInt32BE(number, 4);
  return bytesOf(head, 0, length(data.length), data);
}

/** Answers GETs from the given bytes in blocks of `size`; true for everything else. */
export function serveInBlocks(bytes: Uint8Array, size: number): (request: SeenApdu) => boolean {
  return ({ apdu, invoke, reply }) => {
    if (!apdu.startsWith('C0')) return true;
    const asked = apdu.startsWith('C002') ? Number.parseInt(apdu.slice(6, 14), 16) : 0;
    const end = (asked + 1) * size;
    reply(block(invoke, asked + 1, bytes.subarray(asked * size, end), end >= bytes.length));
    return false;
  };
}
