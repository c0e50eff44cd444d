import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connected, patterned, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

/** How a disk behaves that has room for the first 100 KiB: the write before the end is short, the next one fails. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, error: 'ENOSPC' }));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const open = async (...parameters: Parameters<typeof fs.open>) => {
    const file = await fs.open(...parameters);
    const write = file.write.bind(file) as (
      bytes: Buffer,
      offset: number,
      length: number,
      position: number,
    ) => Promise<{ bytesWritten: number; buffer: Buffer }>;
    return Object.assign(file, {
      write: (bytes: Buffer, offset: number, length: number, position: number) => {
        const left = disk.room - position;
        if (left <= 0) return Promise.reject(Object.assign(new Error('the disk says no'), { code: disk.error }));
        return write(bytes, offset, Math.min(length, left), position);
      },
    });
  };
  return { ...fs, open };
});

let folder: string;
let server: ScriptedServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-full-'));
  server = await startScriptedServer();
  server.files.set('/f', patterned(1_000_000));
});
afterEach(async () => {
  disk.room = Number.POSITIVE_INFINITY;
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a disk of this PC that', () => {
  it.each([
    ['is full', 'ENOSPC', /disk of this PC is full/],
    ['is over its quota', 'EDQUOT', /disk of this PC is full/],
    ['breaks', 'EIO', /the disk says no/],
  ])('%s ends a download with that reason and nothing is left', async (_, error, because) => {
    Object.assign(disk, { room: 100 * 1024, error });
    const client = await connected(server);
    expect(await client.download('/f', join(folder, 'f'))).toMatchObject({
      ok: false,
      problem: { code: 'sftp/local-disk', because: expect.stringMatching(because), details: { error } },
    });
    expect(await readdir(folder)).toEqual([]);
    // The session is as good as before.
    disk.room = Number.POSITIVE_INFINITY;
    expect(await client.download('/f', join(folder, 'f'))).toMatchObject({ ok: true });
    await client.close();
  });
});
