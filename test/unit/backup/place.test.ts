import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeBackup } from '../../../electron/backup/take.ts';
import { verifyBackup } from '../../../electron/backup/verify.ts';
import { ok, problem } from '../../../shared/domain/problem.ts';
import { FULL, failure, fakeMeter } from './fake-meter.ts';

import { folder, options, out, problemCode, request, take } from './take-place.ts';

describe('the place of a backup', () => {
  it('is made when it is missing', async () => {
    const deep = join(folder.path, 'a', 'b', 'c');
    expect((await take(undefined, { out: deep })).bag.startsWith(deep)).toBe(true);
  });

  it.each(['file', 'below a file'])('is refused when it is a %s', async (kind) => {
    await writeFile(out, 'x');
    const place = kind === 'below a file' ? join(out, 'deeper') : out;
    expect(await problemCode(undefined, { out: place })).toBe('backup/out-not-a-folder');
  });

  it('is refused when nothing may be written there', async () => {
    // The permissions of a folder do not stop root; the kernel's own file system does.
    const place = process.getuid?.() === 0 ? '/sys/meterwright-test' : out;
    if (place === out) await mkdir(out, { mode: 0o500 });
    expect(await problemCode(undefined, { out: place })).toBe('disk/denied');
  });

  it('is shared by two backups in the same second without mixing them', async () => {
    const taken = await Promise.all([take(), take(), take()]);
    expect(new Set(taken.map((backup) => backup.bag)).size).toBe(3);
    expect(await readdir(out)).toHaveLength(3);
    for (const { bag } of taken) expect((await verifyBackup(bag)).verdict).toBe('verified');
  });

  it("may hold what a crash left: it is no backup, stays as it is, and is in nobody's way", async () => {
    const crashed = join(out, '.MW-2211A001-01_4.0.0_20261122T100005Z.partial');
    await mkdir(join(crashed, 'data', 'web'), { recursive: true });
    await writeFile(join(crashed, 'data', 'web', 'half.html'), '<ht');
    const { bag } = await take();
    expect(bag.endsWith('Z_2')).toBe(true);
    expect(await readFile(join(crashed, 'data', 'web', 'half.html'), 'utf8')).toBe('<ht');
    expect(await verifyBackup(crashed)).toMatchObject({ verdict: 'unknown', problems: [{ code: 'backup/not-a-bag' }] });
  });
});

describe('a backup that cannot be finished leaves nothing behind', () => {
  it('when it is stopped in the middle of an item', async () => {
    const stop = new AbortController();
    const fake = fakeMeter(FULL);
    fake.onDownload = (path) => {
      if (!path.startsWith('documents/')) return ok(undefined);
      stop.abort();
      return failure('aborted');
    };
    const result = await takeBackup(fake.meter, request(), { ...options, signal: stop.signal });
    expect(result).toMatchObject({ ok: false, problem: { code: 'backup/cancelled' } });
    expect(await readdir(out)).toEqual([]);
  });

  it('when the disk is full', async () => {
    const fake = fakeMeter(FULL);
    const full = problem({
      code: 'sftp/local-disk',
      title: 'A file on this PC could not be used',
      because: 'The disk of this PC is full.',
      nextStep: 'Free some space.',
      details: { path: 'x', error: 'ENOSPC' },
    });
    fake.onDownload = () => ({ ok: false, problem: full });
    expect(await problemCode(fake)).toBe('backup/disk-full');
    expect(await readdir(out)).toEqual([]);
  });

  it('when the meter does not say who it is', async () => {
    const fake = fakeMeter(FULL);
    fake.identity = failure('modbus/timeout');
    expect(await problemCode(fake)).toBe('modbus/timeout');
    expect(await readdir(out)).toEqual([]);
  });

  it('when something throws', async () => {
    const fake = fakeMeter(FULL);
    fake.onDownload = () => {
      throw new Error('a defect');
    };
    await expect(problemCode(fake)).rejects.toThrow('a defect');
    expect(await readdir(out)).toEqual([]);
  });

  it('when what is on the disk is not what came over the wire: the problem says so', async () => {
    const fake = fakeMeter(FULL);
    const { meter } = fake;
    const lying = {
      ...meter,
      sftp: async () => {
        const session = await meter.sftp();
        if (!session.ok) return session;
        const { download } = session.value;
        return ok({
          ...session.value,
          download: async (path: string, local: string) => {
            const got = await download(path, local);
            if (path.endsWith('.cid')) await writeFile(local, 'bit rot');
            return got;
          },
        });
      },
    };
    const result = await takeBackup(lying, request(), options);
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'backup/not-verified', details: { cause: 'backup/file-changed' } },
    });
  });
});
