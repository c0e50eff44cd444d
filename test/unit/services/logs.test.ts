import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLogTable } from '../../../electron/backup/logs/read.ts';
import { writeSidecar } from '../../../electron/backup/logs/sidecar.ts';
import type { LogTable } from '../../../electron/backup/logs/types.ts';
import { homePaths } from '../../../electron/inventory/home.ts';
import { createLogCache } from '../../../electron/services/logs/cache.ts';
import { createLogs } from '../../../electron/services/logs/library.ts';
import { listWaveforms, openWaveform } from '../../../electron/services/logs/waveforms.ts';
import { drawnOf } from '../../../renderer/features/waveforms/samples.ts';
import { ok } from '../../../shared/domain/problem.ts';
import { LOAD, loadRow, makeBag, START, STEP, writeLog } from '../../e2e/logs/bag.ts';

const ROWS = 9_000;
let folder = '';
let bag = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meterwright-log-services-'));
  bag = await makeBag(folder, ROWS);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const logs = () => createLogs(homePaths(join(folder, 'home')));
const which = () => ({ source: { bag }, recorder: LOAD.id });

function value<T>(result: { ok: true; value: T } | { ok: false; problem: { code: string } }): T {
  if (result.ok) return result.value;
  throw new Error(result.problem.code);
}

describe('logs of a backup', () => {
  it('are listed with what is missing of them', async () => {
    const found = value(await logs().recorders({ bag }));
    expect(found.logs.map(({ recorder, rows, gapCount }) => [recorder.id, rows, gapCount])).toEqual([
      ['1-0:99.1.0*255', ROWS, 2],
      ['1-0:99.98.0*255', 40, 0],
    ]);
    expect(found.meter).toEqual({ serial: 'MW-2211A001-01', firmware: '4.0.0', simulated: true });
    expect(found.items.map(({ id }) => id)).toEqual(['comtrade', 'recorder-logs', 'event-log']);
  });

  it('are a trend of what was written, thinned, with their gaps', async () => {
    const request = { columns: [0, 6], from: null, to: null, points: 1_000 };
    const trend = value(await logs().trend(which(), request));
    const volts = Array.from({ length: ROWS }, (_, row) => Number(loadRow(row).values[0]));
    expect(trend).toMatchObject({ rows: ROWS, thinned: true, gapCount: 2, whole: { from: START } });
    expect(trend.series[0]).toMatchObject({ min: Math.min(...volts), max: Math.max(...volts), last: volts.at(-1) });
    expect(trend.series[1]?.last).toBe(1_000_000 + (ROWS - 1) * 250);
    expect(trend.series[0]?.values.filter((one) => one === null).length).toBe(2);
    const refused = await logs().trend(which(), { ...request, columns: [7] });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'logs/no-column' } });
  });

  it('are rows by page, to their end, and found by time', async () => {
    const page = value(await logs().rows(which(), ROWS - 3, 200));
    expect(page).toMatchObject({
      total: ROWS,
      start: ROWS - 3,
      times: [ROWS - 3, ROWS - 2, ROWS - 1].map((row) => loadRow(row).time),
    });
    expect(page.values[2]).toEqual(loadRow(ROWS - 1).values);
    expect(value(await logs().rows(which(), 3, 1)).origins).toEqual(['rebuilt']);
    expect(value(await logs().rows(which(), 1_000_000, 5)).times).toEqual([]);
    expect(value(await logs().at(which(), START + 10 * STEP - 1))).toEqual({ row: 10 });
    expect(value(await logs().at(which(), 8e15))).toEqual({ row: ROWS - 1 });
  });

  it('are exported as they were read, in part and whole', async () => {
    const out = join(folder, 'export');
    const range = { from: START + 10 * STEP, to: START + 19 * STEP };
    const part = value(await logs().export(which(), { ...range, out }));
    expect(part).toEqual({ file: `${out}.csv`, sidecar: `${out}.json`, rows: 10, undated: 0 });
    const read = value(await readLogTable(part.file));
    expect([...read.times]).toEqual(Array.from({ length: 10 }, (_, row) => loadRow(10 + row).time));
    expect([...(read.numbers[6] ?? [])]).toEqual(Array.from({ length: 10 }, (_, row) => loadRow(10 + row).values[6]));
    const all = value(await logs().export(which(), { from: null, to: null, out: join(folder, 'all.csv') }));
    expect(await readFile(all.file, 'utf8')).toBe(
      await readFile(join(bag, 'data', 'logs', '1-0-99-1-0-255.csv'), 'utf8'),
    );
  });

  it('are not opened where there is no backup, outside the data folder, or under another code', async () => {
    const codeOf = async (source: { bag: string } | { file: string }, recorder = LOAD.id) => {
      const found = await logs().rows({ source, recorder }, 0, 1);
      return found.ok ? 'ok' : found.problem.code;
    };
    expect(await codeOf({ bag: folder })).toBe('logs/not-a-backup');
    expect(await codeOf({ bag: 'relative' })).toBe('logs/not-a-backup');
    expect(await codeOf({ bag }, '1-0:99.2.0*255')).toBe('logs/no-such-log');
    expect(await codeOf({ file: join(bag, 'data', 'logs', '1-0-99-1-0-255.csv') })).toBe('logs/outside');
    expect(await codeOf({ file: join(folder, 'home', 'logs', '..', 'x.csv') })).toBe('logs/outside');
  });

  it('that were read into the data folder are found by serial number, newest first', async () => {
    const { logs: place } = homePaths(join(folder, 'home'));
    const file = join(place, 'A-1', 'one.csv');
    const written = value(await writeLog(file, LOAD, 5, loadRow));
    expect(value(await logs().kept('A/1'))).toEqual([]);
    expect(value(await writeSidecar(file, written.sidecar))).toBeUndefined();
    expect(value(await logs().kept('A/1'))).toMatchObject([{ file, rows: 5 }]);
    expect(value(await logs().rows({ source: { file }, recorder: LOAD.id }, 0, 9)).times.length).toBe(5);
  });
});

describe('open logs', () => {
  const table = (rows: number, times = Float64Array.from({ length: rows }, (_, row) => row)): LogTable => ({
    sidecar: { columns: [LOAD.columns[0]], recorder: LOAD } as unknown as LogTable['sidecar'],
    rows,
    times,
    origins: new Uint8Array(rows).fill(1),
    numbers: [Float64Array.from(times)],
    texts: [undefined],
  });

  it('stay within their bytes, read once for all who ask at the same time, and again when the file changed', async () => {
    let reads = 0;
    const cache = createLogCache({
      maxBytes: 50_000,
      read: () => {
        reads += 1;
        return Promise.resolve(ok(table(1_000)));
      },
    });
    const files = Array.from({ length: 6 }, (_, index) => join(folder, `cache-${index}.csv`));
    for (const file of files) await writeFile(file, 'a');
    await Promise.all([cache.open(files[0] ?? ''), cache.open(files[0] ?? '')]);
    expect(reads).toBe(1);
    for (const file of files) await cache.open(file);
    expect(cache.bytes()).toBeLessThanOrEqual(50_000);
    expect(reads).toBe(6);
    await writeFile(files[5] ?? '', 'longer');
    await cache.open(files[5] ?? '');
    expect(reads).toBe(7);
  });

  it('have rows in the order of time for trends, and in that of the file for tables', async () => {
    const file = join(folder, 'order.csv');
    await writeFile(file, 'x');
    const cache = createLogCache({
      read: () => Promise.resolve(ok(table(4, Float64Array.from([30, Number.NaN, 10, 20])))),
    });
    const log = value(await cache.open(file));
    expect([...log.times]).toEqual([10, 20, 30]);
    expect([...log.column(0)]).toEqual([10, 20, 30]);
    expect([0, 1, 2].map((place) => log.rowOf(place))).toEqual([2, 3, 0]);
  });
});

describe('waveforms of a backup', () => {
  it('are listed, and opened with every sample', async () => {
    const [newest, older] = value(await listWaveforms({ bag }));
    expect(newest).toMatchObject({ problem: null, facts: { analogs: 6, digitals: 2, samples: 768, revision: 1999 } });
    const wave = value(await openWaveform({ bag }, older?.file ?? ''));
    const drawn = drawnOf(wave);
    expect(drawn.times.length).toBe(768);
    expect([drawn.times[0], drawn.times[256]].map((time) => Math.round(time ?? 0))).toEqual([-80, 0]);
    expect(drawn.channels.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual([
      'voltage A',
      'voltage B',
      'voltage C',
      'current A',
      'current B',
      'current C',
    ]);
    expect(Math.max(...(drawn.channels[1]?.values ?? []))).toBeGreaterThan(300);
    expect(wave.digitals[0]?.changes.length).toBe(2);
  });

  it('do not lead out of the backup', async () => {
    for (const file of ['../../../secret.cfg', '..\\x.cfg', '/etc/x.cfg', 'C:\\x.cfg', 'none.cfg', 'a/../b.cfg']) {
      expect(await openWaveform({ bag }, file)).toMatchObject({
        ok: false,
        problem: { code: 'waveforms/no-such-record' },
      });
    }
  });
});
