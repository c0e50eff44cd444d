import { describe, expect, it } from 'vitest';
import { createSetupSession } from '../../../electron/meter/setup/session.ts';
import type { SetupSession } from '../../../electron/meter/setup/types.ts';
import type { SiteMap, SiteMapRow } from '../../../electron/meter/site-map/types.ts';
import type { ModbusClient } from '../../../electron/protocols/modbus/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { failure } from './fakes.ts';

const DEVICE_ID: SiteMapRow = {
  name: 'BACnet Device ID',
  register: 5001,
  count: 2,
  type: 'uint32',
  unit: '',
  writable: true,
};
const SECRET: SiteMapRow = { name: 'Secret', register: 5010, count: 4, type: 'utf8', unit: '', writable: true };
const LOCKED: SiteMapRow = { ...DEVICE_ID, name: 'Serial', writable: false };

interface Scene {
  readonly simulated?: boolean;
  readonly provenance?: SiteMap['provenance'];
  /** Answers a write instead of the registers. */
  readonly answer?: (address: number, values: readonly number[]) => Result<void> | 'store-and-fail';
  /** What a read gives after the first write, instead of the registers. */
  readonly later?: () => Result<Uint16Array>;
  readonly serialThere?: Result<string | null>;
}

function scene(options: Scene = {}): {
  readonly session: SetupSession;
  readonly writes: (readonly number[])[];
  readonly memory: Map<number, number>;
} {
  const memory = new Map<number, number>([
    [5000, 0],
    [5001, 77],
  ]);
  const writes: (readonly number[])[] = [];
  const client: ModbusClient = {
    endpoint: '192.0.2.7:502 unit 255',
    async readHolding(address, count) {
      if (writes.length > 0 && options.later !== undefined) return options.later();
      return ok(Uint16Array.from({ length: count }, (_, index) => memory.get(address + index) ?? 0x8000));
    },
    async writeHolding(address, values) {
      writes.push([address, ...values]);
      const answer = options.answer?.(address, values) ?? ok(undefined);
      if (answer === 'store-and-fail' || answer.ok) {
        for (const [index, value] of values.entries()) {
          if (memory.has(address + index)) memory.set(address + index, value);
        }
      }
      return answer === 'store-and-fail' ? failure('modbus/write-unanswered') : answer;
    },
    readIdentification: async () => failure('modbus/exception-1'),
    close: async () => undefined,
  };
  const identity: MeterIdentity = {
    name: 'Feeder 12',
    model: 'ION7400',
    serial: 'MT-1',
    firmware: firmwareVersion('4.6.0'),
    productId: 18_000,
    manufacturer: null,
    commercialReference: null,
    featureSet: 'advanced',
    simulated: options.simulated ?? false,
  };
  const session = createSetupSession({
    client,
    identity,
    map: {
      sha256: '0'.repeat(64),
      fileName: 'map.xlsx',
      provenance: options.provenance ?? 'site-map',
      rows: [DEVICE_ID, SECRET, LOCKED],
    },
    signal: new AbortController().signal,
    serialAt: async () => options.serialThere ?? ok('MT-1'),
  });
  return { session, writes, memory };
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.problem.code;
}

describe('a setup register', () => {
  it('is written in one request, all words together, and read again', async () => {
    const { session, writes } = scene();
    expect(await session.write([{ row: DEVICE_ID, value: 4_194_302 }])).toEqual(
      ok([{ row: DEVICE_ID, before: 77, after: 4_194_302, verdict: 'verified' }]),
    );
    expect(writes).toEqual([[5000, 0x003f, 0xfffe]]);
  });

  it('is written together with those that follow it', async () => {
    const { session, writes, memory } = scene();
    memory.set(5002, 3);
    const next: SiteMapRow = {
      name: 'BACnet Device Mode',
      register: 5003,
      count: 1,
      type: 'uint16',
      unit: '',
      writable: true,
    };
    const written = await session.write([
      { row: DEVICE_ID, value: 5 },
      { row: next, value: 1 },
    ]);
    expect(written).toMatchObject({
      value: [
        { after: 5, verdict: 'verified' },
        { before: 3, after: 1, verdict: 'verified' },
      ],
    });
    expect(writes).toEqual([[5000, 0, 5, 1]]);
    const apart = [
      { row: DEVICE_ID, value: 5 },
      { row: SECRET, value: 'x' },
    ];
    expect(codeOf(await session.write(apart))).toBe('setup/not-together');
    expect(codeOf(await session.write([]))).toBe('setup/not-together');
    expect(writes).toHaveLength(1);
  });

  it('is a mismatch when the meter holds something else afterwards', async () => {
    const { session } = scene({ later: () => ok(Uint16Array.from([0, 9])) });
    expect(await session.write([{ row: DEVICE_ID, value: 8 }])).toMatchObject({
      value: [{ after: 9, verdict: 'mismatch' }],
    });
  });

  it('that cannot be read says so instead of verified', async () => {
    const { session } = scene();
    expect(await session.write([{ row: SECRET, value: 'x' }])).toMatchObject({
      value: [{ before: 'unavailable', after: 'unavailable', verdict: 'cannot-be-read-back' }],
    });
  });

  it.each([
    ['a simulated map on a real meter', { provenance: 'simulated' } as const, DEVICE_ID, 1, 'setup/not-permitted'],
    ['a row that is read only', {}, LOCKED, 1, 'setup/not-writable'],
    ['a value that does not fit', {}, DEVICE_ID, -1, 'setup/value-out-of-range'],
  ])('is not touched: %s', async (_, options, row, value, code) => {
    const { session, writes } = scene(options);
    expect(codeOf(await session.write([{ row: row, value: value }]))).toBe(code);
    expect(writes).toEqual([]);
  });

  it('of a simulated map is written on a simulated meter', async () => {
    const { session } = scene({ provenance: 'simulated', simulated: true });
    expect(codeOf(await session.write([{ row: DEVICE_ID, value: 5 }]))).toBe('ok');
  });

  it('of a simulated map is not even read on a real meter', async () => {
    const { session } = scene({ provenance: 'simulated' });
    expect(codeOf(await session.read([DEVICE_ID]))).toBe('setup/not-permitted');
  });

  it.each([
    ['modbus/exception-2', 'setup/protected'],
    ['modbus/exception-3', 'setup/refused'],
    ['modbus/closed', 'modbus/closed'],
  ])('whose write ends with %s fails with %s', async (answer, code) => {
    const { session } = scene({ answer: () => failure(answer) });
    expect(codeOf(await session.write([{ row: DEVICE_ID, value: 5 }]))).toBe(code);
  });

  it('that is not mapped is told from a meter that is lost', async () => {
    const { session } = scene({ answer: () => failure('modbus/write-unanswered') });
    expect(codeOf(await session.write([{ row: SECRET, value: 'x' }]))).toBe('setup/unmapped');
    expect(codeOf(await session.write([{ row: DEVICE_ID, value: 5 }]))).toBe('setup/not-taken');
    const gone = scene({ answer: () => failure('modbus/write-unanswered'), later: () => failure('modbus/timeout') });
    expect(codeOf(await gone.session.write([{ row: DEVICE_ID, value: 5 }]))).toBe('modbus/write-unanswered');
  });

  it('holds the value when only the answer to the write was lost', async () => {
    const { session } = scene({ answer: () => 'store-and-fail' });
    expect(await session.write([{ row: DEVICE_ID, value: 5 }])).toMatchObject({
      value: [{ after: 5, verdict: 'verified' }],
    });
  });

  it('that was written and cannot be read again is no success', async () => {
    const { session } = scene({ later: () => failure('modbus/timeout') });
    expect(codeOf(await session.write([{ row: DEVICE_ID, value: 5 }]))).toBe('setup/not-read-back');
  });
});

describe('the way to a meter', () => {
  it('is there when the same meter answers on it', async () => {
    expect(codeOf(await scene().session.tryWay(1502))).toBe('ok');
    expect(codeOf(await scene({ serialThere: ok('MT-2') }).session.tryWay(1502))).toBe('setup/another-meter');
    expect(codeOf(await scene({ serialThere: failure('modbus/timeout') }).session.tryWay(1502))).toBe('modbus/timeout');
  });
});
