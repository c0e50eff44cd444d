import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** One request as it came: its header fields, its PDU, and ways to answer it well or badly. */
export interface SeenRequest {
  /** 0 for the first connection of the server. */
  readonly connection: number;
  readonly socket: Socket;
  /** The whole frame, hex. */
  readonly hex: string;
  readonly id: number;
  readonly unit: number;
  readonly fc: number;
  readonly address: number;
  readonly count: number;
  /** Sends a well-formed MBAP frame with this body (unit id + PDU), given as hex or bytes. */
  reply(body: string | Buffer): void;
}

export interface ScriptedServer {
  readonly port: number;
  readonly seen: SeenRequest[];
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

/** MBAP server for tests: cuts requests out of the stream and leaves every answer to the script. */
export async function startScriptedServer(
  script: (request: SeenRequest) => void,
  onConnect: (socket: Socket, connection: number) => void = () => undefined,
): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = connections;
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 6 && rest.length >= 6 + rest.readUInt16BE(4)) {
        const end = 6 + rest.readUInt16BE(4);
        const request = parse(rest.subarray(0, end), connection, socket);
        rest = rest.subarray(end);
        seen.push(request);
        script(request);
      }
    });
    onConnect(socket, connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    seen,
    open: () => sockets.size,
    async close() {
      if (!server.listening) return;
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function parse(frame: Buffer, connection: number, socket: Socket): SeenRequest {
  const id = frame.readUInt16BE(0);
  return {
    connection,
    socket,
    hex: frame.toString('hex'),
    id,
    unit: frame.readUInt8(6),
    fc: frame.readUInt8(7),
    address: frame.length >= 12 ? frame.readUInt16BE(8) : 0,
    count: frame.length >= 12 ? frame.readUInt16BE(10) : 0,
    reply: (body) => socket.write(mbap(id, body)),
  };
}

/** An MBAP frame around a body (unit id + PDU). */
export function mbap(id: number, body: string | Buffer): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body.replaceAll(' ', ''), 'hex') : body;
  const header = Buffer.alloc(6);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** What register `address` of these tests holds: different for neighbours, never a pattern that repeats soon. */
export function registerAt(address: number): number {
  return (address * 40_503 + 7) & 0xffff;
}

/** Body of a correct answer to a read of holding registers. */
export function readBody(unit: number, address: number, count: number): Buffer {
  const body = Buffer.alloc(3 + count * 2);
  body.writeUInt8(unit, 0);
  body.writeUInt8(3, 1);
  body.writeUInt8(count * 2, 2);
  for (let index = 0; index < count; index += 1) body.writeUInt16BE(registerAt(address + index), 3 + index * 2);
  return body;
}

/** Answers reads, confirms writes, and gives object n of the identification as "object n". */
export function answerWell(request: SeenRequest): void {
  if (request.fc === 3) request.reply(readBody(request.unit, request.address, request.count));
  else if (request.fc === 16) {
    const confirmation = Buffer.from([request.unit, 16, 0, 0, 0, 0]);
    confirmation.writeUInt16BE(request.address, 2);
    confirmation.writeUInt16BE(request.count, 4);
    request.reply(confirmation);
  } else {
    const objectId = Number.parseInt(request.hex.slice(20, 22), 16);
    request.reply(identificationBody(request.unit, objectId, Buffer.from(`object ${objectId}`)));
  }
}

/** Body of a correct answer to FC43/14, code 04. */
export function identificationBody(unit: number, objectId: number, text: Buffer): Buffer {
  return Buffer.concat([Buffer.from([unit, 0x2b, 0x0e, 4, 0x82, 0, 0, 1, objectId, text.length]), text]);
}

/** Waits until the condition holds; fails after `capMs`. */
export async function until(condition: () => boolean, capMs = 5000): Promise<void> {
  const deadline = Date.now() + capMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
