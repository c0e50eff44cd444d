import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { homePaths } from '../../../electron/inventory/home.ts';
import { openHostKeys } from '../../../electron/inventory/host-keys.ts';
import { connectSftp } from '../../../electron/protocols/sftp/client.ts';
import type { HostKeyStore, SftpClient, SftpEndpoint } from '../../../electron/protocols/sftp/types.ts';
import { type OpenSshServer, startOpenSsh } from './openssh-server.ts';

const run = promisify(execFile);

let server: OpenSshServer;
let home: string;
let hostKeys: HostKeyStore;
let client: SftpClient;
let folder: string;
let count = 0;

function endpoint(more: Partial<SftpEndpoint> = {}): SftpEndpoint {
  const { port, user, privateKey } = server;
  return { host: '127.0.0.1', port, user, password: '', privateKey, hostKeys, timeoutMs: 10_000, ...more };
}

async function connected(more: Partial<SftpEndpoint> = {}): Promise<SftpClient> {
  const result = await connectSftp(endpoint(more));
  if (!result.ok) throw new Error(`${result.problem.because}\n${server.log()}`);
  return result.value;
}

/** SHA-256 as coreutils compute it. */
async function sha256sum(path: string): Promise<string> {
  const { stdout } = await run('sha256sum', [path]);
  return stdout.slice(0, 64);
}

beforeAll(async () => {
  server = await startOpenSsh();
  home = await mkdtemp(join(tmpdir(), 'mw-sftp-home-'));
  const keys = await openHostKeys(homePaths(home).knownHosts);
  if (!keys.ok) throw new Error(keys.problem.because);
  hostKeys = keys.value;
  client = await connected();
});
afterAll(async () => {
  await client.close();
  await server.stop();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  count += 1;
  folder = join(server.folder, `test-${count}`);
  await mkdir(folder);
});

describe('an sshd of OpenSSH', () => {
  it('has the fingerprint that ssh-keygen prints, pinned for the next connection', async () => {
    expect(client.hostKey).toBe(server.fingerprint);
    expect(client.firstUse).toBe(true);
    const again = await connected();
    expect(again.firstUse).toBe(false);
    await again.close();
    expect(await readFile(homePaths(home).knownHosts, 'utf8')).toContain(server.fingerprint);
  });

  it('with another key is not logged in to', async () => {
    const other = await startOpenSsh();
    try {
      const keys: HostKeyStore = { lookup: () => Promise.resolve(server.fingerprint), pin: () => Promise.resolve() };
      const result = await connectSftp(endpoint({ port: other.port, hostKeys: keys }));
      expect(result).toMatchObject({
        ok: false,
        problem: {
          code: 'sftp/host-key-changed',
          details: { presented: other.fingerprint, expected: server.fingerprint },
        },
      });
      expect(other.log()).not.toMatch(/Failed|Accepted|Postponed/);
    } finally {
      await other.stop();
    }
  });

  it('sees one attempt only when the password is wrong', async () => {
    const { host, port, user, timeoutMs } = endpoint();
    const result = await connectSftp({ host, port, user, password: 'wr0ng-pass', hostKeys, timeoutMs });
    expect(result).toMatchObject({ ok: false, problem: { code: 'sftp/wrong-credentials' } });
    expect(JSON.stringify(result)).not.toContain('wr0ng-pass');
    await expect.poll(() => server.log().match(/Failed password/g)?.length).toBe(1);
  });

  it('lists a folder as it is', async () => {
    await writeFile(join(folder, 'wave.cfg'), 'x'.repeat(1234));
    await utimes(join(folder, 'wave.cfg'), 1_700_000_000, 1_700_000_000);
    await mkdir(join(folder, 'sub'));
    const listed = await client.list(folder);
    if (!listed.ok) throw new Error(listed.problem.because);
    expect(listed.value.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual(['file wave.cfg', 'folder sub']);
    expect(listed.value.find(({ name }) => name === 'wave.cfg')).toEqual({
      name: 'wave.cfg',
      kind: 'file',
      size: 1234,
      modified: '2023-11-14T22:13:20Z',
    });
  });

  it('lists thousands of files, up to the limit', async () => {
    await Promise.all(Array.from({ length: 1500 }, (_, index) => writeFile(join(folder, `file-${index}`), '')));
    const listed = await client.list(folder);
    expect(listed.ok && new Set(listed.value.map(({ name }) => name)).size).toBe(1500);
    expect(await client.list(folder, { limit: 1499 })).toMatchObject({
      ok: false,
      problem: { code: 'sftp/listing-too-long' },
    });
  });

  it('has a name that would hide what it is: the listing fails', async () => {
    await writeFile(join(folder, 'good\u001b[2Jbad'), '');
    expect(await client.list(folder)).toMatchObject({ ok: false, problem: { code: 'sftp/hostile-listing' } });
  });

  it('gives and takes 40 MB, judged by sha256sum', async () => {
    const bytes = randomBytes(40_000_001);
    const source = {
      size: bytes.length,
      read: (at: number, length: number) => Promise.resolve(bytes.subarray(at, at + length)),
    };
    await writeFile(join(folder, 'source'), bytes);
    const expected = await sha256sum(join(folder, 'source'));

    expect(await client.upload(source, join(folder, 'sent'))).toEqual({
      ok: true,
      value: { sent: bytes.length, resumedFrom: 0 },
    });
    expect(await sha256sum(join(folder, 'sent'))).toBe(expected);
    expect(await client.hash(join(folder, 'sent'))).toEqual({ ok: true, value: expected });

    const local = join(home, 'received');
    expect(await client.download(join(folder, 'sent'), local)).toEqual({
      ok: true,
      value: { size: bytes.length, sha256: expected },
    });
    expect(await sha256sum(local)).toBe(expected);

    // The first part stays, the rest is sent again.
    await truncate(join(folder, 'sent'), 12_345_678);
    expect(await client.upload(source, join(folder, 'sent'), { resume: true })).toEqual({
      ok: true,
      value: { sent: bytes.length - 12_345_678, resumedFrom: 12_345_678 },
    });
    expect(await sha256sum(join(folder, 'sent'))).toBe(expected);
  });

  it('does not keep the memory of a large file busy', async () => {
    const size = 256 * 1024 * 1024;
    await writeFile(join(folder, 'sparse'), '');
    await truncate(join(folder, 'sparse'), size);
    const before = process.memoryUsage().rss;
    let most = 0;
    const hash = await client.hash(join(folder, 'sparse'), {
      onProgress: () => {
        most = Math.max(most, process.memoryUsage().rss);
      },
    });
    expect(hash).toEqual({ ok: true, value: await sha256sum(join(folder, 'sparse')) });
    expect((most - before) / (1024 * 1024)).toBeLessThan(160);
  });

  it('says in its words what is missing or full', async () => {
    expect(await client.stat(join(folder, 'nothing'))).toEqual({ ok: true, value: undefined });
    expect(await client.readFile(join(folder, 'nothing'), 10)).toMatchObject({
      ok: false,
      problem: { code: 'sftp/no-such-file' },
    });
    expect(await client.list(join(folder, 'nothing'))).toMatchObject({
      ok: false,
      problem: { code: 'sftp/no-such-file' },
    });
    // OpenSSH gives no reason for a full device but "Failure".
    const source = { size: 100_000, read: (_: number, length: number) => Promise.resolve(new Uint8Array(length)) };
    expect(await client.upload(source, '/dev/full')).toMatchObject({
      ok: false,
      problem: { code: expect.stringMatching(/^sftp\/(failure|no-space)$/) },
    });
    // A name that is taken is not overwritten by a rename.
    await writeFile(join(folder, 'a'), 'a');
    await writeFile(join(folder, 'b'), 'b');
    expect(await client.rename(join(folder, 'a'), join(folder, 'b'))).toMatchObject({ ok: false });
    expect(await client.rename(join(folder, 'a'), join(folder, 'c'))).toMatchObject({ ok: true });
    expect(await client.remove(join(folder, 'c'))).toMatchObject({ ok: true });
  });

  it('that is killed in the middle ends the transfer, and the rest can be sent later', async () => {
    const victim = await startOpenSsh();
    const bytes = randomBytes(30_000_000);
    const path = join(folder, 'image.part');
    const { port, user, privateKey } = victim;
    const key = {
      ...endpoint(),
      port,
      user,
      privateKey,
      hostKeys: { lookup: () => Promise.resolve(undefined), pin: () => Promise.resolve() },
    };
    try {
      const doomed = await connectSftp(key);
      if (!doomed.ok) throw new Error(doomed.problem.because);
      const source = {
        size: bytes.length,
        read: async (at: number, length: number) => {
          if (at > 10_000_000) await doomed.value.close();
          return bytes.subarray(at, at + length);
        },
      };
      expect(await doomed.value.upload(source, path)).toMatchObject({ ok: false, problem: { code: 'sftp/closed' } });
    } finally {
      await victim.stop();
    }
    const source = {
      size: bytes.length,
      read: (at: number, length: number) => Promise.resolve(bytes.subarray(at, at + length)),
    };
    const resumed = await client.upload(source, path, { resume: true });
    expect(resumed.ok && resumed.value.resumedFrom > 0).toBe(true);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });
});

describe('an sshd that is too busy', () => {
  it('is said to have no free session', async () => {
    const full = await startOpenSsh(['MaxSessions 0']);
    try {
      const { port, user, privateKey } = full;
      const keys: HostKeyStore = { lookup: () => Promise.resolve(full.fingerprint), pin: () => Promise.resolve() };
      expect(await connectSftp({ ...endpoint(), port, user, privateKey, hostKeys: keys })).toMatchObject({
        ok: false,
        problem: { code: 'sftp/busy' },
      });
    } finally {
      await full.stop();
    }
  });
});

describe('an sshd with other habits', () => {
  it.each([
    ['Ciphers aes128-cbc', 'MACs hmac-sha1'],
    ['KexAlgorithms diffie-hellman-group14-sha1', 'Ciphers aes256-ctr'],
    ['RekeyLimit 128K', 'Ciphers aes128-gcm@openssh.com'],
    ['Ciphers chacha20-poly1305@openssh.com', 'KexAlgorithms ecdh-sha2-nistp256'],
  ])('is talked to: %s, %s', async (...settings) => {
    const old = await startOpenSsh(settings);
    try {
      const { port, user, privateKey } = old;
      const keys: HostKeyStore = { lookup: () => Promise.resolve(old.fingerprint), pin: () => Promise.resolve() };
      const session = await connectSftp({ ...endpoint(), port, user, privateKey, hostKeys: keys });
      if (!session.ok) throw new Error(session.problem.because);
      const bytes = randomBytes(1_000_000);
      const path = join(old.folder, 'f');
      const source = {
        size: bytes.length,
        read: (at: number, length: number) => Promise.resolve(bytes.subarray(at, at + length)),
      };
      expect(await session.value.upload(source, path)).toMatchObject({ ok: true });
      expect((await readFile(path)).equals(bytes)).toBe(true);
      await session.value.close();
    } finally {
      await old.stop();
    }
  });
});
