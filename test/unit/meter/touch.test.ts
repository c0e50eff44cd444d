import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type TouchOptions, touchTcp } from '../../../electron/meter/touch.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function touch(port: number, options: Partial<TouchOptions> = {}) {
  return touchTcp({
    host: '127.0.0.1',
    port,
    timeoutMs: 5000,
    until: 'nothing',
    signal: new AbortController().signal,
    ...options,
  });
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('touchTcp', () => {
  it('finds an open port, sends nothing and hangs up', async () => {
    let received = 0;
    let gone: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const port = await listen((socket) => {
      socket.on('data', (chunk) => {
        received += chunk.length;
      });
      socket.once('close', () => gone?.());
      socket.resume();
    });
    expect(await touch(port)).toEqual({ kind: 'open', banner: '' });
    await closed;
    expect(received).toBe(0);
  });

  it('tells a closed port from one that hangs up and from one that keeps the connection', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: closed } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await touch(closed, { until: 'hang-up' })).toEqual({ kind: 'refused' });

    const busy = await listen((socket) => socket.destroy());
    expect(await touch(busy, { until: 'hang-up' })).toEqual({ kind: 'dropped' });
    const polite = await listen((socket) => socket.end());
    expect(await touch(polite, { until: 'hang-up' })).toEqual({ kind: 'dropped' });
    const resets = await listen((socket) => socket.resetAndDestroy());
    expect(await touch(resets, { until: 'hang-up' })).toEqual({ kind: 'dropped' });

    const keeps = await listen(() => undefined);
    expect(await touch(keeps, { until: 'hang-up' })).toEqual({ kind: 'open', banner: '' });
  });

  it('reads the first line, in pieces too, and at most 255 characters', async () => {
    const ssh = await listen((socket) => {
      socket.write('SSH-2.0-');
      setImmediate(() => socket.write('meter\r\nmore'));
    });
    const found = await touch(ssh, { until: 'banner' });
    expect(found.kind === 'open' && found.banner).toMatch(/^SSH-2\.0-meter\r\n/);

    const endless = await listen((socket) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    });
    const long = await touch(endless, { until: 'banner' });
    expect(long.kind === 'open' && long.banner.length).toBe(255);
  });

  it('gives up waiting for a banner, and says that nothing was said', async () => {
    const mute = await listen(() => undefined);
    expect(await touch(mute, { until: 'banner', timeoutMs: 50 })).toEqual({ kind: 'open', banner: '' });
    const leaves = await listen((socket) => socket.end());
    expect(await touch(leaves, { until: 'banner' })).toEqual({ kind: 'dropped' });
  });

  it('stops when told to, before and while it waits', async () => {
    const mute = await listen(() => undefined);
    const before = new AbortController();
    before.abort();
    expect(await touch(mute, { signal: before.signal })).toEqual({ kind: 'stopped' });
    const during = new AbortController();
    const waiting = touch(mute, { until: 'banner', signal: during.signal });
    setImmediate(() => during.abort());
    expect(await waiting).toEqual({ kind: 'stopped' });
  });

  it.each([0, -1, 70_000, 1.5, Number.NaN])(
    'calls a way that cannot exist (port %d) silent, not closed',
    async (port) => {
      expect((await touch(port)).kind).toBe('silent');
    },
  );
});
