import { expect, it } from 'vitest';
import type { FeatureSet } from '../../../shared/domain/feature-set.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { control, startMeter, stateOf, until } from '../simulator/bench.ts';
import { wrapperClient } from '../simulator-dlms/client.ts';
import { type Registers, registersOf } from './registers.ts';

const DLMS = { dlms: { blockLatencyMs: 0, loadCurveRows: 500 } };

async function meterOf(version = '4.6.0', featureSet: Exclude<FeatureSet, 'unknown'> = 'advanced') {
  const firmware = firmwareVersion(version);
  return startMeter({ firmware, shipped: firmware, featureSet, ...DLMS });
}

async function registers(version?: string, featureSet?: Exclude<FeatureSet, 'unknown'>): Promise<Registers> {
  return registersOf(await meterOf(version, featureSet));
}

const SOURCES = [1, 2, 3, 4, ...[100, 200, 300].flatMap((base) => Array.from({ length: 16 }, (_, n) => base + n + 1))];
const plain = (depth: number, sources: readonly number[]): number[] => [900, depth, 96, 0, 0, 0, 0, ...sources];

it('takes 50 sources from 4.6.0 and 16 before, within 10 MB', async () => {
  const { read, words, write } = await registers();
  expect(await write('DR10 Interval', ...plain(37_718, SOURCES.slice(0, 50)))).toBe('done');
  expect(await read('DR10 Source Count')).toBe(50);
  expect(await read('DR10 Source 50')).toBe(SOURCES[49]);
  expect(await write('DR10 Interval', ...plain(37_719, SOURCES.slice(0, 50)))).toBe('exception 3');
  expect(await write('DR11 Interval', ...plain(97_090, SOURCES.slice(0, 16)))).toBe('done');
  expect(await write('DR11 Depth', 97_091)).toBe('exception 3');
  expect((await words('DR64 Depth')).length).toBe(4);

  const before = await registers('4.5.0');
  expect(await before.write('DR10 Interval', ...plain(100, SOURCES.slice(0, 16)))).toBe('done');
  expect((await before.words('DR10 Source 17')).toString('hex')).toBe('8000');
});

it.each<[string, readonly number[], string]>([
  ['16 sources with a pre-trigger', [0, 32, 16, 15, 0, 0, 0, ...SOURCES.slice(0, 16)], 'done'],
  ['17 sources with a pre-trigger', [0, 32, 16, 15, 0, 0, 0, ...SOURCES.slice(0, 17)], 'exception 3'],
  ['17 sources with a post-trigger', [0, 32, 16, 0, 15, 0, 0, ...SOURCES.slice(0, 17)], 'exception 3'],
  ['a depth that is no multiple of the burst', [0, 33, 16, 10, 5, 0, 0, 1], 'exception 3'],
  ['a buffer that is no multiple of the burst', [0, 32, 15, 10, 5, 0, 0, 1], 'exception 3'],
  ['a buffer and a depth that are', [0, 32, 16, 10, 5, 0, 0, 1], 'done'],
  ['a log without a buffer', [900, 10, 0, 0, 0, 0, 0, 1], 'exception 3'],
  ['neither log nor buffer', [900, 0, 0, 0, 0, 0, 0, 1], 'done'],
  ['a buffer deeper than the log', [900, 10, 11, 0, 0, 0, 0, 1], 'exception 3'],
  ['a source that does not exist', [900, 10, 5, 0, 0, 0, 0, 999], 'exception 3'],
  ['no source 1', [900, 10, 5, 0, 0, 0, 0, 0, 1], 'exception 3'],
  ['a gap between sources', [900, 10, 5, 0, 0, 0, 0, 1, 0, 2], 'done'],
  ['another record mode', [900, 10, 5, 0, 0, 0, 2, 1], 'exception 3'],
  ['an interval of more than a day', [86_401, 10, 5, 0, 0, 0, 0, 1], 'exception 3'],
])('judges %s', async (_, values, outcome) => {
  const { write } = await registers();
  expect(await write('DR20 Interval', ...values)).toBe(outcome);
});

it.each([
  ['essential', 10, 10],
  ['standard', 50, 19],
  ['advanced', 64, 19],
] as const)('%s has %i recorders, of which %i may insert outage records', async (featureSet, count, outage) => {
  const { words, write } = await registers('4.6.0', featureSet);
  expect((await words(`DR${count} Depth`)).toString('hex')).toBe('00000000');
  if (count < 64) expect((await words(`DR${count + 1} Depth`)).toString('hex')).toBe('80008000');
  for (let number = 1; number <= outage; number += 1) {
    expect(await write(`DR${number} Insert Outage Records`, 1)).toBe('done');
  }
  if (count > outage) expect(await write(`DR${outage + 1} Insert Outage Records`, 1)).toBe('exception 3');
  expect(await write('DR1 Insert Outage Records', 0)).toBe('done');
  if (count > outage) expect(await write(`DR${outage + 1} Insert Outage Records`, 1)).toBe('done');
});

it('erases the log of a changed recorder, and no other, and says so', async () => {
  const meter = await meterOf();
  const { read, write } = await registersOf(meter);
  const dlms = await wrapperClient(meter);
  const entries = (obis: string): Promise<unknown> => dlms.get(7, obis, 7);
  const [before, other] = [await entries('1-0:99.2.0*255'), await entries('1-0:99.3.0*255')];
  expect(Number(before)).toBeGreaterThanOrEqual(2880);
  expect(await read('DR2 Record Count')).toBe(Number(before));

  // The same value is no change.
  expect(await write('DR2 Interval', 900)).toBe('done');
  expect(await entries('1-0:99.2.0*255')).toBe(before);

  expect(await write('DR2 Source 16', 1)).toBe('done');
  expect(Number(await entries('1-0:99.2.0*255'))).toBe(0);
  expect(await dlms.get(7, '1-0:99.2.0*255', 2)).toEqual([]);
  expect(await read('DR2 Record Count')).toBe(0);
  expect(await entries('1-0:99.3.0*255')).toBe(other);
  const { events } = await stateOf(meter);
  expect(JSON.stringify(events)).toContain('Data Recorder 2 (its log was erased)');
});

it('records on from the change and shows 16 columns over DLMS', async () => {
  const meter = await meterOf();
  const { read, write } = await registersOf(meter);
  expect(await write('DR6 Interval', 1, 3, 3, 0, 0, 0, 0, ...SOURCES.slice(0, 50))).toBe('done');
  const giveUp = Date.now() + 20_000;
  while ((await read('DR6 Record Count')) !== 3) expect(Date.now()).toBeLessThan(giveUp);
  const dlms = await wrapperClient(meter);
  const captured = await dlms.get(7, '1-0:99.128.6*255', 3);
  expect(Array.isArray(captured) && captured.length).toBe(17);
  const rows = await dlms.get(7, '1-0:99.128.6*255', 2);
  expect(Array.isArray(rows) && rows.length).toBe(3);
});

it('fills an outage with zeros where Insert Outage Records is on, and leaves a gap where it is not', async () => {
  const meter = await meterOf();
  const { write } = await registersOf(meter);
  for (const [recorder, insert] of [
    ['DR6', 1],
    ['DR7', 0],
  ] as const) {
    expect(await write(`${recorder} Interval`, 1, 600, 600, 0, 0, insert, 0, 1, 2)).toBe('done');
  }
  await control(meter, '/power-loss', { seconds: 3 });
  await until(
    () => stateOf(meter),
    ({ power, restarts }) => power === 'on' && Number(restarts) > 1,
    30_000,
  );
  const { powerOutages } = (await stateOf(meter)) as { powerOutages: { from: number; to: number }[] };
  expect(powerOutages).toHaveLength(1);
  const [{ from, to } = { from: 0, to: 0 }] = powerOutages;
  expect(to - from).toBeGreaterThanOrEqual(3000);

  const dlms = await wrapperClient(meter);
  const energies = async (recorder: number): Promise<readonly unknown[]> => {
    const rows = (await dlms.get(7, `1-0:99.128.${recorder}*255`, 2)) as readonly (readonly unknown[])[];
    return rows.map(([, delivered]) => delivered);
  };
  const gap = await until(
    () => energies(7),
    ({ length }) => length > 0,
    30_000,
  );
  const filled = await energies(6);
  expect(filled.filter((value) => value === 0).length).toBeGreaterThanOrEqual(3);
  expect(gap).not.toContain(0);
});
