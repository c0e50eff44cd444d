import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../../electron/inventory/audit.ts';
import { PUBLIC_DLMS } from '../../../electron/meter/logs/types.ts';
import { DEFAULT_PORTS } from '../../../electron/meter/types.ts';
import { type Access, type House, openHouse } from '../../../electron/services/house.ts';
import { planClock, readClock, setClock } from '../../../electron/services/settings/clock.ts';
import { listConfigurations } from '../../../electron/services/settings/configuration-record.ts';
import { importMap } from '../../../electron/services/settings/site-maps.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';

const BY = 'A. Technician';
/** Opens simulated meters only. */
const SECRET = '00000000';
const V460 = firmwareVersion('4.6.0');
const cleanup: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

async function place({ offsetSeconds = 0, map = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-clock-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  const meter = await startSimulatedMeter({
    name: 'Feeder 12',
    serial: 'SIM-000043',
    firmware: V460,
    shipped: V460,
    featureSet: 'advanced',
    stateFolder: join(folder, 'meter'),
    seed: 43,
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
    applySeconds: 0,
    dlms: { loadCurveRows: 10, blockLatencyMs: 0 },
  });
  cleanup.push(() => meter.stop());
  const control = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(new URL(path, meter.address.control), { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  await control('clock', { offsetSeconds });
  const house = value(await openHouse({ home: join(folder, 'home'), version: '0.0.0-test' }));
  if (map) {
    const workbook = join(folder, 'ION7400_Modbus_Map.xlsx');
    await writeFile(workbook, await mapWorkbook());
    value(await importMap(house, workbook, V460));
  }
  const { host, ports } = meter.address;
  const address = { host, ports: { ...DEFAULT_PORTS, ...ports }, unit: 255, timeoutMs: 5000 };
  return { house, address, control, manager: withSecret(address, SECRET) };
}

function withSecret(address: Access['address'], password: string): Access {
  return { address, dlms: { ...PUBLIC_DLMS, clientSap: 1, password } };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

async function trail(house: House) {
  return value(await readAudit(house.paths.audit)).map(({ event }) => event);
}

describe('the clock of a meter', () => {
  it('is read with its uncertainty, its time source and what setting it would bring', async () => {
    const { house, address } = await place({ offsetSeconds: 90 });
    const state = value(await readClock(house, { address }));
    expect(state.clock.source).toBe('unix-time-register');
    expect(Math.abs((state.clock.offsetSeconds ?? 0) - 90)).toBeLessThanOrEqual(state.clock.uncertaintySeconds ?? 0);
    expect(state).toMatchObject({ syncSource: 'ETHERNET - ION', wrong: true, channel: 'hand-off' });
    expect(state.consequences).toEqual(['clock-interval-split', 'clock-records-repeat', 'clock-event-logged']);
  });

  it('does not say what its time source is without a map', async () => {
    const { house, address } = await place({ map: false });
    const state = value(await readClock(house, { address }));
    expect(state.syncSource).toBeNull();
    expect(state.syncBecause).toContain('No Modbus map');
    expect(state.consequences).toContain('clock-time-source-wins');
  });

  it('is set over DLMS, read again over both protocols, and stands in the audit trail before and after', async () => {
    const { house, manager } = await place({ offsetSeconds: -3600 });
    const review = value(await planClock(house, manager, { set: true }));
    expect(review).toMatchObject({ changes: [{ id: 'time', channel: 'dlms' }], handOff: null });
    expect(review.state.consequences).toContain('clock-records-gap');
    expect(await trail(house)).toEqual([]);
    const outcome = value(await setClock(house, manager, { set: true }, { by: BY }));
    expect(outcome).toMatchObject({ results: [{ id: 'time', outcome: 'written' }], handOff: null, problem: null });
    expect(Math.abs(outcome.before.offsetSeconds ?? 0)).toBeGreaterThan(3590);
    expect(Math.abs(outcome.after?.offsetSeconds ?? 99)).toBeLessThan(3);
    const lines = await trail(house);
    expect(lines).toMatchObject([
      { area: 'clock', setting: 'time', outcome: 'announced', by: BY, serial: 'SIM-000043', channel: 'dlms' },
      { area: 'clock', setting: 'time', outcome: 'written' },
    ]);
    expect(await listConfigurations(house, 'SIM-000043')).toMatchObject([
      { area: 'clock', run: outcome.run, results: [{ outcome: 'written' }], problem: null },
    ]);
    expect(JSON.stringify([lines, await listConfigurations(house)])).not.toContain(SECRET);
  });

  it('that is right is left alone', async () => {
    const { house, manager } = await place();
    expect(value(await planClock(house, manager, { set: true })).changes).toEqual([]);
    const set = await setClock(house, manager, { set: true }, { by: BY });
    expect(set).toMatchObject({ ok: false, problem: { code: 'clock/right-already' } });
    expect(await trail(house)).toEqual([]);
    expect(await listConfigurations(house)).toEqual([]);
  });

  it('takes a time that a plan names', async () => {
    const { house, manager } = await place();
    const wanted = '2026-01-02T03:04:05Z';
    const outcome = value(await setClock(house, manager, { set: wanted }, { by: BY }));
    expect(outcome.results).toMatchObject([{ outcome: 'written' }]);
    const late = Date.parse(outcome.after?.meterUtc ?? '') - Date.parse(wanted);
    expect(late).toBeGreaterThan(-2000);
    expect(late).toBeLessThan(60_000);
  });

  it('is handed off where no DLMS login was given', async () => {
    const { house, address } = await place({ offsetSeconds: 90 });
    const outcome = value(await setClock(house, { address }, { set: true }, { by: BY }));
    expect(outcome.results).toMatchObject([{ outcome: 'skipped' }]);
    expect(outcome.handOff?.title).toBe('Set the clock in ION Setup');
    expect(Math.abs(value(await readClock(house, { address })).clock.offsetSeconds ?? 0)).toBeGreaterThan(80);
  });

  it.each([
    ['a wrong secret', { clientSap: 1, password: 'wrong' }, 'dlms/wrong-secret'],
    ['a client that may only read', { clientSap: 16, password: SECRET }, undefined],
  ])('stays as it is with %s, and the change sheet says how to go on', async (_name, dlms, code) => {
    const { house, address } = await place({ offsetSeconds: 90 });
    const access = { address, dlms: { ...PUBLIC_DLMS, ...dlms } };
    const outcome = value(await setClock(house, access, { set: true }, { by: BY }));
    expect(outcome.results).toMatchObject([{ outcome: 'failed' }]);
    expect(outcome.problem?.code).toMatch(/^dlms\//);
    if (code !== undefined) expect(outcome.problem?.code).toBe(code);
    expect(outcome.handOff).not.toBeNull();
    expect(Math.abs(value(await readClock(house, { address })).clock.offsetSeconds ?? 0)).toBeGreaterThan(80);
    const lines = await trail(house);
    expect(lines.map(({ outcome: came }) => came)).toEqual(['announced', 'failed']);
    expect(JSON.stringify(lines)).not.toContain(dlms.password);
  });
});
