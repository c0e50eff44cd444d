import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, isLocked, parseHolder } from '../../../electron/inventory/lock.ts';
import { isRunning, thisProcess } from '../../../electron/inventory/process-mark.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'mw-lock-')), 'locks');
});
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true, force: true });
});

async function taken(subject: string) {
  const lock = await acquireLock(folder, subject);
  if (!lock.ok) throw new Error(lock.problem.because);
  return lock.value;
}

async function lockFile(): Promise<string> {
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.lock'));
  if (name === undefined) throw new Error('there is no lock file');
  return join(folder, name);
}

/** Writes the lock on `subject` as a process with this mark would have left it. */
async function leftBy(subject: string, holder: object): Promise<void> {
  const lock = await taken(subject);
  const path = await lockFile();
  const own: unknown = JSON.parse(await readFile(path, 'utf8'));
  await lock.release();
  await writeFile(path, JSON.stringify({ ...(own as object), id: 'another', ...holder }));
}

/** A process that has ended for certain. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  return child.pid ?? 0;
}

describe('a lock', () => {
  it('is held by one at a time and free again after its release', async () => {
    const lock = await taken('meter 192.0.2.7:502');
    expect(await acquireLock(folder, 'meter 192.0.2.7:502')).toMatchObject({
      ok: false,
      problem: { code: 'inventory/locked', details: { pid: process.pid } },
    });
    expect(await isLocked(folder, 'meter 192.0.2.7:502')).toBe(true);
    await lock.release();
    await lock.release();
    expect(await isLocked(folder, 'meter 192.0.2.7:502')).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    await (await taken('meter 192.0.2.7:502')).release();
  });

  it('goes to exactly one of many that ask at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => acquireLock(folder, 'x')));
    expect(all.filter((lock) => lock.ok)).toHaveLength(1);
  });

  it('is another one for another subject, whatever characters it has', async () => {
    const subjects = ['a/b', 'a:b', 'a b', '../a', 'CON', 'é', 'x'.repeat(500)];
    const locks = [];
    for (const subject of subjects) locks.push(await taken(subject));
    expect((await readdir(folder)).every((name) => /^[A-Za-z0-9._-]+\.lock$/.test(name))).toBe(true);
    await Promise.all(locks.map((lock) => lock.release()));
  });

  it('of an earlier release does not free the lock of a later holder', async () => {
    const first = await taken('x');
    await first.release();
    const second = await taken('x');
    await first.release();
    expect(await isLocked(folder, 'x')).toBe(true);
    await second.release();
  });

  it('that nobody ever took is free, also where there is no folder', async () => {
    expect(await isLocked(folder, 'x')).toBe(false);
  });
});

describe('a lock that a process left behind', () => {
  it('is taken over when the process has ended', async () => {
    await leftBy('x', { pid: await deadPid() });
    expect(await isLocked(folder, 'x')).toBe(false);
    await (await taken('x')).release();
  });

  it('is taken over by one only, though many see it', async () => {
    await leftBy('x', { pid: await deadPid() });
    const all = await Promise.all(Array.from({ length: 12 }, () => acquireLock(folder, 'x')));
    expect(all.filter((lock) => lock.ok)).toHaveLength(1);
  });

  it('is respected while the process runs', async () => {
    await leftBy('x', { pid: process.ppid, started: null });
    expect(await acquireLock(folder, 'x')).toMatchObject({ ok: false, problem: { details: { pid: process.ppid } } });
    expect(await isLocked(folder, 'x')).toBe(true);
  });

  it('is taken over when an earlier process had the id that is ours now', async () => {
    await leftBy('x', { pid: process.pid });
    expect(await isLocked(folder, 'x')).toBe(false);
    await (await taken('x')).release();
  });

  it('is taken over when the system was started since then', async () => {
    await leftBy('x', { pid: process.ppid, started: null, uptimeSeconds: Math.ceil(uptime()) + 1000 });
    await (await taken('x')).release();
  });

  it.skipIf(process.platform !== 'linux')(
    'is taken over when its process id belongs to another process now',
    async () => {
      await leftBy('x', { pid: process.ppid, started: 'another-boot/1' });
      await (await taken('x')).release();
    },
  );

  it.each(['', '{', '{}', '[]', 'null', '{"pid":-1}', '{"pid":"1"}'])(
    'is taken over when it is torn: %j',
    async (content) => {
      await (await taken('x')).release();
      const lock = await taken('x');
      const path = await lockFile();
      await lock.release();
      await writeFile(path, content);
      await (await taken('x')).release();
    },
  );

  it('that really belongs to another program is seen from here, until that program ends', async () => {
    await leftBy('x', {});
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    const path = await lockFile();
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...(content as object), pid: child.pid, started: null }));
    expect(await isLocked(folder, 'x')).toBe(true);
    child.kill();
    await ended;
    expect(await isLocked(folder, 'x')).toBe(false);
    await (await taken('x')).release();
  });
});

describe('the lock file', () => {
  it('is read without trust', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseHolder(text) === undefined));
  });

  it('in a place that cannot be written is a problem of the disk', async () => {
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, 'a file');
    expect(await acquireLock(folder, 'x')).toMatchObject({
      ok: false,
      problem: { code: expect.stringMatching(/^disk\//) },
    });
    expect(await isLocked(folder, 'x')).toBe(true);
  });
});

describe('the mark of a process', () => {
  it('fits this process and no ended one', async () => {
    const mark = await thisProcess();
    expect(await isRunning(mark, uptime())).toBe(true);
    expect(await isRunning({ ...mark, pid: await deadPid() }, uptime())).toBe(false);
  });
});
