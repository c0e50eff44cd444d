import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectModbus } from '../../../electron/protocols/modbus/client.ts';
import type { ModbusClient } from '../../../electron/protocols/modbus/types.ts';
import { identificationBody, readBody, registerAt, until } from './scripted-server.ts';
import { codeOf, createBench, granted } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

interface RtuRequest {
  readonly connection: number;
  readonly socket: Socket;
  readonly hex: string;
  readonly unit: number;
  readonly fc: number;
  readonly address: number;
  readonly count: number;
}

/** CRC of the standard's own description (bit by bit), so that the client's table is judged by something else. */
function withCrc(body: Buffer): Buffer {
  let crc = 0xffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Buffer.concat([body, Buffer.from([crc & 255, crc >> 8])]);
}

/** RTU over TCP; a request is complete when its last bytes are the CRC of what came before. */
async function serveRtu(script: (request: RtuRequest) => void) {
  const seen: RtuRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = connections;
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 7 || !withCrc(bytes.subarray(0, -2)).equals(bytes)) return;
      const request: RtuRequest = {
        connection,
        socket,
        hex: bytes.toString('hex'),
        unit: bytes.readUInt8(0),
        fc: bytes.readUInt8(1),
        address: bytes.readUInt16BE(2),
        count: bytes.length >= 8 ? bytes.readUInt16BE(4) : 0,
      };
      bytes = Buffer.alloc(0);
      seen.push(request);
      script(request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  bench.later(close);
  return { port: typeof address === 'object' && address !== null ? address.port : 0, seen, open: () => sockets.size };
}

function goodAnswer(request: RtuRequest): Buffer {
  if (request.fc === 3) return withCrc(readBody(request.unit, request.address, request.count));
  if (request.fc === 43) {
    const objectId = Number.parseInt(request.hex.slice(8, 10), 16);
    return withCrc(identificationBody(request.unit, objectId, Buffer.from(`object ${objectId}`)));
  }
  return withCrc(Buffer.from(request.hex, 'hex').subarray(0, 6));
}

function overTcp(port: number, timeoutMs = 2000): Promise<ModbusClient> {
  return bench.connectedTo({ kind: 'rtu-over-tcp', host: '127.0.0.1', port, unit: 17 }, timeoutMs);
}

describe('RTU over TCP', () => {
  it('sends RTU frames with CRC, one at a time', async () => {
    let waiting = 0;
    let most = 0;
    const server = await serveRtu((request) => {
      waiting += 1;
      most = Math.max(most, waiting);
      setImmediate(() => {
        waiting -= 1;
        request.socket.write(goodAnswer(request));
      });
    });
    const client = await overTcp(server.port);
    const reads = await Promise.all(Array.from({ length: 50 }, (_, index) => client.readHolding(index * 3, 1 + index)));
    reads.forEach((read, index) => {
      expect(granted(read)).toEqual(Uint16Array.from({ length: 1 + index }, (_, at) => registerAt(index * 3 + at)));
    });
    granted(await client.writeHolding(1, [10, 258]));
    expect(await client.readIdentification(6)).toEqual({ ok: true, value: 'object 6' });
    expect(most).toBe(1);
    expect(server.open()).toBe(1);
    expect(server.seen[0]?.hex).toBe(withCrc(Buffer.from('110300000001', 'hex')).toString('hex'));
    expect(server.seen[50]?.hex).toBe(withCrc(Buffer.from('11100001000204000a0102', 'hex')).toString('hex'));
  });

  it('puts an answer together that comes byte by byte', async () => {
    const server = await serveRtu((request) => {
      const frame = goodAnswer(request);
      let at = 0;
      const next = (): void => {
        if (at === frame.length) return;
        request.socket.write(frame.subarray(at, at + 1));
        at += 1;
        setImmediate(next);
      };
      next();
    });
    const client = await overTcp(server.port);
    expect(granted(await client.readHolding(7, 5))[4]).toBe(registerAt(11));
    expect(await client.readIdentification(3)).toEqual({ ok: true, value: 'object 3' });
  });

  const turned = (frame: Buffer): Buffer => {
    const bad = Buffer.from(frame);
    bad[4] = (bad[4] ?? 0) ^ 0x10;
    return bad;
  };
  it.each([
    ['a wrong CRC', (request: RtuRequest) => turned(goodAnswer(request))],
    ['another unit', (request: RtuRequest) => withCrc(readBody(18, request.address, request.count))],
    ['another function', () => withCrc(Buffer.from('1104020001', 'hex'))],
    ['another byte count', () => withCrc(Buffer.from('1103040001', 'hex'))],
    ['an MBAP frame', () => Buffer.from('0001000000051103020001', 'hex')],
    ['noise', () => Buffer.alloc(1000, 0xa5)],
  ])('%s is malformed, at once, and the next request has a new connection', async (_, answer) => {
    const server = await serveRtu((request) => {
      request.socket.write(request.connection === 0 ? answer(request) : goodAnswer(request));
    });
    const client = await overTcp(server.port, 20_000);
    expect(codeOf(await client.readHolding(7, 3))).toBe('modbus/malformed');
    expect(granted(await client.readHolding(7, 1))[0]).toBe(registerAt(7));
    expect(server.seen.at(-1)?.connection).toBe(1);
    await until(() => server.open() === 1);
  });

  it('bytes behind an answer cost the connection, not the answer', async () => {
    const server = await serveRtu((request) => {
      const extra = request.connection === 0 ? goodAnswer({ ...request, address: 9000 }) : Buffer.alloc(0);
      request.socket.write(Buffer.concat([goodAnswer(request), extra]));
    });
    const client = await overTcp(server.port);
    expect(granted(await client.readHolding(7, 1))[0]).toBe(registerAt(7));
    expect(granted(await client.readHolding(8, 1))[0]).toBe(registerAt(8));
    expect(server.seen.at(-1)?.connection).toBe(1);
  });

  it('a stopped request keeps the line until its answer has come', async () => {
    const held: RtuRequest[] = [];
    const server = await serveRtu((request) => {
      if (request.address === 5000) held.push(request);
      else request.socket.write(goodAnswer(request));
    });
    const client = await overTcp(server.port, 20_000);
    const stopped = new AbortController();
    const slow = client.readHolding(5000, 1, stopped.signal);
    await until(() => held.length === 1);
    stopped.abort();
    expect(codeOf(await slow)).toBe('aborted');
    const next = client.readHolding(7, 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.seen).toHaveLength(1);
    held[0]?.socket.write(withCrc(Buffer.from('110302dead', 'hex')));
    expect(granted(await next)[0]).toBe(registerAt(7));
  });

  it('a time-out throws the connection away; the late answer reaches nobody', async () => {
    const server = await serveRtu((request) => {
      if (request.connection > 0) request.socket.write(goodAnswer(request));
    });
    const client = await overTcp(server.port, 150);
    const [first, second] = await Promise.all([client.readHolding(1, 1), client.readHolding(2, 1)]);
    expect([codeOf(first), codeOf(second)]).toEqual(['modbus/timeout', 'ok']);
    expect(server.seen.at(-1)?.connection).toBe(1);
  });
});

describe('serial RTU over a pair of pseudo terminals', () => {
  /** socat links a pseudo terminal to the RTU server above: the client opens the terminal as its serial port. */
  async function serialTo(port: number): Promise<{ readonly path: string; unplug(): Promise<unknown> }> {
    const folder = await mkdtemp(join(tmpdir(), 'serial-'));
    bench.later(() => rm(folder, { recursive: true }));
    const path = join(folder, 'line');
    const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${path}`, `tcp:127.0.0.1:${port},nodelay`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gone = once(socat, 'exit');
    const unplug = (): Promise<unknown> => {
      socat.kill();
      return gone;
    };
    bench.later(async () => {
      await unplug();
    });
    socat.once('error', () => undefined);
    let log = '';
    socat.stderr?.on('data', (chunk) => {
      log += String(chunk);
    });
    await until(() => log.includes('starting data transfer loop') || socat.exitCode !== null);
    if (!log.includes('starting data transfer loop')) throw new Error(`socat is needed for this test: ${log}`);
    return { path, unplug };
  }

  const line = (path: string) => ({ kind: 'serial', path, baudRate: 19_200, parity: 'even', unit: 17 }) as const;

  it('reads, writes and identifies', async () => {
    const server = await serveRtu((request) => request.socket.write(goodAnswer(request)));
    const { path } = await serialTo(server.port);
    const client = await bench.connectedTo(line(path), 2000);
    const reads = await Promise.all(Array.from({ length: 10 }, (_, index) => client.readHolding(index, 125)));
    expect(reads.map((read) => granted(read)[124])).toEqual(reads.map((_, index) => registerAt(index + 124)));
    granted(await client.writeHolding(5, [1, 2, 3]));
    expect(await client.readIdentification(1)).toEqual({ ok: true, value: 'object 1' });
    expect(client.endpoint).toBe(`${path} unit 17`);
  });

  it('after a time-out it listens first, so that the late answer is not taken for the next one', async () => {
    const held: RtuRequest[] = [];
    const server = await serveRtu((request) => {
      if (held.length === 0) held.push(request);
      else request.socket.write(goodAnswer(request));
    });
    const { path } = await serialTo(server.port);
    const client = await bench.connectedTo(line(path), 300);
    const slow = client.readHolding(1, 1);
    const next = client.readHolding(7, 1);
    expect(codeOf(await slow)).toBe('modbus/timeout');
    held[0]?.socket.write(withCrc(Buffer.from('110302dead', 'hex')));
    expect(granted(await next)[0]).toBe(registerAt(7));
  });

  it('an unplugged line ends pending requests at once; then the port is unavailable', async () => {
    const server = await serveRtu(() => undefined);
    const { path, unplug } = await serialTo(server.port);
    const client = await bench.connectedTo(line(path), 20_000);
    const pending = client.readHolding(1, 1);
    await until(() => server.seen.length === 1);
    const unplugged = unplug();
    expect(codeOf(await pending)).toBe('modbus/closed');
    await unplugged;
    expect(codeOf(await client.readHolding(1, 1))).toBe('modbus/serial-unavailable');
  });

  it('says what is wrong with a port that does not exist', async () => {
    const result = await connectModbus(line(join(tmpdir(), 'no-such-line')), { timeoutMs: 1000 });
    expect(codeOf(result)).toBe('modbus/serial-unavailable');
  });

  it('gives the port back when it is closed', async () => {
    const server = await serveRtu((request) => request.socket.write(goodAnswer(request)));
    const { path } = await serialTo(server.port);
    for (let turn = 0; turn < 3; turn += 1) {
      const client = await bench.connectedTo(line(path), 2000);
      granted(await client.readHolding(1, 1));
      await client.close();
    }
    const stopped = new AbortController();
    stopped.abort();
    expect(codeOf(await connectModbus(line(path), { timeoutMs: 1000, signal: stopped.signal }))).toBe('aborted');
    granted(await (await bench.connectedTo(line(path), 2000)).readHolding(1, 1));
  });
});
