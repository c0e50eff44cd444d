import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homePaths } from '../../../electron/inventory/home.ts';
import { archiveFolder, listArchive } from '../../../electron/services/upgrades/packages.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mw-archive-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const SHA_A = 'a'.repeat(64);
const SHA_B = 'b'.repeat(64);

async function put(folder: string, name: string, text: string, at: string): Promise<void> {
  const path = join(archiveFolder({ paths: homePaths(home) }), folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, name), text);
  await utimes(join(path, name), new Date(at), new Date(at));
}

describe('the archive of packages', () => {
  it('is empty where there is no folder yet', async () => {
    expect(await listArchive({ paths: homePaths(home) })).toEqual({ ok: true, value: [] });
  });

  it('lists what jobs kept, newest first, and nothing else that lies there', async () => {
    await put(SHA_A, 'old.zip', 'four', '2026-01-02T03:04:05Z');
    await put(SHA_B, 'new.zip', 'seven 7', '2026-02-02T03:04:05Z');
    await put(SHA_B, '.new.zip.1-00.tmp', 'half', '2026-03-02T03:04:05Z');
    await put('notes', 'notes.txt', 'mine', '2026-03-02T03:04:05Z');
    await writeFile(join(home, 'packages', 'c'.repeat(64)), 'a file with the name of a folder');
    const listed = await listArchive({ paths: homePaths(home) });
    expect(listed).toEqual({
      ok: true,
      value: [
        {
          file: join(home, 'packages', SHA_B, 'new.zip'),
          name: 'new.zip',
          bytes: 7,
          archivedAt: '2026-02-02T03:04:05.000Z',
        },
        {
          file: join(home, 'packages', SHA_A, 'old.zip'),
          name: 'old.zip',
          bytes: 4,
          archivedAt: '2026-01-02T03:04:05.000Z',
        },
      ],
    });
  });
});
