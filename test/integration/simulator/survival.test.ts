import { type ChildProcess, fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startSimulatedMeters } from '../../../simulator/fleet.ts';
import type { SimulatedMeterAddress } from '../../../simulator/types.ts';
import { control, rawConnection, readRegisters, startMeter, stateOf, temporaryFolder, until } from './bench.ts';

/** The simulator as one file that a process of its own can run. */
let bundle = '';
beforeAll(async () => {
  const outDir = join(import.meta.dirname, '../../../.cache/simulated-meter-process');
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(new URL('./meter-process.ts', import.meta.url)),
      outDir,
      emptyOutDir: true,
      target: 'node18',
      rollupOptions: { output: { entryFileNames: 'meter-process.mjs' } },
    },
  });
  bundle = join(outDir, 'meter-process.mjs');
}, 60_000);

interface MeterProcess {
  readonly process: ChildProcess;
  readonly address: SimulatedMeterAddress;
}

async function spawnMeter(stateFolder: string): Promise<MeterProcess> {
  const child = fork(bundle, [stateFolder], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const address = await new Promise<SimulatedMeterAddress>((resolve, reject) => {
    child.once('message', (message) => resolve(message as SimulatedMeterAddress));
    child.once('exit', (code) => reject(new Error(`The process of the meter ended with ${code}`)));
  });
  return { process: child, address };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

describe('a meter whose process is killed', () => {
  it('goes on with the upgrade however often it is killed, on the same ports, and loses no energy', async () => {
    const stateFolder = await temporaryFolder();
    let meter = await spawnMeter(stateFolder);
    const { ports } = meter.address;
    const connection = await rawConnection(ports.modbus);
    const before = (await readRegisters(connection, 3204, 4)).readBigInt64BE();
    const posted = await fetch(new URL('/upgrade', meter.address.control), {
      method: 'POST',
      body: JSON.stringify({ version: '4.6.0' }),
    });
    expect(posted.status).toBe(202);
    for (let n = 0; n < 4; n += 1) {
      await killed(meter.process);
      meter = await spawnMeter(stateFolder);
      expect(meter.address.ports).toEqual(ports);
    }
    const state = await until(
      async () => (await fetch(new URL('/state', meter.address.control))).json() as Promise<Record<string, unknown>>,
      ({ power }) => power === 'on',
    );
    expect(state).toMatchObject({ firmware: '4.6.0', upgrade: { state: 'applied' }, comtradeFiles: 0 });
    const again = await rawConnection(ports.modbus);
    expect((await readRegisters(again, 3204, 4)).readBigInt64BE() >= before).toBe(true);
    await killed(meter.process);
  });

  it('has a readable state at any moment of many writes', async () => {
    const stateFolder = await temporaryFolder();
    const { process: child, address } = await spawnMeter(stateFolder);
    const writes = Array.from({ length: 200 }, (_, n) =>
      fetch(new URL('/clock', address.control), { method: 'POST', body: JSON.stringify({ offsetSeconds: n }) }).catch(
        () => undefined,
      ),
    );
    await Promise.race(writes);
    await killed(child);
    await Promise.all(writes);
    const meter = await startMeter({ stateFolder, serial: 'other' });
    const state = await stateOf(meter);
    expect(state['serial']).toBe('SN-PROCESS');
    expect(JSON.stringify(state['events'])).not.toContain('state-lost');
  });
});

describe('a damaged state file', () => {
  it('falls back to the one before it and keeps the damaged one', async () => {
    const stateFolder = await temporaryFolder();
    const first = await startMeter({ stateFolder });
    await control(first, '/lock', { revenueLock: 'locked' });
    await control(first, '/clock', { offsetSeconds: 5 });
    await first.stop();
    const path = join(stateFolder, 'state.json');
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, whole.length / 2));
    const second = await startMeter({ stateFolder, serial: 'other' });
    expect(await stateOf(second)).toMatchObject({ serial: 'SN-00001', revenueLock: 'locked' });
    expect(await readFile(join(stateFolder, 'state.damaged.json'), 'utf8')).toBe(whole.slice(0, whole.length / 2));
  });

  it('starts from its options when nothing is left, and says so', async () => {
    const stateFolder = await temporaryFolder();
    await writeFile(join(stateFolder, 'state.json'), '{"format":1');
    await writeFile(join(stateFolder, 'state.previous.json'), '[]');
    const state = await stateOf(await startMeter({ stateFolder }));
    expect(state).toMatchObject({ serial: 'SN-00001', firmware: '4.0.0' });
    expect(JSON.stringify(state['events'])).toContain('state-lost');
  });
});

it('keeps what it is over a restart, whatever the options say', async () => {
  const stateFolder = await temporaryFolder();
  const first = await startMeter({ stateFolder });
  await control(first, '/lock', { modbusProgramming: true });
  await first.stop();
  const second = await startMeter({
    stateFolder,
    name: 'other',
    firmware: firmwareVersion('4.6.0'),
    featureSet: 'essential',
  });
  expect(second.address).toEqual(first.address);
  expect(await stateOf(second)).toMatchObject({
    firmware: '4.0.0',
    featureSet: 'advanced',
    modbusProgramming: true,
    restarts: 2,
  });
});

it('makes a fleet of meters that all differ and all answer, and stops them', async () => {
  const stateFolder = await temporaryFolder();
  const fleet = await startSimulatedMeters({
    count: 12,
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'standard',
    stateFolder,
    seed: 1,
    applySeconds: 0.1,
  });
  onTestFinished(() => fleet.stop());
  expect(fleet.meters.map(({ address }) => address.name)).toEqual(
    Array.from({ length: 12 }, (_, n) => `SIM-${String(n + 1).padStart(5, '0')}`),
  );
  const ports = fleet.meters.flatMap(({ address }) => Object.values(address.ports));
  expect(new Set(ports).size).toBe(ports.length);
  const energies = new Set<string>();
  for (const { address } of fleet.meters) {
    const connection = await rawConnection(address.ports.modbus);
    const serial = (await readRegisters(connection, 117, 12)).toString('ascii').replace(/\0+$/, '');
    expect(serial).toBe(address.serial);
    energies.add((await readRegisters(connection, 3204, 4)).toString('hex'));
  }
  expect(energies.size).toBe(12);
  await fleet.stop();
  for (const { address } of fleet.meters) await expect(rawConnection(address.ports.modbus)).rejects.toThrow();
});

it('starts none of a fleet when a port of one is taken', async () => {
  const taken = await startMeter();
  const first = taken.address.ports.modbus - 1;
  const options = {
    count: 2,
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'standard',
    stateFolder: await temporaryFolder(),
    seed: 1,
    applySeconds: 0.1,
    ports: { modbus: first },
  } as const;
  await expect(startSimulatedMeters(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
}, 30_000);
