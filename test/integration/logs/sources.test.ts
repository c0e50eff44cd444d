import { readFile } from 'node:fs/promises';

import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';

import { backUp } from '../../../electron/services/backups.ts';
import { listLogs, readLog } from '../../../electron/services/logs/logs.ts';
import { applySettings } from '../../../electron/services/settings/configurations.ts';
import { confirmMap, importMap } from '../../../electron/services/settings/site-maps.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';

import { setupPlace, value } from '../configure/setup-place.ts';

const V460 = firmwareVersion('4.6.0');
const BY = 'A. Technician';
/** 20 sources; DLMS shows 16 at most. */
const TWENTY = ['mean', 'high'].flatMap((kind) =>
  ['Vll ab', 'Vll bc', 'Vll ca', 'Vll avg', 'V unbal', 'I a', 'I b', 'I c', 'I avg', 'I 4'].map(
    (name) => `${name} ${kind}`,
  ),
);
const cleanup: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

it('sources beyond the sixteenth are counted over the map of the setup registers; without a map the reason is said', async () => {
  const { folder, house, address, workbook } = await setupPlace({ cleanup, programming: true });
  const access = { address, credentials: { user: 'USER1', password: '0' } };

  const before = value(await listLogs(house, access)).filter(({ kind }) => kind === 'recorder');
  expect(before.map(({ columnsNotExported }) => columnsNotExported)).toEqual(before.map(() => null));
  expect(before[0]?.sourcesUnknown).toMatch(/map/i);

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
