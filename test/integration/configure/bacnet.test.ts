import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_PORTS, type MeterAddress } from '../../../electron/meter/types.ts';
import { openHouse } from '../../../electron/services/house.ts';
import {
  checkBacnet,
  deviceIdTaken,
  discoverBacnet,
  exportBacnetSheet,
} from '../../../electron/services/settings/bacnet.ts';
import { applySettings, reviewSettings } from '../../../electron/services/settings/configurations.ts';
import { importMap } from '../../../electron/services/settings/site-maps.ts';
import type { SetupPlan } from '../../../shared/domain/change.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { startMeter } from '../simulator/bench.ts';
import { startBbmd } from '../simulator-bacnet/bbmd.ts';
import { bacnetMeter } from '../simulator-bacnet/station.ts';

const NOW = () => new Date('2026-11-23T00:00:00Z');

function addressOf({ address: { host, ports } }: SimulatedMeter): MeterAddress {
  return { host, ports: { ...DEFAULT_PORTS, ...ports }, unit: 255, timeoutMs: 2000 };
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'meterwright-bacnet-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test('a meter is checked by its name or address, and its objects go into a sheet', async () => {
  const { meter, registers } = await bacnetMeter();
  await registers.write('BACnet Device ID', 6022);
  const steps: number[] = [];
  const checked = await checkBacnet(
    { ...addressOf(meter), host: 'localhost' },
    { expected: { deviceId: 6022 }, now: NOW, onProgress: (done) => steps.push(done) },
  );
  if (!checked.ok) throw new Error(checked.problem.because);
  const verdicts = Object.fromEntries(checked.value.findings.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({
    answers: 'pass',
    'device-id': 'pass',
    'protocol-revision': 'pass',
    'who-has': 'pass',
  });
  expect(Object.values(verdicts)).not.toContain('block');
  expect(steps.at(-1)).toBe(checked.value.objects.length);
  const file = join(await folder(), 'sheet.csv');
  expect(await exportBacnetSheet(file, checked.value)).toMatchObject({ ok: true });
  expect((await readFile(file, 'utf8')).split('\r\n')).toHaveLength(checked.value.objects.length + 3);
});

test('another Device ID than was configured stands in the way', async () => {
  const { meter } = await bacnetMeter();
  const checked = await checkBacnet(addressOf(meter), { expected: { deviceId: 1 }, now: NOW });
  if (!checked.ok) throw new Error(checked.problem.because);
  expect(checked.value.findings.find(({ id }) => id === 'device-id')).toMatchObject({ verdict: 'block' });
});

test('a BBMD that refuses stands in the way; one that takes this PC is signed off from', async () => {
  const { meter } = await bacnetMeter();
  const bbmd = await startBbmd();
  const foreign = { host: '127.0.0.1', port: bbmd.port };
  const findingOf = async () => {
    const checked = await checkBacnet(addressOf(meter), { expected: {}, foreign, now: NOW });
    if (!checked.ok) throw new Error(checked.problem.because);
    return checked.value.findings.find(({ id }) => id === 'foreign')?.verdict;
  };
  // Nobody behind it knows the meter.
  expect(await findingOf()).toBe('warn');
  bbmd.refuse(true);
  expect(await findingOf()).toBe('block');
});

test('a meter with BACnet/IP off, and a name without an address, are problems', async () => {
  const meter = await startMeter({ firmware: firmwareVersion('4.6.0'), shipped: firmwareVersion('4.6.0') });
  const off = await checkBacnet({ ...addressOf(meter), timeoutMs: 100 }, { expected: {}, now: NOW });
  expect(off).toMatchObject({ ok: false, problem: { code: 'bacnet/timeout' } });
  const nowhere = await checkBacnet({ ...addressOf(meter), host: 'nowhere.invalid' }, { expected: {}, now: NOW });
  expect(nowhere).toMatchObject({ ok: false, problem: { code: 'bacnet/unreachable' } });
});

test('a Device ID is taken when another device answers to it, and not when only the meter itself does', async () => {
  const own = await bacnetMeter({ seed: 1 });
  const other = await bacnetMeter({ seed: 2 });
  await own.registers.write('BACnet Device ID', 6022);
  await other.registers.write('BACnet Device ID', 6023);
  const ask = (id: number) =>
    deviceIdTaken(addressOf(own.meter), id, undefined, [
      { kind: 'device', address: { host: '127.0.0.1', port: own.port } },
      { kind: 'device', address: { host: '127.0.0.1', port: other.port } },
    ]);
  expect(await ask(6022)).toBe(false);
  expect(await ask(6023)).toBe(true);
});

test('what cannot be asked is not called free', async () => {
  const meter = await startMeter({ firmware: firmwareVersion('4.6.0'), shipped: firmwareVersion('4.6.0') });
  expect(await deviceIdTaken({ ...addressOf(meter), host: 'nowhere.invalid' }, 5)).toMatchObject({
    unknown: expect.stringContaining('nowhere.invalid'),
  });
  const stop = new AbortController();
  stop.abort();
  expect(await deviceIdTaken(addressOf(meter), 5, stop.signal)).toMatchObject({ unknown: expect.any(String) });
});

test('the review of a plan asks the network for the planned Device ID, and only where the answer matters', async () => {
  const { meter } = await bacnetMeter();
  const home = await folder();
  const house = await openHouse({ home, version: '0.0.0-test' });
  if (!house.ok) throw new Error(house.problem.because);
  const workbook = join(home, 'map.xlsx');
  await writeFile(workbook, await mapWorkbook());
  await importMap(house.value, workbook, firmwareVersion('4.6.0'));
  const unique = async (settings: Extract<SetupPlan, { area: 'bacnet' }>['settings'], taken?: boolean) => {
    const wishes = taken === undefined ? {} : { deviceIdTaken: taken };
    const review = await reviewSettings(
      house.value,
      { address: addressOf(meter) },
      { area: 'bacnet', settings },
      wishes,
    );
    if (!review.ok) throw new Error(review.problem.because);
    const row = review.value.rules.find(({ rule }) => rule === 'device-id-unique');
    return { row, blocks: review.value.blocks };
  };
  expect((await unique({ deviceId: 6022 })).row).toMatchObject({ verdict: 'pass' });
  expect((await unique({ ethernetDeviceName: 'feeder-12' })).row?.because).toMatch(/^Nobody has asked yet/);
  expect((await unique({ deviceId: 4_194_303 })).row).toBeUndefined();
  const taken = await unique({ deviceId: 6022 }, true);
  expect(taken.row).toMatchObject({ verdict: 'block' });
  expect(taken.blocks).toHaveLength(1);
});

test('who agrees to a review is not made to wait for the same question to the network again', async () => {
  const { meter } = await bacnetMeter();
  const heard: string[] = [];
  const network = createSocket({ type: 'udp4', reuseAddr: true });
  onTestFinished(() => {
    network.close();
  });
  network.on('message', (frame) => heard.push(frame.toString('hex')));
  await new Promise<void>((resolve) => {
    network.bind(0, '0.0.0.0', resolve);
  });
  let at = Date.parse('2026-11-23T00:00:00Z');
  const house = await openHouse({ home: await folder(), version: '0.0.0-test', now: () => new Date(at) });
  if (!house.ok) throw new Error(house.problem.because);
  const address = addressOf(meter);
  const access = { address: { ...address, ports: { ...address.ports, bacnet: network.address().port } } };
  const plan: SetupPlan = { area: 'bacnet', settings: { deviceId: 6022 } };
  const asked = async (work: Promise<Result<unknown>>): Promise<number> => {
    const before = heard.length;
    expect(await work).toMatchObject({ ok: true });
    return heard.length - before;
  };
  const review = () => reviewSettings(house.value, access, plan);
  const reviewed = await review();
  if (!reviewed.ok) throw new Error(reviewed.problem.because);
  // A global broadcast of Who-Is for 6022 to 6022.
  expect(heard).toEqual(['810b00120120ffff00ff10080a17861a1786']);
  const agreed = { by: 'T. Tester', expected: reviewed.value };
  expect(await asked(applySettings(house.value, access, plan, agreed))).toBe(0);
  expect(await asked(review())).toBe(1);
  expect(await asked(applySettings(house.value, access, plan, { by: 'T. Tester' }))).toBe(1);
  at += 121_000;
  expect(await asked(applySettings(house.value, access, plan, agreed))).toBe(1);
});

test('a search of a network without devices finds none, and ends by itself', async () => {
  const found = await discoverBacnet({ port: 47_999, adapter: '127.0.0.1', range: { low: 0, high: 5 } });
  expect(found).toMatchObject({ ok: true, value: { devices: [], conflicts: [] } });
});
