import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectDlms } from '../../../electron/protocols/dlms/client.ts';
import { decodeDateTime } from '../../../electron/protocols/dlms/codec/date-time.ts';
import type { CosemValue } from '../../../electron/protocols/dlms/codec/values.ts';
import type { DlmsClient, ProfileRow, ProfileSelection, ProfileShape } from '../../../electron/protocols/dlms/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { DlmsOptions, SimulatedMeter } from '../../../simulator/types.ts';
import { at, CLOCK, codeOf, createBench, granted } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

const LOAD_CURVE = '1.0.99.128.0.255';
const KINDS = ['wrapper', 'hdlc'] as const;

async function startMeter(dlms: DlmsOptions = {}): Promise<SimulatedMeter> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'dlms-client-'));
  bench.later(() => rm(stateFolder, { recursive: true, force: true, maxRetries: 3 }));
  const meter = await startSimulatedMeter({
    name: 'Feeder 12',
    serial: 'SN-00012',
    firmware: firmwareVersion('4.6.0'),
    shipped: firmwareVersion('4.6.0'),
    featureSet: 'advanced',
    stateFolder,
    seed: 12,
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
    applySeconds: 0,
    dlms: { blockLatencyMs: 0, ...dlms },
  });
  bench.later(() => meter.stop());
  return meter;
}

function elements(value: CosemValue): readonly CosemValue[] {
  if (value.type === 'array' || value.type === 'structure') return value.value;
  throw new TypeError(`${value.type} has no elements`);
}

function number(value: CosemValue | undefined): number {
  if (value !== undefined && 'value' in value && typeof value.value === 'number') return value.value;
  throw new TypeError('not a number');
}

function obis(value: CosemValue | undefined): string {
  if (value?.type === 'octets') return value.value.join('.');
  throw new TypeError('not an OBIS code');
}

async function shapeOf(client: DlmsClient, profile: string): Promise<ProfileShape> {
  const columns = granted(await client.get({ classId: 7, obis: profile, attribute: 3 }));
  const capturePeriod = number(granted(await client.get({ classId: 7, obis: profile, attribute: 4 })));
  return {
    obis: profile,
    capturePeriod,
    columns: elements(columns).map((column) => {
      const [classId, name, attribute, dataIndex] = elements(column);
      return { classId: number(classId), obis: obis(name), attribute: number(attribute), dataIndex: number(dataIndex) };
    }),
  };
}

async function read(client: DlmsClient, shape: ProfileShape, selection: ProfileSelection): Promise<ProfileRow[]> {
  const rows: ProfileRow[] = [];
  granted(
    await client.readProfile(shape, selection, (some) => {
      rows.push(...some);
    }),
  );
  return rows;
}

describe.each(KINDS)('the simulated meter over %s', (kind) => {
  it('says what it is, what it grants and what it has', async () => {
    const { address } = await startMeter();
    const client = await bench.connected({ kind, port: address.ports.dlms });
    expect(client.association.services).toContain('block-transfer-with-get');
    const name = granted(await client.get({ classId: 1, obis: '0.0.42.0.0.255', attribute: 2 }));
    expect(name.type === 'octets' && Buffer.from(name.value).toString('latin1')).toBe('SIMSN-00012');
    const objects = elements(granted(await client.get({ classId: 15, obis: '0.0.40.0.0.255', attribute: 2 })));
    const names = objects.map((object) => obis(elements(object)[2]));
    expect(names).toContain(LOAD_CURVE);
    expect(names).toContain('0.0.1.0.0.255');
  });

  it('gives all attributes of an object at once, which are what each of them is alone', async () => {
    const { address } = await startMeter();
    const client = await bench.connected({ kind, port: address.ports.dlms });
    expect(client.association.services).toContain('attribute0-supported-with-get');
    const shape = await shapeOf(client, LOAD_CURVE);
    const register = shape.columns.find(({ classId }) => classId === 3);
    if (register === undefined) throw new Error('The load curve has no register.');
    const { classId, obis: code } = register;
    const [name, value, scalerUnit, ...more] = elements(
      granted(await client.get({ classId, obis: code, attribute: 0 })),
    );
    expect(obis(name)).toBe(code);
    expect(value?.type).toBeDefined();
    expect(scalerUnit).toEqual(granted(await client.get({ classId, obis: code, attribute: 3 })));
    expect(more).toEqual([]);
  });

  it('gives the same rows at once, by entries and by a range', async () => {
    const { address } = await startMeter({ loadCurveRows: 200 });
    const client = await bench.connected({ kind, port: address.ports.dlms });
    const shape = await shapeOf(client, LOAD_CURVE);
    const all = await read(client, shape, 'all');
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(all.some(({ rebuilt }) => rebuilt)).toBe(true);
    expect(all.every(({ time, values }) => time !== null && values.length === shape.columns.length - 1)).toBe(true);
    for (const [index, { time }] of all.entries()) {
      if (index > 0) expect(time).toBeGreaterThan(all[index - 1]?.time ?? Number.NaN);
    }
    const plain = ({ time, values }: ProfileRow): unknown => ({ time, values });
    const entries = await read(client, shape, { kind: 'entry', from: 11, to: 20 });
    expect(entries.map(plain)).toEqual(all.slice(10, 20).map(plain));
    const from = all[50]?.time ?? 0;
    const range = await read(client, shape, { kind: 'range', from, to: all[80]?.time ?? 0 });
    expect(range.map(plain)).toEqual(all.slice(50, 81).map(plain));
  });

  it('takes a new time from the client with the secret only, and locks nobody out by itself', async () => {
    const { address } = await startMeter();
    const port = address.ports.dlms;
    const reader = await bench.connected({ kind, port });
    const time = { type: 'octets', value: Uint8Array.of(0x07, 0xea, 1, 2, 255, 3, 4, 5, 0, 0, 0, 0) } as const;
    expect(codeOf(await reader.set(CLOCK, time))).toMatch(/^dlms\/(not-granted|access-denied|access-scope-violated)$/);
    await reader.close();
    expect(codeOf(await connectDlms(at({ kind, port, clientSap: 1, password: '11111111' })))).toBe('dlms/wrong-secret');
    const writer = await bench.connected({ kind, port, clientSap: 1, password: '00000000' });
    expect(codeOf(await writer.set(CLOCK, time))).toBe('ok');
    const now = granted(await writer.get(CLOCK));
    const decoded = now.type === 'octets' ? decodeDateTime(now.value, 'standard') : undefined;
    expect(Math.abs((decoded?.time ?? 0) - Date.UTC(2026, 0, 2, 3, 4, 5))).toBeLessThan(10_000);
  });

  it('serves one client at a time, and the next one as soon as the first has left', async () => {
    const { address } = await startMeter();
    const port = address.ports.dlms;
    for (let round = 0; round < 5; round += 1) {
      const first = granted(await connectDlms(at({ kind, port })));
      expect(codeOf(await connectDlms(at({ kind, port })))).toBe('dlms/busy');
      await first.close();
    }
    expect(codeOf(await (await bench.connected({ kind, port })).get(CLOCK))).toBe('ok');
  });
});
