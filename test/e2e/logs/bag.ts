import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sealBag } from '../../../electron/backup/bag/seal.ts';
import { createBagWriter } from '../../../electron/backup/bag/writer.ts';
import type { WrittenRow } from '../../../electron/backup/logs/csv.ts';
import { logFileName } from '../../../electron/backup/logs/in-bag.ts';
import { createLogWriter } from '../../../electron/backup/logs/writer.ts';
import type { BackupItem } from '../../../shared/domain/backup.ts';
import type { RecorderInfo } from '../../../shared/domain/log.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { waveformRecord } from '../../../simulator/factory-files.ts';

export const START = Date.UTC(2026, 2, 1);
export const STEP = 900_000;
/** Every so many rows a power failure of three hours. */
const FAILURE_EVERY = 4_000;
const FAILURE_ROWS = 12;
const AT = '2026-11-22T20:00:00.000Z';

const VOLTAGE = ['32.7.0', '52.7.0', '72.7.0'].map((code, index) => ({
  id: `1-0:${code}*255/2`,
  label: `Voltage L${index + 1}`,
  unit: 'V',
  scaler: -1,
}));
const CURRENT = ['31.7.0', '51.7.0', '71.7.0'].map((code, index) => ({
  id: `1-0:${code}*255/2`,
  label: `Current L${index + 1}`,
  unit: 'A',
  scaler: -2,
}));
const ENERGY = { id: '1-0:1.8.0*255/2', label: 'Active energy import', unit: 'Wh', scaler: 0 };

export const LOAD: RecorderInfo = {
  id: '1-0:99.1.0*255',
  kind: 'recorder',
  name: 'Load profile',
  entries: 0,
  capacity: 100_000,
  interval: STEP / 1000,
  columns: [...VOLTAGE, ...CURRENT, ENERGY],
  columnsNotExported: 3,
  first: null,
  last: null,
};
const EVENTS: RecorderInfo = {
  id: '1-0:99.98.0*255',
  kind: 'events',
  name: null,
  entries: 0,
  capacity: null,
  interval: 0,
  columns: [
    { id: '0-0:96.11.0*255/2', label: 'Event code', unit: null, scaler: 0 },
    { id: '0-0:94.1.0*255/2', label: 'What happened', unit: null, scaler: 0 },
  ],
  columnsNotExported: null,
  first: null,
  last: null,
};

/** A row of the load profile, counted from 0; its time has the power failures before it. */
export function loadRow(row: number): WrittenRow {
  const time = START + (row + FAILURE_ROWS * Math.floor(row / FAILURE_EVERY)) * STEP;
  const day = (2 * Math.PI * (row % 96)) / 96;
  const volts = [0, 1, 2].map((phase) => Math.round(2300 + 30 * Math.sin(day + phase) + (row % 7)) / 10);
  const amperes = [0, 1, 2].map((phase) => Math.round(10_000 + 6_000 * Math.sin(day - 1 + phase / 9)) / 100);
  return { time, rebuilt: row % 50 === 3, values: [...volts, ...amperes, 1_000_000 + row * 250] };
}

function eventRow(row: number): WrittenRow {
  const texts = ['Power down', 'Power up', 'Clock set, old time', 'Setup changed by "USER1", port 502'];
  return { time: START + row * 86_400_000, rebuilt: false, values: [row % 4, texts[row % 4] ?? ''] };
}

/** A sealed bag with a load profile of so many rows, an event log and two waveform records; answers with its folder. */
export async function makeBag(folder: string, rows: number, name = 'MW-2211A001-01_4.0.0'): Promise<string> {
  const partial = join(folder, `.${name}`);
  await mkdir(partial, { recursive: true });
  const bag = createBagWriter(partial);
  for (const [recorder, count, row] of [
    [LOAD, rows, loadRow],
    [EVENTS, 40, eventRow],
  ] as const) {
    const path = `logs/${logFileName(recorder.id)}`;
    const written = taken(
      await bag.receive(`${path}.csv`, async (csv) => {
        const done = await writeLog(csv, recorder, count, row);
        if (!done.ok) return done;
        taken(await bag.writeJson(`${path}.json`, done.value.sidecar));
        return ok(done.value.file);
      }),
    );
    if (written.size === 0) throw new Error('The log is empty.');
  }
  for (const number of [1, 2]) {
    const record = waveformRecord({ station: 'Main intake', number, seed: 7, trigger: START + number * 3_600_000 });
    for (const [ending, bytes] of [
      ['cfg', Buffer.from(record.cfg, 'latin1')],
      ['dat', record.dat],
    ] as const) {
      taken(
        await bag.receive(`comtrade/files/${record.stem}.${ending}`, async (path) => {
          await writeFile(path, bytes);
          return ok({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        }),
      );
    }
  }
  const final = join(folder, name);
  taken(await sealBag(bag, final, evidence(rows), key()));
  return final;
}

/** Writes a log of so many rows without its sidecar. */
export async function writeLog(csv: string, recorder: RecorderInfo, rows: number, row: (index: number) => WrittenRow) {
  const meter = { serial: 'MW-2211A001-01', firmware: '4.0.0', simulated: true };
  const writer = taken(await createLogWriter({ csv, recorder: { ...recorder, entries: rows }, meter, readAt: AT }));
  for (let start = 0; start < rows; start += 5_000) {
    await writer.write(Array.from({ length: Math.min(5_000, rows - start) }, (_, index) => row(start + index)));
  }
  return writer.finish({
    rows,
    rebuilt: 0,
    undated: 0,
    roundTrips: Math.ceil(rows / 100),
    bytes: rows * 40,
    milliseconds: rows / 5,
    resumed: 0,
  });
}

function taken<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.code}: ${result.problem.because}`);
}

function key() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return {
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint: `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`,
    sign: (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

function item(id: BackupItem['id'], count: number, because: string, state: BackupItem['state'] = 'saved'): BackupItem {
  return { id, state, count, bytes: 0, because };
}

function evidence(rows: number) {
  return {
    format: 'meterwright-backup/1' as const,
    tool: { name: 'Meterwright' as const, version: '0.1.0' },
    by: 'T. Tester',
    startedAt: AT,
    endedAt: AT,
    host: 'test',
    identity: {
      name: 'Main intake',
      model: 'ION7400',
      serial: 'MW-2211A001-01',
      firmware: { major: 4, minor: 0, patch: 0 },
      productId: 18_000,
      commercialReference: null,
      manufacturer: 'Schneider Electric',
      featureSet: 'advanced' as const,
      simulated: true,
    },
    clock: {
      meterUtc: AT,
      pcUtc: AT,
      offsetSeconds: 0,
      uncertaintySeconds: 1,
      source: 'unix-time-register' as const,
      because: 'Read from the Unix time register.',
    },
    items: [
      item('comtrade', 4, 'All 4 files of /COMTRADE were read.'),
      item('recorder-logs', rows, `${rows} rows were read; three sources of the recorder are not exported.`, 'partial'),
      item('event-log', 40, 'All 40 events were read.'),
    ],
    gaps: [],
  };
}
