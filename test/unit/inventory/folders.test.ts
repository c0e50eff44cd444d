import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareOut } from '../../../electron/backup/folder/place.ts';
import { writeFileDurably } from '../../../electron/inventory/durable.ts';
import { makeFolders } from '../../../electron/inventory/folders.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'meterwright-folders-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('folders', () => {
  it('are made with those above them, and again, by several at the same time', async () => {
    const deep = join(root, 'a', 'b', 'c');
    await Promise.all([makeFolders(deep), makeFolders(deep), makeFolders(join(root, 'a', 'b'))]);
    await makeFolders(deep);
    expect((await stat(deep)).isDirectory()).toBe(true);
  });

  it('are refused where a file stands in the way, or a name is too long', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    await expect(makeFolders(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(file, 'below'))).rejects.toThrow(/ENOTDIR|EEXIST/);
    await expect(makeFolders(join(root, 'n'.repeat(300)))).rejects.toThrow(/ENAMETOOLONG|ENOENT|EINVAL/);
  });

  it.runIf(process.platform === 'linux')('are refused at once where nothing can be made', async () => {
    await expect(makeFolders('/proc/none/below')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await prepareOut('/proc/none/below')).toMatchObject({ ok: false, problem: { code: 'disk/failed' } });
    expect(await writeFileDurably('/proc/none/below/report.json', '')).toMatchObject({
      ok: false,
      problem: { code: 'disk/failed' },
    });
  });
});
