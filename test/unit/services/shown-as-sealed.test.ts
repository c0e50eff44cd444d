import { copyFile, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homePaths } from '../../../electron/inventory/home.ts';
import { createLogs } from '../../../electron/services/logs/library.ts';
import { listWaveforms, openWaveform } from '../../../electron/services/logs/waveforms.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { LOAD, makeBag, START } from '../../e2e/logs/bag.ts';

let folder = '';
let bag = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meterwright-shown-'));
  bag = await makeBag(folder, 30);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LOAD_CSV = 'data/logs/1-0-99-1-0-255.csv';
const LOAD_JSON = 'data/logs/1-0-99-1-0-255.json';
const logs = () => createLogs(homePaths(join(folder, 'home')));
const load = () => ({ source: { bag }, recorder: LOAD.id });
const trend = { columns: [0], from: null, to: null, points: 100 };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

function told(result: Result<unknown>): string {
  return result.ok ? 'shown' : `${result.problem.code} ${result.problem.because}`;
}

/** Replaces a text of a file by another one of the same length. */
async function change(path: string, from: string, to: string): Promise<void> {
  const file = join(bag, path);
  const text = await readFile(file, 'latin1');
  expect(text, path).toContain(from);
  expect(to).toHaveLength(from.length);
  await writeFile(file, text.replace(from, to), 'latin1');
}

describe('a log that is looked at in a sealed backup', () => {
  it('is not shown with another digit in it, neither as rows nor as a trend nor as a file; the others are', async () => {
    expect(value(await logs().rows(load(), 0, 1)).total).toBe(30);
    await change(LOAD_CSV, '1000000', '9000000');
    const expected = `backup/file-changed ${LOAD_CSV} is not the file that was sealed.`;
    expect(told(await logs().rows(load(), 0, 1))).toBe(expected);
    expect(told(await logs().trend(load(), trend))).toBe(expected);
    expect(told(await logs().at(load(), START))).toBe(expected);
    const out = join(folder, 'part.csv');
    expect(told(await logs().export(load(), { from: null, to: null, out }))).toBe(expected);
    await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(told(await logs().rows({ ...load(), recorder: '1-0:99.98.0*255' }, 0, 1))).toBe('shown');
  });

  it('is told as changed, and not only as damaged, where it was cut short', async () => {
    const bytes = await readFile(join(bag, LOAD_CSV));
    await writeFile(join(bag, LOAD_CSV), bytes.subarray(0, bytes.length - 20));
    expect(told(await logs().rows(load(), 0, 1))).toContain('backup/file-changed');
  });

  it('is not listed where its description has another unit', async () => {
    await change(LOAD_JSON, '"Wh"', '"kW"');
    const found = value(await logs().recorders({ bag }));
    expect(found.logs.map(({ recorder }) => recorder.id)).toEqual(['1-0:99.98.0*255']);
    expect(found.problems).toMatchObject([{ code: 'backup/file-changed', details: { path: LOAD_JSON } }]);
    expect(told(await logs().rows(load(), 0, 1))).toContain(`backup/file-changed`);
  });

  it('is not shown where it was added to the backup', async () => {
    for (const end of ['csv', 'json']) {
      await copyFile(join(bag, `data/logs/1-0-99-1-0-255.${end}`), join(bag, `data/logs/added.${end}`));
    }
    const found = value(await logs().recorders({ bag }));
    expect(found.logs).toHaveLength(2);
    expect(found.problems).toMatchObject([{ code: 'backup/file-extra', details: { path: 'data/logs/added.csv' } }]);
  });

  it('stays what was sealed when its file changes behind the same size and time', async () => {
    const open = logs();
    const first = value(await open.rows(load(), 0, 1));
    const { atime, mtime } = await stat(join(bag, LOAD_CSV));
    await change(LOAD_CSV, '1000000', '9000000');
    await utimes(join(bag, LOAD_CSV), atime, mtime);
    const again = await open.rows(load(), 0, 1);
    expect(again.ok ? again.value : again.problem.code).toEqual(again.ok ? first : 'backup/file-changed');
  });
});

describe('the list of a sealed backup', () => {
  it('shows nothing where the list is not the one that was sealed, or is gone', async () => {
    await change('manifest-sha256.txt', 'logs/1-0-99-1-0-255.csv', 'logs/1-0-99-1-0-254.csv');
    expect(told(await logs().rows(load(), 0, 1))).toContain('backup/manifest-changed');
    expect(told(await listWaveforms({ bag }))).toContain('backup/manifest-changed');
    await rename(join(bag, 'manifest-sha256.txt'), join(bag, 'gone.txt'));
    expect(told(await logs().rows(load(), 0, 1))).toContain('backup/file-missing');
    expect(told(await listWaveforms({ bag }))).toContain('backup/file-missing');
  });

  it('shows nothing of a meter whose serial number was changed', async () => {
    await change('evidence.json', 'MW-2211A001-01', 'MW-2211A001-99');
    expect(told(await logs().recorders({ bag }))).toContain('backup/file-changed evidence.json');
    expect(told(await listWaveforms({ bag }))).toContain('backup/file-changed evidence.json');
  });

  it('shows nothing where its signature is not of this list', async () => {
    await change('tagmanifest-sha256.txt', 'bag-info.txt', 'bag-info.text'.slice(0, 12));
    expect(told(await logs().recorders({ bag }))).toContain('backup/bad-signature');
  });
});

describe('a waveform record that is looked at in a sealed backup', () => {
  it('is not drawn with another sample in it, and its configuration is not listed when it was changed', async () => {
    const [one, other] = value(await listWaveforms({ bag }));
    if (one === undefined || other === undefined) throw new Error('The bag has two records.');
    expect(told(await openWaveform({ bag }, one.file))).toBe('shown');
    const dat = `data/comtrade/files/${one.file.replace(/\.cfg$/i, (end) => (end === '.CFG' ? '.DAT' : '.dat'))}`;
    const bytes = await readFile(join(bag, dat));
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    await writeFile(join(bag, dat), bytes);
    expect(told(await openWaveform({ bag }, one.file))).toBe(
      `backup/file-changed ${dat} is not the file that was sealed.`,
    );
    const cfg = `data/comtrade/files/${other.file}`;
    const text = await readFile(join(bag, cfg), 'latin1');
    await writeFile(
      join(bag, cfg),
      text.replace(/^./, (letter) => (letter === 'X' ? 'Y' : 'X')),
      'latin1',
    );
    const listed = value(await listWaveforms({ bag })).find(({ file }) => file === other.file);
    expect(listed).toMatchObject({ facts: null, problem: { code: 'backup/file-changed', details: { path: cfg } } });
    expect(told(await openWaveform({ bag }, other.file))).toContain(`backup/file-changed ${cfg}`);
  });
});
