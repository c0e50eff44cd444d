import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRemains, removeRemain } from '../../../electron/backup/folder/remains.ts';
import { markUnfinished } from '../../../electron/backup/folder/unfinished.ts';
import { takeBackup } from '../../../electron/backup/take.ts';
import { homePaths } from '../../../electron/inventory/home.ts';
import { writeWhole } from '../../../electron/services/logs/files.ts';
import { cleanInHome, listRemains } from '../../../electron/services/remains.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { FULL, fakeMeter } from './fake-meter.ts';
import { options, out, request } from './take-place.ts';

const NAME = '.SIM-00001_4.0.0_20261123T060000Z.partial';
const NOW = new Date('2026-11-23T08:00:00Z');
const LONG_AGO = new Date('2026-11-23T06:00:00Z');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mw-remains-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function taken<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.code}: ${result.problem.because}`);
}

async function codeOf(result: Promise<Result<unknown>>): Promise<string> {
  const found = await result;
  return found.ok ? 'ok' : found.problem.code;
}

/** An unfinished backup with two files, last written long ago. */
async function unfinishedBackup(): Promise<string> {
  const path = join(folder, NAME);
  await mkdir(join(path, 'data', 'logs'), { recursive: true });
  await writeFile(join(path, 'data', 'identity.json'), '12345');
  await writeFile(join(path, 'data', 'logs', '1.csv'), '1234567');
  for (const part of ['data/identity.json', 'data/logs/1.csv', 'data/logs', 'data', '.'])
    await utimes(join(path, part), LONG_AGO, LONG_AGO);
  return path;
}

/** The mark of `path` as a process that was killed leaves it. */
async function markOfDead(path: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  const pid = child.pid ?? 0;
  const mark = taken(await markUnfinished(path));
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.lock'));
  const file = join(folder, name ?? '');
  const own: object = JSON.parse(await readFile(file, 'utf8'));
  await mark.release();
  await writeFile(file, JSON.stringify({ ...own, pid, id: 'another', takenAt: '2026-11-23T06:00:00.000Z' }));
  return pid;
}

describe('what an interrupted backup left', () => {
  it('is listed with its size, its age and who left it, and removed with its mark', async () => {
    const path = await unfinishedBackup();
    const pid = await markOfDead(path);
    const [remain, ...more] = taken(await findRemains(folder, NOW));
    expect(more).toEqual([]);
    expect(remain).toEqual({
      kind: 'backup',
      path,
      files: 2,
      bytes: 12,
      changedAt: LONG_AGO.toISOString(),
      leftBy: { pid, since: '2026-11-23T06:00:00.000Z' },
      atWork: false,
    });
    expect(taken(await removeRemain(path, NOW)).path).toBe(path);
    expect(await readdir(folder)).toEqual([]);
    expect(await codeOf(removeRemain(path, NOW))).toBe('remains/none');
  });

  it('is not removed while a process works on it, however long nothing of it changed', async () => {
    const path = await unfinishedBackup();
    const mark = taken(await markUnfinished(path));
    expect(taken(await findRemains(folder, NOW))).toMatchObject([{ atWork: true, leftBy: { pid: process.pid } }]);
    expect(await codeOf(removeRemain(path, NOW))).toBe('remains/at-work');
    await mark.release();
    expect(await codeOf(removeRemain(path, NOW))).toBe('ok');
  });

  it('is left alone for an hour where nobody signed it', async () => {
    const path = await unfinishedBackup();
    const soon = new Date(LONG_AGO.getTime() + 59 * 60_000);
    expect(taken(await findRemains(folder, soon))).toMatchObject([{ atWork: true, leftBy: null }]);
    expect(await codeOf(removeRemain(path, soon))).toBe('remains/at-work');
    const later = new Date(LONG_AGO.getTime() + 61 * 60_000);
    expect(taken(await findRemains(folder, later))).toMatchObject([{ atWork: false, leftBy: null }]);
    expect(await codeOf(removeRemain(path, later))).toBe('ok');
  });

  it('is nothing but what this program calls so: no bag, no file of a person, nothing through a link', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'kept'), 'x');
    await symlink(elsewhere, join(folder, '.linked.partial'), 'junction');
    const inside = join(await unfinishedBackup(), 'link');
    await symlink(elsewhere, inside, 'junction');
    await mkdir(join(folder, 'SIM-00001_4.0.0_20261123T060000Z'));
    await mkdir(join(folder, '.partial'));
    await writeFile(join(folder, '.notes.partial'), 'x');
    await writeFile(join(folder, 'load.csv'), 'x');
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(taken(await findRemains(folder, tomorrow)).map(({ path }) => path)).toEqual([join(folder, NAME)]);
    for (const name of ['.linked.partial', 'SIM-00001_4.0.0_20261123T060000Z', 'load.csv', '..', '.', '.partial'])
      expect(await codeOf(removeRemain(join(folder, name), tomorrow)), name).toBe('remains/none');
    expect(await codeOf(removeRemain(join(folder, NAME), tomorrow))).toBe('ok');
    expect(await readdir(elsewhere)).toEqual(['kept']);
  });

  it.skipIf(process.platform !== 'linux' || process.getuid?.() === 0)(
    'is a problem where the disk refuses to remove it',
    async () => {
      const path = await unfinishedBackup();
      await chmod(path, 0o500);
      expect(await codeOf(removeRemain(path, NOW))).toBe('remains/not-removed');
      await chmod(path, 0o700);
    },
  );
});

describe('what an interrupted reading of a log left', () => {
  it('is the log with its description, or the description alone', async () => {
    await writeFile(join(folder, 'a.partial.csv'), '123');
    await writeFile(join(folder, 'a.partial.json'), '45');
    await writeFile(join(folder, 'b.partial.json'), '6');
    const tomorrow = new Date(Date.now() + 86_400_000);
    const found = taken(await findRemains(folder, tomorrow));
    expect(found.map(({ kind, path, files, bytes }) => ({ kind, path, files, bytes }))).toEqual(
      expect.arrayContaining([
        { kind: 'log', path: join(folder, 'a.partial.csv'), files: 2, bytes: 5 },
        { kind: 'log', path: join(folder, 'b.partial.json'), files: 1, bytes: 1 },
      ]),
    );
    expect(found).toHaveLength(2);
    for (const { path } of found) expect(await codeOf(removeRemain(path, tomorrow))).toBe('ok');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is signed while it is written, and the mark goes with the end of it', async () => {
    const written = await writeWhole(join(folder, 'load.csv'), async (partial) => {
      await writeFile(partial, 'half');
      expect(taken(await findRemains(folder, new Date(Date.now() + 86_400_000)))).toMatchObject([
        { path: partial, atWork: true, leftBy: { pid: process.pid } },
      ]);
      await writeFile(partial.replace(/csv$/, 'json'), '{}');
      return ok(undefined);
    });
    expect(written.ok).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['load.csv', 'load.json']);
  });
});

describe('a backup that is being taken', () => {
  it('is signed from its beginning until it is sealed, and leaves no mark behind', async () => {
    const marks: string[][] = [];
    const seen = await takeBackup(fakeMeter(FULL).meter, request(), {
      ...options,
      onProgress: ({ item }) => {
        if (item !== 'registers' && item !== 'verify') return;
        marks.push(readdirSync(out).filter((name) => name.endsWith('.lock')));
        if (item === 'registers')
          expect(readFileSync(join(out, marks[0]?.[0] ?? ''), 'utf8')).toContain(`:${process.pid},`);
      },
    });
    expect(seen.ok).toBe(true);
    expect(marks[0]).toHaveLength(1);
    // A sealed bag is nobody's work any more: a process that is killed while it reads it again leaves nothing.
    expect(marks.at(-1)).toEqual([]);
    expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('remains of the data folder', () => {
  it('are those of backups and of the logs of each meter; nothing elsewhere is removed by a page', async () => {
    const paths = homePaths(folder);
    const house = { paths, now: () => new Date(Date.now() + 86_400_000) };
    expect(taken(await listRemains(house))).toEqual([]);
    await mkdir(join(paths.backups, NAME), { recursive: true });
    await mkdir(join(paths.logs, 'SIM-00001'), { recursive: true });
    const log = join(paths.logs, 'SIM-00001', '1-0-99-1-0-255.partial.csv');
    await writeFile(log, 'x');
    expect(taken(await listRemains(house)).map(({ path }) => path)).toEqual([join(paths.backups, NAME), log]);
    const elsewhere = join(folder, 'elsewhere', NAME);
    await mkdir(elsewhere, { recursive: true });
    expect(await codeOf(cleanInHome(house, elsewhere))).toBe('remains/elsewhere');
    expect(await codeOf(cleanInHome(house, join(paths.backups, 'x', '..', NAME)))).toBe('ok');
    expect(await codeOf(cleanInHome(house, log))).toBe('ok');
    expect(taken(await listRemains(house))).toEqual([]);
    expect(taken(await listRemains(house, join(folder, 'elsewhere'))).map(({ path }) => path)).toEqual([elsewhere]);
  });
});
