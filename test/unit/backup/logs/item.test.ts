import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diffBackups } from '../../../../electron/backup/diff/diff.ts';
import { parseEvidence } from '../../../../electron/backup/evidence.ts';
import { listLogs } from '../../../../electron/backup/logs/in-bag.ts';
import { LOG_INDEX } from '../../../../electron/backup/logs/index-file.ts';
import { readLogTable } from '../../../../electron/backup/logs/read.ts';
import { takeBackup } from '../../../../electron/backup/take.ts';
import type { BackupProgress, BackupRequest } from '../../../../electron/backup/types.ts';
import { verifyBackup } from '../../../../electron/backup/verify.ts';
import { exportBagLogs } from '../../../../electron/services/logs/bag-logs.ts';
import type { BackupItemId } from '../../../../shared/domain/backup.ts';
import { ok } from '../../../../shared/domain/problem.ts';
import { FIRST, fakeLog, fakeLogs, fakeRow } from '../fake-logs.ts';
import { CLOCK, FULL, fakeMeter, newKey, temporaryFolder } from '../fake-meter.ts';

const run = promisify(execFile);
const key = newKey();
const ID = '1-0:99.1.0*255';
const CSV = 'data/logs/1-0-99-1-0-255.csv';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

async function take(
  fake: ReturnType<typeof fakeMeter>,
  more: Partial<BackupRequest> = {},
  onProgress: (progress: BackupProgress) => void = () => undefined,
) {
  // The clock of the meter goes on from the newest row, unless a test says otherwise.
  const newest = Math.max(0, ...fake.logs.logs.flatMap(({ rows }) => rows.map(({ time }) => time ?? 0)));
  if (fake.clock.ok && fake.clock.value === CLOCK) {
    const pcUtc = new Date().toISOString();
    fake.clock = ok({ ...CLOCK, meterUtc: new Date(newest).toISOString(), pcUtc });
  }
  const request = { out: folder.path, attach: [], waive: [], by: 'Ada', ...more };
  const taken = await takeBackup(fake.meter, request, { key, toolVersion: '0.1.0', onProgress });
  if (!taken.ok) throw new Error(JSON.stringify(taken.problem));
  const { bag } = taken.value;
  return {
    ...taken.value,
    item: (id: BackupItemId) => taken.value.items.find((candidate) => candidate.id === id),
    text: (path: string) => readFile(join(bag, path), 'utf8'),
    json: async (path: string) => JSON.parse(await readFile(join(bag, path), 'utf8')),
  };
}

function meterWith(rows: number, more: Parameters<typeof fakeLog>[2] = {}) {
  const fake = fakeMeter(FULL);
  fake.logs = fakeLogs([
    fakeLog(ID, rows, more),
    fakeLog('0-0:99.98.0*255', 3, { kind: 'events', interval: 0, name: 'Event Log' }),
  ]);
  return fake;
}

test('every exported log is in the bag, its rows counted, and other programs read it', async () => {
  const rows: NonNullable<BackupProgress['rows']>[] = [];
  const taken = await take(meterWith(100), {}, (progress) => progress.rows !== undefined && rows.push(progress.rows));
  expect(taken.item('recorder-logs')).toMatchObject({ state: 'saved', count: 100, expected: 100 });
  expect(taken.item('event-log')).toMatchObject({ state: 'saved', count: 3 });
  expect(rows.at(-1)).toEqual({ done: 3, total: 3, perSecond: 1000 });
  const index = await taken.json('data/logs/index.json');
  expect(index.logs.map((log: { csv: string }) => log.csv)).toEqual([
    'logs/1-0-99-1-0-255.csv',
    'logs/0-0-99-98-0-255.csv',
  ]);
  const sidecar = await taken.json('data/logs/1-0-99-1-0-255.json');
  expect(index.logs[0].readout).toEqual(sidecar.readout);
  const evidence = await taken.json('evidence.json');
  expect(evidence.missedLogs).toEqual([]);
  expect(evidence.logs[0]).toMatchObject({ id: ID, rows: 100, columns: 2, readout: { rows: 100 } });
  expect(evidence.gaps.join(' ')).toContain('DLMS Log Export module');
  await run('sha256sum', ['--check', '--quiet', 'manifest-sha256.txt'], { cwd: taken.bag });
  const sqlite = await run('sqlite3', [
    ':memory:',
    '-cmd',
    `.import --csv ${join(taken.bag, CSV)} log`,
    'select count(*), min(time), max(time) from log;',
  ]);
  expect(sqlite.stdout.trim()).toBe('100|2026-01-01T00:00:00.000Z|2026-01-01T01:39:00.000Z');
});

test('one log that cannot be read makes the item partial and is named; the others are there', async () => {
  const fake = meterWith(30);
  const bad = fakeLog('1-0:99.2.0*255', 50, { name: 'Hist Mean Log' });
  bad.failAfter = 14;
  fake.logs.logs.unshift(bad);
  const taken = await take(fake);
  expect(taken.item('recorder-logs')).toMatchObject({ state: 'partial', count: 30, expected: 80 });
  expect(taken.item('recorder-logs')?.because).toContain('Hist Mean Log could not be read. The meter fell silent');
  expect(taken.item('recorder-logs')?.problem?.nextStep).toContain('ION Setup');
  const index = await taken.json('data/logs/index.json');
  const because = expect.stringContaining('The meter fell silent');
  const missed = [{ id: '1-0:99.2.0*255', name: 'Hist Mean Log', kind: 'recorder', entries: 50, because }];
  expect(index.missed).toEqual(missed);
  expect((await taken.json('evidence.json')).missedLogs).toEqual(missed);
  expect(index.logs).toHaveLength(2);
});

test('a count that does not fit, and sources that are not exported, are doubts with names', async () => {
  const fake = meterWith(30, { entries: 40, columnsNotExported: 4 });
  const taken = await take(fake);
  expect(taken.item('recorder-logs')?.state).toBe('partial');
  expect(taken.item('recorder-logs')?.because).toContain('30 rows were read, and the meter counts 40.');
  expect(taken.item('recorder-logs')?.because).toContain('4 of its sources are not exported over DLMS.');
});

test('without DLMS both items are unreachable, with the reason and the way over ION Setup', async () => {
  const taken = await take(fakeMeter(FULL));
  for (const id of ['recorder-logs', 'event-log'] as const) {
    expect(taken.item(id)).toMatchObject({ state: 'unreachable', problem: { code: 'backup/log-unreachable' } });
    expect(taken.item(id)?.because).toContain('Nobody listens on port 4059.');
    expect(taken.item(id)?.problem?.nextStep).toContain('Open the meter in ION Setup');
  }
  await expect(taken.json('data/logs/index.json')).rejects.toThrow('ENOENT');
});

test('a second backup reads only what is new, and its log is byte for byte the one that is read whole', async () => {
  const fake = meterWith(200);
  const first = await take(fake);
  fake.logs.logs[0] = fakeLog(ID, 230);
  fake.logs.handed.clear();
  const second = await take(fake, { since: first.bag });
  expect(fake.logs.handed.get(ID)).toBe(46);
  const whole = await take(fake);
  expect(await second.text(CSV)).toBe(await whole.text(CSV));
  expect((await second.json('data/logs/1-0-99-1-0-255.json')).continues).toEqual({
    bag: basename(first.bag),
    fingerprint: first.fingerprint,
    overlap: 16,
    lastOfOlder: '2026-01-01T03:19:00.000Z',
  });
  expect((await second.json('evidence.json')).logs[0].fetched).toContain('46 rows were read and 184 copied');
  expect((await verifyBackup(second.bag)).verdict).toBe('verified');
  const diff = await diffBackups(first.bag, second.bag);
  expect(diff.ok && diff.value.different.find(({ id }) => id === `log/${ID}`)).toMatchObject({
    a: '200 rows, 2026-01-01T00:00:00.000Z to 2026-01-01T03:19:00.000Z',
    b: '230 rows, 2026-01-01T00:00:00.000Z to 2026-01-01T03:49:00.000Z',
  });
});

test('rows that a full log has lost since are not copied', async () => {
  const fake = meterWith(200);
  const first = await take(fake);
  const later = fakeLog(ID, 260, { entries: 200, capacity: 200 });
  later.rows.splice(0, 60);
  fake.logs.logs[0] = later;
  const second = await take(fake, { since: first.bag });
  const table = await readLogTable(join(second.bag, CSV));
  expect(table.ok && [table.value.rows, table.value.times[0]]).toEqual([200, FIRST + 60 * 60_000]);
  expect(second.item('recorder-logs')?.state).toBe('saved');
});

test.each([
  [
    'a value of the overlap is another',
    'is not that of',
    (log: ReturnType<typeof fakeLog>) => {
      log.rows[195] = fakeRow(FIRST + 195 * 60_000, 0.5);
    },
  ],
  [
    'rows before the overlap are gone',
    'are fewer than the 230',
    (log: ReturnType<typeof fakeLog>) => {
      log.recorder = { ...log.recorder, entries: 235 };
    },
  ],
  [
    'a column has another unit',
    'Its columns or its interval',
    (log: ReturnType<typeof fakeLog>) => {
      log.recorder = { ...log.recorder, columns: log.recorder.columns.map((column) => ({ ...column, unit: 'A' })) };
    },
  ],
  [
    'the log was cleared',
    'no longer has the rows',
    (log: ReturnType<typeof fakeLog>) => {
      log.rows.splice(0, 220);
      log.recorder = { ...log.recorder, entries: 10 };
    },
  ],
])('where %s, the log is read whole and says why', async (_, because, change) => {
  const fake = meterWith(200);
  const first = await take(fake);
  const log = fakeLog(ID, 230);
  change(log);
  fake.logs.logs[0] = log;
  const second = await take(fake, { since: first.bag });
  expect((await second.json('evidence.json')).logs[0].fetched).toMatch(/^Read whole: /);
  expect((await second.json('evidence.json')).logs[0].fetched).toContain(
    because === 'are fewer than the 230' ? 'are fewer than the 235' : because,
  );
  expect((await second.json('data/logs/1-0-99-1-0-255.json')).continues).toBeNull();
  const table = await readLogTable(join(second.bag, CSV));
  expect(table.ok && table.value.rows).toBe(log.rows.length);
});

test('an older bag that was changed is not gone on with', async () => {
  const fake = meterWith(50);
  const first = await take(fake);
  await writeFile(join(first.bag, CSV), (await first.text(CSV)).replace('230.5', '230.6'));
  const second = await take(fake, { since: first.bag });
  expect((await second.json('evidence.json')).logs[0].fetched).toContain('is not verified');
});

test('a waveform record that is not what its .cfg says makes its item partial, and the bag still verifies', async () => {
  const fake = fakeMeter({ ...FULL, 'COMTRADE/cmt0__00002.dat': 'short' });
  const taken = await take(fake);
  expect(taken.item('comtrade')?.state).toBe('partial');
  expect(taken.item('comtrade')?.because).toContain('COMTRADE/cmt0__00002');
  expect(taken.item('comtrade')?.because).toContain('It has 5 bytes; 1 samples of 10 bytes are 10.');
  expect((await taken.json('data/comtrade/index.json')).broken).toHaveLength(1);
  expect((await verifyBackup(taken.bag)).verdict).toBe('verified');
});

test('a log whose newest row is older than three intervals by the clock of the meter is said to be so, and is whole all the same', async () => {
  const at = (minutes: number) =>
    ok({ ...CLOCK, meterUtc: new Date(FIRST + minutes * 60_000).toISOString(), pcUtc: new Date().toISOString() });
  const stale = meterWith(30);
  stale.clock = at(29 + 5);
  const old = await take(stale);
  expect(old.item('recorder-logs')).toMatchObject({ state: 'saved', count: 30 });
  expect(old.item('recorder-logs')?.because).toContain('newest row is of 2026-01-01T00:29:00.000Z');
  expect(old.item('event-log')).toMatchObject({ state: 'saved' });
  const full = meterWith(30, { capacity: 30 });
  full.clock = at(29 + 5_000);
  const told = await take(full);
  expect(told.item('recorder-logs')).toMatchObject({
    state: 'saved',
    because: expect.stringContaining('no longer records'),
  });
});

test('the evidence keeps how rows were asked for and how many gave way', async () => {
  const taken = await take(meterWith(30));
  const index = await taken.json('evidence.json');
  expect(
    parseEvidence(
      JSON.stringify({
        ...index,
        logs: [{ ...index.logs[0], readout: { ...index.logs[0].readout, by: 'range', missed: 2 } }],
      }),
    ),
  ).toMatchObject({
    logs: [{ readout: { by: 'range', missed: 2 } }],
  });
});

test('one bad sidecar hides no other log, and is named', async () => {
  const { bag } = await take(meterWith(30));
  await writeFile(join(bag, 'data/logs/1-0-99-1-0-255.json'), '{');
  const listed = await listLogs(bag);
  if (!listed.ok) throw new Error(listed.problem.because);
  expect(listed.value.logs.map(({ sidecar }) => sidecar.recorder.name)).toEqual(['Event Log']);
  expect(listed.value.problems).toMatchObject([
    {
      code: 'logs/bad-sidecar',
      because: '1-0-99-1-0-255.csv: It is not JSON.',
      details: { log: '1-0-99-1-0-255.csv' },
    },
  ]);
  const out = join(folder.path, 'out');
  const exported = await exportBagLogs(bag, { out, format: 'csv' });
  expect(exported).toMatchObject({
    ok: true,
    value: { logs: [{ rows: 3 }], problems: [{ code: 'logs/bad-sidecar' }] },
  });
  const named = await exportBagLogs(bag, { out, format: 'csv', recorder: ID });
  expect(!named.ok && named.problem.code).toBe('logs/bad-sidecar');
});

test('the index and the evidence of a bag that an older version wrote are still read', async () => {
  const log = {
    ...{ id: ID, kind: 'recorder', name: null, csv: CSV, sidecar: 'x', rows: 1, first: null, last: null },
    ...{ gapCount: 0, columnsNotExported: null, entries: 1, fetched: 'Read whole.' },
  };
  const missed = [{ id: ID, name: null, because: 'The meter fell silent.' }];
  expect(LOG_INDEX.safeParse({ format: 'meterwright-logs/1', logs: [log], missed }).success).toBe(true);
  const { missedLogs: _, ...old } = await (await take(meterWith(3))).json('evidence.json');
  expect(parseEvidence(JSON.stringify(old))).toEqual(old);
});
