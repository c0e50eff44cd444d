import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DEFAULT_PORTS } from '../../../electron/meter/types.ts';
import { backUp } from '../../../electron/services/backups.ts';
import { applySettings } from '../../../electron/services/configurations.ts';
import { openHouse } from '../../../electron/services/house.ts';
import { listLogs, readLog } from '../../../electron/services/logs.ts';
import { confirmMap, importMap } from '../../../electron/services/site-maps.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';

const V460 = firmwareVersion('4.6.0');
const BY = 'A. Technician';
/** 20 sources; DLMS shows 16 at most. */
const TWENTY = ['mean', 'high'].flatMap((kind) =>
  ['Vll ab', 'Vll bc', 'Vll ca', 'Vll avg', 'V unbal', 'I a', 'I b', 'I c', 'I avg', 'I 4'].map(
    (name) => `${name} ${kind}`,
  ),
);
const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

it('sources beyond the sixteenth are counted over the map of the setup registers; without a map the reason is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-sources-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  const meter = await startSimulatedMeter({
    name: 'Feeder 12',
    serial: 'SIM-000042',
    firmware: V460,
    shipped: V460,
    featureSet: 'advanced',
    stateFolder: join(folder, 'meter'),
    seed: 42,
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
    applySeconds: 0,
    dlms: { loadCurveRows: 100, blockLatencyMs: 0 },
  });
  cleanup.push(() => meter.stop());
  const programming = { method: 'POST', body: JSON.stringify({ on: true }) };
  expect((await fetch(new URL('programming', meter.address.control), programming)).ok).toBe(true);
  const house = value(await openHouse({ home: join(folder, 'home'), version: '0.0.0-test' }));
  const { host, ports, credentials } = meter.address;
  const access = {
    address: { host, ports: { ...DEFAULT_PORTS, ...ports }, unit: 255, timeoutMs: 5000 },
    credentials,
  };

  const before = value(await listLogs(house, access)).filter(({ kind }) => kind === 'recorder');
  expect(before.map(({ columnsNotExported }) => columnsNotExported)).toEqual(before.map(() => null));
  expect(before[0]?.sourcesUnknown).toMatch(/map/i);

  const workbook = join(folder, 'ION7400_Modbus_Map.xlsx');
  await writeFile(workbook, await mapWorkbook());
  value(await importMap(house, workbook, V460));
  value(await confirmMap(house, V460, { area: 'recorders', by: BY }));
  const settings = { recorders: { '6': { interval: 900, depth: 5_000, bufferDepth: 96, sources: TWENTY } } };
  const applied = value(await applySettings(house, access, { area: 'recorders', settings }, { by: BY }));
  expect(applied.problem).toBeNull();

  const after = value(await listLogs(house, access));
  const wide = after.find(({ columnsNotExported }) => columnsNotExported !== null && columnsNotExported > 0);
  expect(wide).toMatchObject({ columnsNotExported: 4 });
  expect(wide?.columns).toHaveLength(16);
  const load = after.find(({ name }) => name === 'Load Curve');
  expect(load).toMatchObject({ columnsNotExported: 0 });
  expect(load).not.toHaveProperty('sourcesUnknown');

  const out = join(folder, 'load.csv');
  expect(value(await readLog(house, access, 'Load Curve', { out })).sidecar.recorder.columnsNotExported).toBe(0);

  // In a backup it is an exception that is named, and stands in its sidecar.
  const { bag, items } = value(await backUp(house, access, { attach: [], waive: [], by: BY }));
  const item = items.find(({ id }) => id === 'recorder-logs');
  expect(item).toMatchObject({ state: 'partial' });
  expect(item?.because).toContain(`${wide?.name}: 4 of its sources are not exported over DLMS.`);
  const index = JSON.parse(await readFile(join(bag, 'data/logs/index.json'), 'utf8')) as {
    logs: { id: string; sidecar: string; columnsNotExported: number | null }[];
  };
  expect(index.logs.find(({ id }) => id === wide?.id)?.columnsNotExported).toBe(4);
});
