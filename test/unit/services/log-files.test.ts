import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathExists } from '../../../electron/backup/folder/place.ts';
import { homePaths } from '../../../electron/inventory/home.ts';
import { type BagLogsRequest, exportBagLogs } from '../../../electron/services/logs/bag-logs.ts';
import { writeWhole } from '../../../electron/services/logs/files.ts';
import { exportWaveformsOfBag, waveformsOfBag } from '../../../electron/services/logs/waveform-files.ts';
import { exportAudit } from '../../../electron/services/reports/audit.ts';
import { writeReport } from '../../../electron/services/reports/files.ts';
import { fail, ok } from '../../../shared/domain/problem.ts';
import { REPORT_FORMATS } from '../../../shared/domain/report-format.ts';
import { waveformRecord } from '../../../simulator/factory-files.ts';
import { inFolder, recorder, row, START, writeLog } from '../backup/logs/fixture.ts';

const NO_KEY = fail({ code: 'key/none', title: 'No key', because: 'None was made.', nextStep: 'Make one.' });
const LOAD_CURVE = { ...recorder(1), id: '1-0:99.128.0*255', name: 'Load Curve' };

/** A bag with two logs, as far as exports look at it. */
async function bagIn(folder: string): Promise<string> {
  const bag = join(folder, 'bag');
  await mkdir(join(bag, 'data', 'logs'), { recursive: true });
  await writeFile(join(bag, 'bagit.txt'), 'BagIt-Version: 1.0\n');
  const rows = [0, 1, 2].map((minute) => row(START + minute * 60_000, [minute]));
  await writeLog(join(bag, 'data', 'logs', '1-0-99-1-0-255.csv'), recorder(1), rows);
  await writeLog(join(bag, 'data', 'logs', '1-0-99-128-0-255.csv'), LOAD_CURVE, rows);
  return bag;
}

const codeOf = async (bag: string, request: BagLogsRequest): Promise<string> => {
  const exported = await exportBagLogs(bag, request);
  return exported.ok ? 'ok' : exported.problem.code;
};

/** Seals a waveform record into a bag, with the index that a backup writes; answers with the paths of its files below the bag. */
async function sealRecord(bag: string, number: number): Promise<readonly [cfg: string, dat: string]> {
  const { stem, cfg, dat } = waveformRecord({ station: 'Main intake', number, seed: 7, trigger: START });
  const folder = join(bag, 'data', 'comtrade', 'files');
  await mkdir(folder, { recursive: true });
  const files = [
    [`${stem}.cfg`, Buffer.from(cfg, 'latin1')],
    [`${stem}.dat`, dat],
  ] as const;
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  const digest = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const index = JSON.stringify({
    format: 'meterwright-files/1',
    folder: 'COMTRADE',
    files: files.map(([name, bytes]) => ({
      original: `COMTRADE/${name}`,
      local: `comtrade/files/${name}`,
      size: bytes.length,
      sha256: digest(bytes),
      modified: '',
    })),
    missed: [],
  });
  await writeFile(join(bag, 'data', 'comtrade', 'index.json'), index);
  const sealed = [...files.map(([name, bytes]) => [`files/${name}`, bytes] as const), ['index.json', index] as const];
  const lines = sealed.map(([name, bytes]) => `${digest(bytes)}  data/comtrade/${name}\n`);
  await writeFile(join(bag, 'manifest-sha256.txt'), lines.join(''));
  return [join(folder, `${stem}.cfg`), join(folder, `${stem}.dat`)];
}

describe('waveform records of a sealed bag', () => {
  const changed = { problem: { code: 'backup/file-changed' } };

  it('are listed and exported as they were sealed', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      await sealRecord(bag, 1);
      expect(await waveformsOfBag(bag)).toMatchObject({ ok: true, value: [{ problem: null }] });
      const exported = await exportWaveformsOfBag(bag, join(folder, 'out'));
      expect(exported).toMatchObject({ ok: true, value: { records: [{ problem: null }] } });
      expect(exported.ok && exported.value.files).toHaveLength(2);
    });
  });

  it.each([0, 1])(
    'are refused where a byte of file %i is another one, though the record can be read',
    async (which) => {
      await inFolder(async (folder) => {
        const bag = await bagIn(folder);
        const file = (await sealRecord(bag, 1))[which] ?? '';
        const bytes = await readFile(file);
        // A name of a station, and a sample: both are as good as those that were sealed.
        const at = which === 0 ? 0 : bytes.length - 1;
        bytes.writeUInt8((bytes.readUInt8(at) ^ 1) & 0x7f, at);
        await writeFile(file, bytes);
        const out = join(folder, 'out');
        expect(await waveformsOfBag(bag)).toMatchObject({ ok: true, value: [changed] });
        expect(await exportWaveformsOfBag(bag, out)).toMatchObject({
          ok: true,
          value: { records: [changed], files: [] },
        });
        expect(await pathExists(out)).toBe(false);
      });
    },
  );

  it('are refused where the list of them is not the one that was sealed, or one of them was never sealed', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      await sealRecord(bag, 1);
      const index = join(bag, 'data', 'comtrade', 'index.json');
      const text = await readFile(index, 'utf8');
      await writeFile(index, `${text} `);
      expect(await waveformsOfBag(bag)).toMatchObject({ ok: false, ...changed });
      expect(await exportWaveformsOfBag(bag, join(folder, 'out'))).toMatchObject({ ok: false, ...changed });
      await writeFile(index, text);
      const manifest = join(bag, 'manifest-sha256.txt');
      await writeFile(manifest, (await readFile(manifest, 'utf8')).replace(/^.*\.dat\n/m, ''));
      expect(await waveformsOfBag(bag)).toMatchObject({
        ok: true,
        value: [{ problem: { code: 'backup/file-extra' } }],
      });
    });
  });
});

describe('an export of logs', () => {
  it('replaces nothing without being told to, the description of a CSV file by a JSON document least of all', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      const out = join(folder, 'out');
      expect(await codeOf(bag, { out, format: 'csv' })).toBe('ok');
      const sidecar = join(out, '1-0-99-1-0-255.json');
      const before = await readFile(sidecar, 'utf8');
      expect(await codeOf(bag, { out, format: 'csv' })).toBe('logs/file-exists');
      expect(await codeOf(bag, { out, format: 'json' })).toBe('logs/file-exists');
      expect(await readFile(sidecar, 'utf8')).toBe(before);
      expect(await codeOf(bag, { out, format: 'parquet' })).toBe('ok');
      expect(await codeOf(bag, { out, format: 'csv', from: START + 60_000, overwrite: true })).toBe('ok');
      expect((await readFile(join(out, '1-0-99-1-0-255.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(3);
      expect((await readdir(out)).filter((name) => name.includes('partial'))).toEqual([]);
    });
  });

  it('writes nothing into a backup: it would not verify any more', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      const before = await readdir(bag, { recursive: true });
      for (const out of [join(bag, 'data', 'logs'), join(bag, 'out'), join(bag, 'a', 'b', '..', 'c.csv')]) {
        expect(await codeOf(bag, { out, format: 'csv', recorder: 'Revenue Log', overwrite: true })).toBe(
          'backup/inside-bag',
        );
      }
      const waveforms = await exportWaveformsOfBag(bag, join(bag, 'data', 'comtrade'));
      expect(waveforms.ok ? 'ok' : waveforms.problem.code).toBe('backup/inside-bag');
      const trail = await exportAudit({ paths: homePaths(folder) }, join(bag, 'audit.csv'));
      expect(trail.ok ? 'ok' : trail.problem.code).toBe('backup/inside-bag');
      const forms = { json: {}, html: () => '', csv: () => '', pdf: () => Promise.resolve(new Uint8Array(1)) };
      for (const format of REPORT_FORMATS) {
        const report = await writeReport(join(bag, `report.${format}`), format, forms, NO_KEY);
        expect(report.ok ? 'ok' : report.problem.code).toBe('backup/inside-bag');
      }
      expect(await readdir(bag, { recursive: true })).toEqual(before);
    });
  });

  it('gives the other logs where one is damaged, and says which', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      const csv = join(bag, 'data', 'logs', '1-0-99-128-0-255.csv');
      await writeFile(csv, (await readFile(csv, 'utf8')).replace('2026-01-01T00:01', '2O26-01-01T00:01'));
      const out = join(folder, 'out');
      const exported = await exportBagLogs(bag, { out, format: 'csv' });
      expect(exported).toMatchObject({ ok: true, value: { logs: [{ recorder: { name: 'Revenue Log' }, rows: 3 }] } });
      expect(exported.ok && exported.value.problems).toHaveLength(1);
      expect(exported.ok && exported.value.problems[0]?.because).toContain('1-0-99-128-0-255.csv');
      expect(await codeOf(bag, { out: join(folder, 'one'), format: 'csv', recorder: 'Load Curve' })).not.toBe('ok');
    });
  });

  it('gives no log that is not the one that was sealed, and names one that is gone', async () => {
    await inFolder(async (folder) => {
      const bag = await bagIn(folder);
      const [changed, gone] = ['1-0-99-1-0-255.csv', '1-0-99-128-0-255.csv'].map((name) =>
        join(bag, 'data', 'logs', name),
      );
      const seal = async (path = ''): Promise<string> =>
        `${createHash('sha256')
          .update(await readFile(path))
          .digest('hex')}  data/logs/${basename(path)}\n`;
      const described = (csv = ''): string => csv.replace(/csv$/, 'json');
      await writeFile(
        join(bag, 'manifest-sha256.txt'),
        (await Promise.all([gone, changed, described(gone), described(changed)].map(seal))).join(''),
      );
      expect(await codeOf(bag, { out: join(folder, 'whole'), format: 'csv' })).toBe('ok');
      const text = await readFile(changed ?? '', 'utf8');
      await writeFile(changed ?? '', text.replace(/,1\r\n/, ',7\r\n'));
      expect(await readFile(changed ?? '', 'utf8')).not.toBe(text);
      await rm(gone ?? '');
      const exported = await exportBagLogs(bag, { out: join(folder, 'out'), format: 'csv' });
      expect(exported).toMatchObject({
        ok: true,
        value: { logs: [], problems: [{ code: 'backup/file-missing' }, { code: 'backup/file-changed' }] },
      });
    });
  });

  it('of a folder that is no backup says so', async () => {
    await inFolder(async (folder) => {
      expect(await codeOf(join(folder, 'nothing'), { out: join(folder, 'out'), format: 'csv' })).toBe(
        'backup/not-a-bag',
      );
    });
  });
});

describe('a file that is written under another name first', () => {
  it('leaves what was there, and nothing of its own, when it fails', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'log.parquet');
      await writeFile(file, 'old');
      const failed = await writeWhole(file, async (partial) => {
        await writeFile(partial, 'half');
        return fail({ code: 'disk/full', title: 'Full', because: 'Full.', nextStep: 'Free some space.' });
      });
      expect(failed.ok).toBe(false);
      expect(await readdir(folder)).toEqual(['log.parquet']);
      expect(await readFile(file, 'utf8')).toBe('old');
      await writeWhole(file, async (partial) => ok(await writeFile(partial, 'new')));
      expect(await readdir(folder)).toEqual(['log.parquet']);
      expect(await readFile(file, 'utf8')).toBe('new');
    });
  });
});
