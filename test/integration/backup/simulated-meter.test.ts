import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { backupCounts } from '../../../electron/backup/counts.ts';
import { diffWithMeter } from '../../../electron/backup/diff/diff.ts';
import { takeBackup } from '../../../electron/backup/take.ts';
import type { BackupResult } from '../../../electron/backup/types.ts';
import { verifyBackup } from '../../../electron/backup/verify.ts';
import { type InstallationKey, loadInstallationKey } from '../../../electron/inventory/installation-key.ts';
import { openMeter } from '../../../electron/meter/meter.ts';
import type { Meter } from '../../../electron/meter/types.ts';
import { backUp } from '../../../electron/services/backups.ts';
import { openHouse } from '../../../electron/services/house.ts';
import { exportBagLogs } from '../../../electron/services/logs/bag-logs.ts';
import {
  exportWaveformsOfBag,
  exportWaveformsOfMeter,
  waveformsOfMeter,
} from '../../../electron/services/logs/waveform-files.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { FEEDER } from '../feeder.ts';

const run = promisify(execFile);
const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

interface Bench {
  readonly simulated: SimulatedMeter;
  readonly meter: Meter;
  readonly key: InstallationKey;
  readonly folder: string;
  /** Files of the simulated meter as they lie on its own disk. */
  readonly meterFiles: string;
}

async function bench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-backup-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  const simulated = await startSimulatedMeter({
    ...FEEDER,
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    stateFolder: join(folder, 'meter'),
    dlms: { blockLatencyMs: 0, loadCurveRows: 500 },
  });
  cleanup.push(() => simulated.stop());
  const { host, ports, credentials } = simulated.address;
  const pinned = new Map<string, string>();
  const meter = openMeter({
    address: {
      host,
      ports: { modbus: ports.modbus, sftp: ports.sftp, dlms: ports.dlms, bacnet: 1 },
      unit: 255,
      timeoutMs: 3000,
    },
    credentials,
    hostKeys: {
      lookup: async (name, port) => pinned.get(`${name}:${port}`),
      pin: async (name, port, fingerprint) => {
        pinned.set(`${name}:${port}`, fingerprint);
      },
    },
  });
  cleanup.push(() => meter.close());
  const key = value(await loadInstallationKey(join(folder, 'home')));
  return { simulated, meter, key, folder, meterFiles: join(folder, 'meter', 'files') };
}

async function take(
  { meter, key, folder }: Bench,
  attach: readonly string[] = [],
  more: { since?: string } = {},
): Promise<BackupResult> {
  const request = { out: join(folder, 'out'), attach, waive: [], by: 'Ada Technician', ...more };
  return value(await takeBackup(meter, request, { key, toolVersion: '0.1.0' }));
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

async function control(simulated: SimulatedMeter, path: string, body: unknown): Promise<void> {
  const answer = await fetch(new URL(path, simulated.address.control), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

async function hashesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return files.map((bytes) => createHash('sha256').update(bytes).digest('hex')).sort();
}

describe('a backup of a simulated meter over real sockets', () => {
  it('has everything that open protocols reach, and counts before an upgrade', async () => {
    const here = await bench();
    const template = join(here.folder, 'feeder-12.dcf');
    await writeFile(template, 'template');
    const { bag, items, fingerprint } = await take(here, [template]);
    const states = Object.fromEntries(items.map((item) => [item.id, item.state]));
    expect(states, JSON.stringify(items, null, 1)).toEqual({
      identity: 'saved',
      clock: 'saved',
      registers: 'saved',
      energies: 'saved',
      comtrade: 'saved',
      documents: 'saved',
      web: 'saved',
      iec61850: 'saved',
      'ion-setup-exports': 'saved',
      'recorder-logs': 'saved',
      'event-log': 'saved',
    });

    const onMeter = await hashesOf(join(here.meterFiles, 'COMTRADE'));
    expect(onMeter.length).toBeGreaterThan(0);
    expect(await hashesOf(join(bag, 'data', 'comtrade', 'files'))).toEqual(onMeter);

    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      await run('sha256sum', ['--check', '--strict', '--quiet', manifest], { cwd: bag });
    }
    const verification = await verifyBackup(bag, { trustedKey: here.key });
    expect(verification).toMatchObject({ verdict: 'verified', fingerprint });
    const identity = value(await here.meter.identify());
    const counts = backupCounts(verification, { serial: 'SIM-000042', firmware: identity.firmware, now: new Date() });
    expect(counts, counts.because).toMatchObject({ counts: true });
  });

  it('goes on on a new connection when the file server drops the first one', async () => {
    const here = await bench();
    await control(here.simulated, '/fault', { kind: 'drop', protocol: 'sftp', direction: 'out', atByte: 9_000 });
    const { items, bag } = await take(here);
    expect(items.find((item) => item.id === 'comtrade')).toMatchObject({ state: 'saved' });
    expect(await hashesOf(join(bag, 'data', 'comtrade', 'files'))).toEqual(
      await hashesOf(join(here.meterFiles, 'COMTRADE')),
    );
    expect((await verifyBackup(bag)).verdict).toBe('verified');
  });

  it('finds a file that was changed on the meter afterwards', async () => {
    const here = await bench();
    await writeFile(join(here.meterFiles, 'documents', 'plan.txt'), 'before');
    const { bag } = await take(here);
    const same = value(await diffWithMeter(bag, here.meter));
    expect(same.compared).toBeGreaterThan(50);
    expect(same.different.filter((entry) => !entry.label.includes('counts on'))).toEqual([]);
    await writeFile(join(here.meterFiles, 'documents', 'plan.txt'), 'AFTER!');
    const { different } = value(await diffWithMeter(bag, here.meter));
    expect(different.map((entry) => entry.id)).toContain('file/documents/plan.txt');
  });

  it('without a login saves the registers and says what is missing', async () => {
    const here = await bench();
    const { host, ports } = here.simulated.address;
    const anonymous = openMeter({
      address: {
        host,
        ports: { modbus: ports.modbus, sftp: ports.sftp, dlms: ports.dlms, bacnet: 1 },
        unit: 255,
        timeoutMs: 3000,
      },
      hostKeys: { lookup: async () => undefined, pin: async () => undefined },
    });
    cleanup.push(() => anonymous.close());
    const { items } = await take({ ...here, meter: anonymous });
    expect(items.find((item) => item.id === 'registers')?.state).toBe('saved');
    expect(items.find((item) => item.id === 'comtrade')).toMatchObject({
      state: 'unreachable',
      problem: { code: 'meter/no-credentials' },
    });
  });
});

describe('the logs of a simulated meter', () => {
  it('are saved whole, and a second backup goes on from the first', async () => {
    const here = await bench();
    const first = await take(here);
    const item = first.items.find(({ id }) => id === 'recorder-logs');
    expect(item).toMatchObject({ state: 'saved' });
    expect(item?.count).toBeGreaterThan(500 + 3360);
    const second = await take(here, [], { since: first.bag });
    const evidence = JSON.parse(await readFile(join(second.bag, 'evidence.json'), 'utf8'));
    for (const { kind, fetched } of evidence.logs as { kind: string; fetched: string }[]) {
      if (kind === 'recorder') expect(fetched).toMatch(/^\d+ rows were read and \d+ copied from SIM-000042_4\.0\.0_/);
    }
    expect((await verifyBackup(second.bag)).verdict).toBe('verified');
  });

  it('and its waveforms leave the bag as files that others read, as they leave the meter', async () => {
    const here = await bench();
    const { bag } = await take(here);
    const { logs } = value(await exportBagLogs(bag, { out: join(here.folder, 'logs'), format: 'csv' }));
    expect(logs.map(({ recorder }) => recorder.id)).toContain('1-0:99.128.0*255');
    const [one] = logs;
    const { stdout } = await run('sqlite3', [
      ':memory:',
      '-cmd',
      `.import --csv ${one?.file} log`,
      'select count(*) from log;',
    ]);
    expect(Number(stdout)).toBe(one?.rows);
    const missing = await exportBagLogs(bag, { out: here.folder, format: 'csv', recorder: 'No Log' });
    expect(!missing.ok && missing.problem.code).toBe('logs/no-such-log');

    const house = value(await openHouse({ home: join(here.folder, 'home'), version: '0.1.0' }));
    const { host, ports, credentials } = here.simulated.address;
    const access = { address: { host, ports: { ...ports, bacnet: 1 }, unit: 255, timeoutMs: 3000 }, credentials };
    expect(value(await waveformsOfMeter(house, access)).map(({ name }) => name)).toHaveLength(3);
    const onMeter = await hashesOf(join(here.meterFiles, 'COMTRADE'));
    const ways = [
      exportWaveformsOfBag(bag, join(here.folder, 'from-bag')),
      exportWaveformsOfMeter(house, access, join(here.folder, 'from-meter')),
    ];
    for (const exported of (await Promise.all(ways)).map(value)) {
      expect(exported.records.map(({ problem, samples }) => [problem, samples])).toEqual(Array(3).fill([null, 768]));
      expect(exported.left).toEqual([]);
    }
    expect(await hashesOf(join(here.folder, 'from-bag'))).toEqual(onMeter);
    expect(await hashesOf(join(here.folder, 'from-meter'))).toEqual(onMeter);
    const again = await exportWaveformsOfBag(bag, join(here.folder, 'from-bag'));
    expect(!again.ok && again.problem.code).toBe('waveforms/file-exists');
    const other = join(here.folder, 'other');
    await mkdir(other);
    const mine = join(other, 'cmt0__0000002.dat');
    await writeFile(mine, 'not of this meter');
    const overMine = await exportWaveformsOfMeter(house, access, other);
    expect(!overMine.ok && overMine.problem.code).toBe('waveforms/file-exists');
    expect(await readFile(mine, 'utf8')).toBe('not of this meter');
    const nested = await backUp(house, access, { out: join(bag, 'data'), attach: [], waive: [], by: 'test' });
    expect(!nested.ok && nested.problem.code).toBe('backup/inside-bag');
    expect((await verifyBackup(bag)).verdict).toBe('verified');
  });
});
