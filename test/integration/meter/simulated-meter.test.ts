import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { describeValue } from '../../../electron/meter/describe.ts';
import { openMeter } from '../../../electron/meter/meter.ts';
import { meterProfile } from '../../../electron/meter/profile.ts';
import type { SiteMap } from '../../../electron/meter/site-map/types.ts';
import type { Credentials, Meter } from '../../../electron/meter/types.ts';
import type { HostKeyStore } from '../../../electron/protocols/sftp/types.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { FEEDER } from '../feeder.ts';

const cleanup: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

async function startMeter({ firmware = '4.6.0', shipped = '4.6.0' } = {}): Promise<SimulatedMeter> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'meterwright-meter-'));
  cleanup.push(() => rm(stateFolder, { recursive: true, force: true }));
  const meter = await startSimulatedMeter({
    ...FEEDER,
    firmware: firmwareVersion(firmware),
    shipped: firmwareVersion(shipped),
    stateFolder,
  });
  cleanup.push(() => meter.stop());
  return meter;
}

function memoryKeys(): HostKeyStore {
  const keys = new Map<string, string>();
  return {
    lookup: async (host, port) => keys.get(`${host}:${port}`),
    async pin(host, port, fingerprint) {
      keys.set(`${host}:${port}`, fingerprint);
    },
  };
}

function open(simulated: SimulatedMeter, options: { credentials?: Credentials; siteMap?: SiteMap } = {}): Meter {
  const { host, ports } = simulated.address;
  const { siteMap, ...others } = options;
  const meter = openMeter({
    // No simulated meter has DLMS or BACnet yet; its control port stands for a port that is open and keeps the connection.
    address: {
      host,
      ports: { modbus: ports.modbus, sftp: ports.sftp, dlms: controlPort(simulated), bacnet: 1 },
      unit: 255,
      timeoutMs: 3000,
    },
    hostKeys: memoryKeys(),
    ...others,
    siteMapOf: () => siteMap,
  });
  cleanup.push(() => meter.close());
  return meter;
}

function controlPort(simulated: SimulatedMeter): number {
  return Number(new URL(simulated.address.control).port);
}

async function control(simulated: SimulatedMeter, path: string, body: unknown): Promise<void> {
  const answer = await fetch(new URL(path, simulated.address.control), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

const UNIX_TIME: SiteMap = {
  sha256: '00',
  fileName: 'ION7400_Modbus_Map.xlsx',
  provenance: 'simulated',
  rows: [{ name: 'Unix Time', register: 61_010, count: 2, type: 'uint32', unit: 's', writable: false }],
};

describe('a simulated meter through its protocols', () => {
  it('says who it is', async () => {
    const meter = open(await startMeter());
    expect(value(await meter.identify())).toEqual({
      name: 'Feeder 12',
      model: 'ION7400',
      serial: 'SIM-000042',
      firmware: firmwareVersion('4.6.0'),
      productId: 18_000,
      commercialReference: 'METSEION7400',
      manufacturer: 'Schneider Electric',
      featureSet: 'advanced',
      simulated: true,
    });
  });

  it('has no commercial reference when it was shipped before 4.6.0', async () => {
    const meter = open(await startMeter({ shipped: '4.0.0' }));
    const identity = value(await meter.identify());
    expect(identity.commercialReference).toBeNull();
    expect(meter.advisories(identity).map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('gives every row of the profile', async () => {
    const meter = open(await startMeter());
    const snapshot = value(await meter.readGroup('all'));
    expect(snapshot.unread).toEqual([]);
    expect(snapshot.values).toHaveLength(value(meterProfile()).registers.length);
    const text = Object.fromEntries(snapshot.values.map((one) => [one.row.id, describeValue(one)]));
    expect(text['frequency']).toMatch(/^(49|50|59|60)\.\d{3} Hz$/);
    expect(text['com1-baud-rate']).toMatch(/^\d+$/);
    const energy = (id: string) => snapshot.values.find(({ row }) => row.id === id)?.value;
    const total = energy('active-energy-delivered-plus-received');
    const sum = BigInt(energy('active-energy-delivered') ?? 0) + BigInt(energy('active-energy-received') ?? 0);
    expect(total).toBe(sum);
    const kilo = Number(energy('active-energy-delivered-float'));
    expect(Math.abs(kilo * 1000 - Number(energy('active-energy-delivered'))) / Number(total)).toBeLessThan(1e-5);
    // P = S * PF tells whether power is in W beside VA.
    const live = (id: string) => Number(energy(id));
    expect(live('active-power-total') / live('apparent-power-total')).toBeCloseTo(live('power-factor-total'), 2);
  });

  it('keeps the other rows when some are not available', async () => {
    const simulated = await startMeter();
    await control(simulated, '/fault', { kind: 'unavailable', registers: [3000, 30] });
    const meter = open(simulated);
    expect(value(await meter.identify())).toMatchObject({ name: null, serial: 'SIM-000042' });
    const { values } = value(await meter.readGroup('live'));
    expect(values.filter(({ unavailable }) => unavailable).map(({ row }) => row.id)).toContain('current-a');
    expect(values.find(({ row }) => row.id === 'current-b')?.unavailable).toBe(false);
  });

  it('shows by how much its clock is off, from either source', async () => {
    const simulated = await startMeter();
    await control(simulated, '/clock', { offsetSeconds: 100 });
    const byDate = value(await open(simulated).readClock());
    expect(byDate.source).toBe('date-time-registers');
    expect(Math.abs((byDate.offsetSeconds ?? 0) - 100)).toBeLessThanOrEqual((byDate.uncertaintySeconds ?? 0) + 0.05);
    const byUnix = value(await open(simulated, { siteMap: UNIX_TIME }).readClock());
    expect(byUnix.source).toBe('unix-time-register');
    expect(Math.abs((byUnix.offsetSeconds ?? 0) - 100)).toBeLessThanOrEqual((byUnix.uncertaintySeconds ?? 0) + 0.05);
    const old = await startMeter({ firmware: '4.0.0', shipped: '4.0.0' });
    expect(value(await open(old, { siteMap: UNIX_TIME }).readClock()).source).toBe('date-time-registers');
  });

  it('tells its lock, its connections and its default passwords', async () => {
    const simulated = await startMeter();
    const meter = open(simulated);
    expect(await meter.readRevenueLock()).toBe('unlocked');
    await control(simulated, '/lock', { revenueLock: 'locked' });
    expect(await meter.readRevenueLock()).toBe('locked');
    expect(await meter.readConnections()).toEqual({ used: 1, of: 8 });
    expect(await meter.readDefaultPasswords()).toBe(50);
  });

  it('is probed with and without a login', async () => {
    const simulated = await startMeter();
    const states = async (meter: Meter) =>
      Object.fromEntries((await meter.probe()).map(({ id, state }) => [id, state]));
    expect(await states(open(simulated))).toMatchObject({
      'modbus-tcp': 'open',
      'modbus-identification': 'open',
      sftp: 'open',
      'sftp-upgrade-folder': 'unknown',
      dlms: 'open',
      bacnet: 'unknown',
    });
    const { credentials } = simulated.address;
    expect(await states(open(simulated, { credentials }))).toMatchObject({
      sftp: 'open',
      'sftp-upgrade-folder': 'open',
    });
  });

  it('says busy when both SFTP sessions are taken', async () => {
    const simulated = await startMeter();
    const { credentials } = simulated.address;
    const [one, two, three] = [open(simulated, { credentials }), open(simulated, { credentials }), open(simulated)];
    value(await one.sftp());
    value(await two.sftp());
    expect((await three.probe()).find(({ id }) => id === 'sftp')?.state).toBe('busy');
  });

  it('says busy when its connections are taken', async () => {
    const simulated = await startMeter();
    const taken: Socket[] = [];
    cleanup.push(() => {
      for (const socket of taken) socket.destroy();
    });
    await Promise.all(
      Array.from({ length: 40 }, () => {
        const socket = connect(simulated.address.ports.modbus, '127.0.0.1');
        socket.on('error', () => undefined);
        taken.push(socket);
        return new Promise<void>((resolve) => socket.once('connect', () => resolve()));
      }),
    );
    const capabilities = await open(simulated).probe();
    expect(capabilities[0]).toMatchObject({ id: 'modbus-tcp', state: 'busy' });
  });

  it('says refused when Modbus is closed', async () => {
    const simulated = await startMeter();
    await control(simulated, '/fault', { kind: 'refuse', protocol: 'modbus' });
    const [modbus] = await open(simulated).probe();
    expect(modbus).toMatchObject({ id: 'modbus-tcp', state: 'refused' });
  });

  it('counts wrong credentials once, however often they are used', async () => {
    const simulated = await startMeter();
    await control(simulated, '/lock', { lockout: { attempts: 2, minutes: 10 } });
    const wrong = open(simulated, { credentials: { user: 'USER1', password: 'wrong' } });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const refused = await wrong.sftp();
      expect(!refused.ok && refused.problem.code).toBe('sftp/wrong-credentials');
      expect(JSON.stringify(refused)).not.toContain('"wrong"');
    }
    // A second failure would have locked USER1 out.
    value(await open(simulated, { credentials: simulated.address.credentials }).sftp());
  });

  it('comes back after a power loss: Modbus by itself, SFTP as a new session', async () => {
    const simulated = await startMeter();
    const meter = open(simulated, { credentials: simulated.address.credentials });
    value(await meter.identify());
    const before = value(await meter.sftp());
    await control(simulated, '/power-loss', { seconds: 0 });
    await expect.poll(async () => (await meter.identify()).ok, { timeout: 15_000 }).toBe(true);
    await expect.poll(async () => (await meter.sftp()).ok, { timeout: 15_000 }).toBe(true);
    expect(value(await meter.sftp())).not.toBe(before);
    expect(await meter.readConnections()).toEqual({ used: 1, of: 8 });
  });

  it('releases every connection on close', async () => {
    const simulated = await startMeter();
    const meter = open(simulated, { credentials: simulated.address.credentials });
    await meter.probe();
    await meter.close();
    const other = open(simulated);
    await expect.poll(async () => (await other.readConnections())?.used, { timeout: 5000 }).toBe(1);
  });
});
