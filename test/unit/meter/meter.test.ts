import { describe, expect, it } from 'vitest';
import { describeValue } from '../../../electron/meter/describe.ts';
import { openMeter } from '../../../electron/meter/meter.ts';
import type { Credentials, RegisterSnapshot } from '../../../electron/meter/types.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { ADDRESS, type FakeOptions, failure, fakeMeter, fakeRegisters, meterRegisters, NO_HOST_KEYS } from './fakes.ts';

const SIMULATED = 'ION7400 SIMULATED';
const USER: Credentials = { user: 'USER1', password: 'secret-of-the-meter' };

function open(options: FakeOptions = {}, credentials?: Credentials) {
  const fake = fakeMeter(options);
  const meter = openMeter({ address: ADDRESS, hostKeys: NO_HOST_KEYS, connectors: fake.connectors, credentials });
  return { meter, fake };
}

function shown(snapshot: Result<RegisterSnapshot>): Record<string, string> {
  if (!snapshot.ok) throw new Error(snapshot.problem.because);
  return Object.fromEntries(snapshot.value.values.map((value) => [value.row.id, describeValue(value)]));
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.problem.code;
}

/** A promise with its key. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('readGroup', () => {
  it('reads live values in few requests and keeps their words', async () => {
    const registers = meterRegisters()
      .float(3000, 12.5)
      .float(3060, -1_234_567)
      .float(3110, 50.01)
      .words(3150, 0xffc0, 0);
    const { meter, fake } = open({ registers });
    await meter.identify();
    const before = fake.reads.length;
    const snapshot = await meter.readGroup('live');
    const values = shown(snapshot);
    expect(values).toMatchObject({
      'current-a': '12.500 A',
      'active-power-total': '-1.235 MW',
      frequency: '50.010 Hz',
      'power-factor-total': 'unavailable',
      'current-b': 'unavailable',
    });
    expect(values).not.toHaveProperty('connections-used');
    expect(fake.reads.length - before).toBe(3);
    expect(snapshot.ok && snapshot.value.requests).toBe(3);
    const words =
      snapshot.ok && snapshot.value.values.filter(({ row }) => row.id === 'frequency').map(({ raw }) => raw);
    expect(words).toEqual([[0x4248, 0x0a3d]]);
    await meter.close();
  });

  it('reads energies to the last digit', async () => {
    const registers = meterRegisters()
      .int64(3204, 9_007_199_254_740_993n)
      .int64(3220, -1n)
      .float(2700, 1234.5)
      .words(3248, 0x8000, 0, 0, 0);
    const { meter } = open({ registers });
    expect(shown(await meter.readGroup('energy'))).toMatchObject({
      'active-energy-delivered': '9,007,199,254,740.993 kWh',
      'reactive-energy-delivered': '-0.001 kvarh',
      'active-energy-delivered-float': '1,234.500 kWh',
      'apparent-energy-delivered-minus-received': 'unavailable',
    });
  });

  it('never asks a real meter for what is invented, and does ask a simulated one', async () => {
    const real = open({ registers: meterRegisters() });
    const all = await real.meter.readGroup('all');
    expect(all.ok && all.value.unread).toEqual([]);
    expect(all.ok && all.value.values.some(({ row }) => row.provenance === 'simulated')).toBe(false);
    expect(real.fake.reads.filter(({ address, count }) => address + count > 60_000)).toEqual([]);

    const practice = open({ registers: meterRegisters({ model: SIMULATED }).words(61_000, 1, 2, 3, 8, 5) });
    expect(shown(await practice.meter.readGroup('setup'))).toMatchObject({
      'revenue-lock': '1',
      'com1-baud-rate': 'unavailable',
    });
  });

  it('gives no half of a reading that was stopped', async () => {
    const { meter } = open({
      registers: meterRegisters(),
      intercept: (address) => (address > 3000 ? failure('aborted') : undefined),
    });
    expect(codeOf(await meter.readGroup('all'))).toBe('aborted');
  });

  it('says of each row why it was not read, and loses no other', async () => {
    const registers = meterRegisters().float(3000, 1).float(3110, 50);
    const { meter } = open({
      registers,
      intercept: (address, count) =>
        address <= 3109 && address + count > 3109 ? failure('modbus/exception-3') : undefined,
    });
    const snapshot = await meter.readGroup('live');
    expect(shown(snapshot)['current-a']).toBe('1.000 A');
    expect(snapshot.ok && snapshot.value.unread.map(({ row, because }) => `${row.id}: ${because}`)).toEqual([
      'frequency: It ended with modbus/exception-3.',
    ]);
  });

  it('fails when nothing came because of the connection, not when part of it came', async () => {
    const lost = open({
      registers: meterRegisters(),
      intercept: (address) => (address > 2000 ? failure('modbus/timeout') : undefined),
    });
    expect(codeOf(await lost.meter.readGroup('live'))).toBe('modbus/timeout');
    const part = await lost.meter.readGroup('all');
    expect(part.ok && part.value.unread.length).toBeGreaterThan(50);
    expect(shown(part)['meter-model']).toBe('ION7400');
  });
});

describe('what only simulated meters say', () => {
  it('is null on a real meter, whatever stands in those registers', async () => {
    const { meter, fake } = open({ registers: meterRegisters().words(61_000, 1, 2, 3, 8, 5) });
    expect(await meter.readRevenueLock()).toBeNull();
    expect(await meter.readConnections()).toBeNull();
    expect(await meter.readDefaultPasswords()).toBeNull();
    expect(fake.reads.filter(({ address }) => address > 60_000)).toEqual([]);
  });

  it.each([
    [0, 'unlocked'],
    [1, 'locked'],
    [2, 'pending'],
    [3, null],
    [0xffff, null],
    [0x8000, null],
  ])('reads the revenue lock %i as %s', async (code, expected) => {
    const { meter } = open({ registers: meterRegisters({ model: SIMULATED }).words(61_000, code) });
    expect(await meter.readRevenueLock()).toBe(expected);
  });

  it('reads connections and default passwords, and neither by halves', async () => {
    const { meter } = open({ registers: meterRegisters({ model: SIMULATED }).words(61_002, 3, 8, 0) });
    expect(await meter.readConnections()).toEqual({ used: 3, of: 8 });
    expect(await meter.readDefaultPasswords()).toBe(0);
    const half = open({ registers: meterRegisters({ model: SIMULATED }).words(61_002, 3) });
    expect(await half.meter.readConnections()).toBeNull();
    const silent = open({ connect: () => failure('modbus/unreachable') });
    expect(await silent.meter.readRevenueLock()).toBeNull();
  });
});

describe('sftp', () => {
  it('asks for credentials before it touches the meter', async () => {
    const { meter, fake } = open();
    expect(codeOf(await meter.sftp())).toBe('meter/no-credentials');
    expect(fake.log).toEqual([]);
  });

  it('gives the same session again, and a new one when that has ended', async () => {
    const { meter, fake } = open({}, USER);
    const first = await meter.sftp();
    const second = await meter.sftp();
    expect(first.ok && second.ok && first.value === second.value).toBe(true);
    expect(fake.log).toEqual(['sftp USER1']);
    if (first.ok) await first.value.close();
    const third = await meter.sftp();
    expect(third.ok && first.ok && third.value !== first.value).toBe(true);
    expect(fake.openConnections()).toBe(1);
    await meter.close();
    expect(fake.openConnections()).toBe(0);
  });

  it('never tries refused credentials twice, not even in a probe', async () => {
    const { meter, fake } = open(
      { login: () => failure('sftp/wrong-credentials'), touch: () => ({ kind: 'open', banner: 'SSH-2.0-x' }) },
      USER,
    );
    const first = await meter.sftp();
    expect(codeOf(first)).toBe('sftp/wrong-credentials');
    expect(await meter.sftp()).toEqual(first);
    await meter.probe();
    expect(fake.log.filter((line) => line.startsWith('sftp'))).toEqual(['sftp USER1']);
    expect(JSON.stringify(first)).not.toContain(USER.password);
  });

  it('tries again after a failure that was not about the credentials', async () => {
    let attempts = 0;
    const { meter } = open({ login: () => (++attempts === 1 ? failure('sftp/busy') : undefined) }, USER);
    expect(codeOf(await meter.sftp())).toBe('sftp/busy');
    expect(codeOf(await meter.sftp())).toBe('ok');
  });
});

describe('one operation at a time', () => {
  it('keeps operations apart and in order', async () => {
    const { meter, fake } = open({
      registers: meterRegisters(),
      during: () => new Promise((resolve) => setImmediate(resolve)),
    });
    const done: string[] = [];
    await Promise.all([
      meter.readClock().then(() => done.push('clock')),
      meter.identify().then(() => done.push('identify')),
      meter.readClock().then(() => done.push('clock again')),
    ]);
    expect(done).toEqual(['clock', 'identify', 'clock again']);
    expect(fake.log.filter((line) => line.startsWith('modbus'))).toEqual(['modbus 502']);
  });

  it('stops what waits at once and lets the rest go on', async () => {
    const held = gate();
    const { meter } = open({ registers: meterRegisters(), during: () => held.opened });
    const running = meter.identify();
    const stop = new AbortController();
    const waiting = meter.readClock(stop.signal);
    const after = meter.readClock();
    stop.abort();
    expect(codeOf(await waiting)).toBe('aborted');
    held.open();
    expect(codeOf(await running)).toBe('ok');
    expect(codeOf(await after)).toBe('ok');
  });

  it('stops what runs', async () => {
    const held = gate();
    const { meter } = open({ registers: meterRegisters(), during: () => held.opened });
    const stop = new AbortController();
    const running = meter.identify(stop.signal);
    stop.abort();
    held.open();
    expect(codeOf(await running)).toBe('aborted');
    expect(codeOf(await meter.identify())).toBe('ok');
  });
});

describe('close', () => {
  it('releases everything, refuses what comes after, and is idempotent', async () => {
    const { meter, fake } = open({ registers: meterRegisters() }, USER);
    await meter.identify();
    await meter.sftp();
    expect(fake.openConnections()).toBe(2);
    await Promise.all([meter.close(), meter.close()]);
    expect(fake.openConnections()).toBe(0);
    expect(codeOf(await meter.identify())).toBe('meter/closed');
    expect(codeOf(await meter.sftp())).toBe('meter/closed');
    expect(await meter.readRevenueLock()).toBeNull();
    expect((await meter.probe()).every(({ state }) => state === 'unknown')).toBe(true);
    expect(fake.openConnections()).toBe(0);
  });

  it('releases a connection that comes about while it closes', async () => {
    const connecting = gate();
    const held = gate();
    const fake = fakeMeter({ registers: meterRegisters() });
    const meter = openMeter({
      address: ADDRESS,
      hostKeys: NO_HOST_KEYS,
      connectors: {
        ...fake.connectors,
        async modbus(endpoint, options) {
          connecting.open();
          await held.opened;
          return fake.connectors.modbus(endpoint, options);
        },
      },
    });
    const running = meter.identify();
    await connecting.opened;
    const closing = meter.close();
    held.open();
    await closing;
    expect(codeOf(await running)).toBe('aborted');
    expect(fake.openConnections()).toBe(0);
  });
});

describe('advisories', () => {
  it('are those of the firmware, and none for a model that this profile does not know', async () => {
    const { meter } = open({ registers: meterRegisters({ firmware: '003.000.000' }) });
    const identity = await meter.identify();
    if (!identity.ok) throw new Error(identity.problem.because);
    expect(meter.advisories(identity.value).map(({ id }) => id)).toEqual(['CVE-2022-46680']);
    expect(meter.advisories({ ...identity.value, model: 'ION8650' })).toEqual([]);
    expect(meter.advisories({ ...identity.value, model: null, firmware: null })).toHaveLength(2);
  });
});

describe('describeValue', () => {
  it('writes codes and dates as they are, and quantities with their unit', async () => {
    const { meter } = open({
      registers: meterRegisters().words(1837, 2026, 3, 1).words(1845, 26, 0x0361, 0x0c22, 56_789),
    });
    expect(shown(await meter.readGroup('all'))).toMatchObject({
      'product-id': '18000',
      'clock-year': '2026',
      'clock-date-time': '2026-03-01T12:34:56.789',
      'meter-model': 'ION7400',
      manufacturer: 'Schneider Electric',
      'clock-millisecond': 'unavailable',
    });
    expect(fakeRegisters().at(1)).toBe(0x8000);
  });
});
