import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectSftp } from '../../../electron/protocols/sftp/client.ts';
import {
  connected,
  endpointOf,
  eventually,
  memoryKeys,
  newHostKey,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
});

async function scripted(script: Script = {}): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  cleanup.push(() => server.stop());
  return server;
}

/** A TCP server that is not SSH; `behave` does what it likes with each socket. */
async function tcp(behave: (socket: Socket) => void): Promise<{ readonly port: number; open(): number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {
      // The client hangs up when it has seen enough.
    });
    // A socket that nobody reads would not notice that the client hung up.
    socket.resume();
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanup.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, open: () => sockets.size };
}

async function problemOf(server: { readonly port: number }, more: Parameters<typeof endpointOf>[1] = {}) {
  const result = await connectSftp(endpointOf(server, more));
  if (result.ok) {
    await result.value.close();
    throw new Error('it connected');
  }
  expect(JSON.stringify(result.problem)).not.toContain(more.password ?? 'secret');
  return result.problem;
}

describe('the host key', () => {
  it('is pinned on first use before the password is sent', async () => {
    const keys = memoryKeys();
    let pinnedBeforePassword = false;
    const server = await scripted({
      authenticate: (context) => {
        pinnedBeforePassword = keys.pinnedKey() !== undefined;
        context.accept();
      },
    });
    const client = await connected(server, { hostKeys: keys });
    expect(client.firstUse).toBe(true);
    expect(client.hostKey).toBe(server.fingerprint);
    expect(keys.pinnedKey()).toBe(server.fingerprint);
    expect(pinnedBeforePassword).toBe(true);
    await client.close();

    const again = await connected(server, { hostKeys: keys });
    expect(again.firstUse).toBe(false);
    const lookup = `lookup 127.0.0.1:${server.port}`;
    expect(keys.calls).toEqual([lookup, 'pin', lookup]);
    await again.close();
  });

  it('waits for a slow store before the password is sent', async () => {
    const server = await scripted();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = false;
    const connecting = connectSftp(
      endpointOf(server, {
        hostKeys: {
          lookup: () => Promise.resolve(undefined),
          pin: () => {
            asked = true;
            return held;
          },
        },
      }),
    );
    await eventually(() => asked, 'the key was never pinned');
    expect(server.methods).toEqual([]);
    release();
    const client = await connecting;
    expect(client.ok).toBe(true);
    if (client.ok) await client.value.close();
  });

  it('that changed is a hard stop: both fingerprints shown, no login tried, nothing pinned', async () => {
    const keys = memoryKeys('SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU');
    const server = await scripted();
    const problem = await problemOf(server, { hostKeys: keys });
    expect(problem.code).toBe('sftp/host-key-changed');
    expect(problem.details).toMatchObject({
      expected: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
      presented: server.fingerprint,
    });
    await server.idle();
    expect(server.methods).toEqual([]);
    expect(keys.calls).not.toContain('pin');
  });

  it('is the same for two servers only if they have the same key', async () => {
    const hostKey = newHostKey();
    const [one, two] = [await scripted({ hostKey }), await scripted({ hostKey })];
    expect(one.fingerprint).toBe(two.fingerprint);
    const client = await connected(two, { hostKeys: memoryKeys(one.fingerprint) });
    await client.close();
  });

  it.each(['lookup', 'pin'] as const)('that the store cannot %s stops the login', async (broken) => {
    const server = await scripted();
    const refuse = () => Promise.reject(new Error('known-hosts.json is damaged.'));
    const problem = await problemOf(server, { hostKeys: { ...memoryKeys(), [broken]: refuse } });
    expect(problem).toMatchObject({ code: 'sftp/local-disk', because: expect.stringContaining('damaged') });
    await server.idle();
    expect(server.methods).toEqual([]);
  });
});

describe('the login', () => {
  it('with wrong credentials is tried exactly once, by no other method, and warns of the lockout', async () => {
    const server = await scripted();
    const problem = await problemOf(server, { password: 'wr0ng-pass' });
    expect(problem.code).toBe('sftp/wrong-credentials');
    expect(problem.meterState).toMatch(/lockout/);
    await server.idle();
    expect(server.methods).toEqual(['password']);
    expect(server.passwords).toEqual(['wr0ng-pass']);
  });

  it('says so when the host takes no passwords, and does not answer questions instead', async () => {
    const server = await scripted({ authenticate: (context) => context.reject(['keyboard-interactive']) });
    const problem = await problemOf(server);
    expect(problem).toMatchObject({
      code: 'sftp/wrong-credentials',
      because: expect.stringContaining('keyboard-interactive'),
    });
    await server.idle();
    expect(server.methods).toEqual(['password']);
  });

  it('that is only half of what the host wants is refused', async () => {
    const server = await scripted({ authenticate: (context) => context.reject(['publickey'], true) });
    expect(await problemOf(server)).toMatchObject({
      code: 'sftp/wrong-credentials',
      because: expect.stringContaining('asks for more'),
    });
    await server.idle();
    expect(server.methods).toEqual(['password']);
  });

  it('with an expired password ends at once', async () => {
    const server = await scripted({
      authenticate: (context) => {
        if (context.method === 'password') context.requestChange('new one, please', () => {});
      },
    });
    expect(await problemOf(server)).toMatchObject({
      code: 'sftp/wrong-credentials',
      because: expect.stringContaining('expired'),
    });
  });

  it('that the host answers by hanging up says that it may have counted', async () => {
    const server = await scripted({
      authenticate: () => {
        throw new Error('hangs up');
      },
    });
    const problem = await problemOf(server);
    expect(problem.code).toBe('sftp/closed');
    expect(problem.meterState).toMatch(/counts failed logins/);
  });
});

describe('a host that cannot be used', () => {
  it('refuses', async () => {
    const server = await tcp(() => {});
    for (const step of cleanup.splice(0)) await step();
    expect(await problemOf(server)).toMatchObject({
      code: 'sftp/refused',
      details: { endpoint: `127.0.0.1:${server.port}` },
    });
  });

  it.each([
    ['a name that does not exist', { host: 'meter.invalid' }],
    ['a port that cannot be one', { port: 70_000 }],
  ])('is unreachable: %s', async (_, where) => {
    expect(await problemOf({ port: 1 }, where)).toMatchObject({ code: 'sftp/unreachable' });
  });

  it('hangs up without a word: busy', async () => {
    const server = await tcp((socket) => socket.destroy());
    expect(await problemOf(server)).toMatchObject({ code: 'sftp/busy' });
  });

  it.each(['Exceeded MaxStartups\r\n', 'Not allowed at this time\r\n', 'Too many sessions\r\n'])(
    'says %j: busy',
    async (text) => {
      const server = await tcp((socket) => socket.end(text));
      expect(await problemOf(server)).toMatchObject({ code: 'sftp/busy' });
    },
  );

  it('rejects the session: busy', async () => {
    const server = await scripted({ session: (_accept, reject) => reject() });
    expect(await problemOf(server)).toMatchObject({ code: 'sftp/busy' });
    await server.idle();
  });

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    ['SSH 1', 'SSH-1.5-old\r\n'],
    ['noise', Buffer.alloc(40_000, 0xa5)],
    ['noise with line ends', Buffer.from('x\r\n'.repeat(20_000))],
    ['a NUL flood', Buffer.alloc(100_000)],
  ])('speaks %s: not SSH', async (_, bytes) => {
    const server = await tcp((socket) => socket.end(bytes));
    expect(await problemOf(server)).toMatchObject({ code: 'sftp/not-ssh' });
    await eventually(() => server.open() === 0, 'the socket was left open');
  });

  it.each([
    ['before the greeting', ''],
    ['in the middle of the greeting', 'SSH-2.0-Slow'],
    ['after the greeting', 'SSH-2.0-Slow\r\n'],
  ])('falls silent %s: timeout', async (_, greeting) => {
    const server = await tcp((socket) => socket.write(greeting));
    const problem = await problemOf(server, { timeoutMs: 150 });
    expect(problem).toMatchObject({ code: 'sftp/timeout', details: { timeoutMs: 150 } });
    await eventually(() => server.open() === 0, 'the socket was left open');
  });

  it('falls silent after the login: timeout', async () => {
    const server = await scripted({ session: () => {} });
    expect(await problemOf(server, { timeoutMs: 400 })).toMatchObject({
      code: 'sftp/timeout',
      because: expect.stringContaining('starting SFTP'),
    });
    await server.idle();
  });

  it('breaks off after the greeting: closed', async () => {
    const server = await tcp((socket) => socket.end('SSH-2.0-Rude\r\n'));
    expect(await problemOf(server)).toMatchObject({ code: 'sftp/closed' });
  });

  it('sends nonsense after the greeting: a failure, not a crash', async () => {
    const server = await tcp((socket) => {
      socket.write('SSH-2.0-Mad\r\n');
      socket.write(Buffer.alloc(70_000, 0x7f));
    });
    expect(await problemOf(server)).toMatchObject({ code: 'sftp/failure' });
    await eventually(() => server.open() === 0, 'the socket was left open');
  });

  it('knows broken algorithms only', async () => {
    const server = await scripted({ algorithms: { cipher: ['3des-cbc'] } });
    expect(await problemOf(server)).toMatchObject({
      code: 'sftp/no-common-algorithm',
      because: expect.stringContaining('cipher'),
    });
    expect(server.passwords).toEqual([]);
  });

  it.each([
    [{ cipher: ['aes128-cbc' as const] }],
    [{ cipher: ['aes256-ctr' as const], hmac: ['hmac-sha1' as const] }],
    [{ cipher: ['chacha20-poly1305@openssh.com' as const] }],
    [{ kex: ['diffie-hellman-group14-sha1' as const] }],
  ])('is old but sound: %j works', async (algorithms) => {
    const server = await scripted({ algorithms });
    const client = await connected(server);
    expect(await client.list('/')).toEqual({ ok: true, value: [] });
    await client.close();
  });
});

describe('what is offered to a host', () => {
  it('has AES-GCM first and nothing broken', async () => {
    let received = '';
    const server = await tcp((socket) => {
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
      });
      socket.write('SSH-2.0-Curious\r\n');
    });
    await problemOf(server, { timeoutMs: 500 });
    expect(received).toMatch(/^SSH-2\.0-Meterwright\r\n/);
    const lists = received.match(/[a-z0-9@.,-]{20,}/g) ?? [];
    const ciphers = lists.find((list) => list.includes('-ctr'));
    expect(ciphers).toMatch(/^aes128-gcm@openssh\.com,aes256-gcm@openssh\.com,/);
    expect(ciphers).toContain('aes128-cbc');
    expect(received).not.toMatch(/arcfour|3des|blowfish|cast128|md5|-96|ssh-dss|group1-sha1|zlib/);
  });
});

describe('an abort', () => {
  it('before connecting opens no socket', async () => {
    const server = await scripted();
    expect(await problemOf(server, { signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' });
    expect(server.connections()).toBe(0);
  });

  it('while the host is silent ends at once and leaves no socket', async () => {
    const controller = new AbortController();
    const server = await tcp(() => controller.abort());
    expect(await problemOf(server, { signal: controller.signal, timeoutMs: 60_000 })).toMatchObject({
      code: 'aborted',
    });
    await eventually(() => server.open() === 0, 'the socket was left open');
  });

  it('while the host thinks about the login ends at once', async () => {
    const controller = new AbortController();
    const server = await scripted({ authenticate: () => controller.abort() });
    expect(await problemOf(server, { signal: controller.signal, timeoutMs: 60_000 })).toMatchObject({
      code: 'aborted',
    });
    await server.idle();
  });

  it('after connecting does not touch the session', async () => {
    const controller = new AbortController();
    const server = await scripted();
    const client = await connected(server, { signal: controller.signal });
    controller.abort();
    expect(await client.list('/')).toEqual({ ok: true, value: [] });
    await client.close();
  });
});

describe('closing', () => {
  it('ends the connection, is idempotent, and later requests fail', async () => {
    const server = await scripted();
    const client = await connected(server);
    await Promise.all([client.close(), client.close()]);
    await client.close();
    await server.idle();
    expect(await client.list('/')).toMatchObject({ ok: false, problem: { code: 'sftp/closed' } });
    expect(await client.upload({ size: 1, read: () => Promise.resolve(new Uint8Array(1)) }, '/x')).toMatchObject({
      ok: false,
      problem: { code: 'sftp/closed' },
    });
  });

  it('ends what waits for an answer', async () => {
    const server = await scripted({
      intercept: (request, next) => (request.operation === 'STAT' ? undefined : next()),
    });
    const client = await connected(server);
    const waiting = client.stat('/x');
    await client.close();
    expect(await waiting).toMatchObject({ ok: false, problem: { code: 'sftp/closed' } });
  });
});
