import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeWords, type WordType } from '../../../electron/protocols/modbus/decode.ts';
import { readSpans } from '../../../electron/protocols/modbus/read-spans.ts';
import type { ModbusEndpoint } from '../../../electron/protocols/modbus/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { METER_STATE } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { codeOf, createBench, granted } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

async function startMeter(): Promise<SimulatedMeter> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'modbus-client-'));
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
  });
  bench.later(() => meter.stop());
  return meter;
}

const TRANSPORTS = ['tcp', 'rtu-over-tcp'] as const;

function endpointOf(meter: SimulatedMeter, kind: (typeof TRANSPORTS)[number]): ModbusEndpoint {
  const { host, ports } = meter.address;
  return { kind, host, port: kind === 'tcp' ? ports.modbus : ports.rtuOverTcp, unit: 255 };
}

/** Vendor register, count, type, and what a value of it has to look like. */
const ROWS: readonly (readonly [register: number, count: number, type: WordType, looks: RegExp])[] = [
  [30, 20, 'utf8', /^Feeder 12$/],
  [50, 20, 'utf8', /^ION7400 SIMULATED$/],
  [70, 9, 'utf8', /^Schneider Electric$/],
  [90, 1, 'uint16', /^18000$/],
  [117, 12, 'utf8', /^SN-00012$/],
  [1717, 6, 'utf8', /^004\.006\.000$/],
  [1845, 4, 'datetime', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/],
  [3000, 2, 'float32', /^\d+(\.\d+)?$/],
  [3110, 2, 'float32', /^(49|50|59|60)(\.\d+)?$/],
  [3204, 4, 'int64', /^\d+$/],
];

describe.each(TRANSPORTS)('the simulated meter over %s', (kind) => {
  it('is read as the map says, one value or many at a time', async () => {
    const client = await bench.connectedTo(endpointOf(await startMeter(), kind), 5000);
    const spans = ROWS.map(([register, count]) => ({ address: register - 1, count }));
    const read = await readSpans(client, spans);
    expect(read.failed.size).toBe(0);
    for (const [index, [register, count, type, looks]] of ROWS.entries()) {
      for (const words of [read.words.get(index), granted(await client.readHolding(register - 1, count))]) {
        const decoded = decodeWords(type, words ?? []);
        expect(decoded === 'unavailable' ? decoded : String(decoded.value)).toMatch(looks);
      }
    }
  });

  it('gives 0x8000 for what is not mapped, and exception 3 for a value cut apart', async () => {
    const client = await bench.connectedTo(endpointOf(await startMeter(), kind), 5000);
    expect(decodeWords('float32', granted(await client.readHolding(50_000, 2)))).toBe('unavailable');
    expect(codeOf(await client.readHolding(2999, 1))).toBe('modbus/exception-3');
    const spans = [2999, 3001, 3004, 3005].map((address) => ({ address, count: 2 }));
    const read = await readSpans(client, spans);
    expect([...read.words.keys()].sort()).toEqual([0, 1, 3]);
    expect(read.failed.get(2)?.code).toBe('modbus/exception-3');
  });

  it('says who it is by function 43, object by object', async () => {
    const client = await bench.connectedTo(endpointOf(await startMeter(), kind), 5000);
    expect(await client.readIdentification(0)).toEqual({ ok: true, value: 'Schneider Electric' });
    expect(await client.readIdentification(1)).toEqual({ ok: true, value: 'METSEION7400' });
    expect(codeOf(await client.readIdentification(0x7f))).toBe('modbus/exception-2');
  });
});

it('writes: silence, refusals and success are told apart', async () => {
  const meter = await startMeter();
  const client = await bench.connectedTo(endpointOf(meter, 'tcp'), 300);
  const baudRate = 54_391;
  expect(await client.writeHolding(50_000, [1])).toMatchObject({
    problem: { code: 'modbus/write-unanswered', meterState: METER_STATE.unknown },
  });
  expect(await client.writeHolding(2999, [1, 2])).toMatchObject({
    problem: { code: 'modbus/exception-3', meterState: METER_STATE.untouched },
  });
  expect(codeOf(await client.writeHolding(baudRate, [9600]))).toBe('modbus/exception-2');

  const allowed = await fetch(new URL('lock', meter.address.control), {
    method: 'POST',
    body: JSON.stringify({ modbusProgramming: true }),
  });
  expect(allowed.ok).toBe(true);
  for (const rate of [9600, 38_400]) {
    granted(await client.writeHolding(baudRate, [rate]));
    expect([...granted(await client.readHolding(baudRate, 1))]).toEqual([rate]);
  }
});
