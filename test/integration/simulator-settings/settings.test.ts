import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { SimulatedMeterOptions } from '../../../simulator/types.ts';
import {
  control,
  modbus,
  rawConnection,
  readRegisters,
  startMeter,
  stateOf,
  temporaryFolder,
  until,
} from '../simulator/bench.ts';
import { type Registers, registersOf, rowNamed } from './registers.ts';

const NEWEST = { firmware: firmwareVersion('4.6.0'), shipped: firmwareVersion('4.6.0') };
const BBMD = 0x7f00_0001;

async function newest(change: Partial<SimulatedMeterOptions> = {}): Promise<Registers> {
  return registersOf(await startMeter({ ...NEWEST, ...change }));
}

it('has the factory settings that the documents give', async () => {
  const { read } = await newest();
  expect(await read('MAC Address')).toBe('006078170007');
  expect(await read('BACnet Enable')).toBe(0);
  expect(await read('BACnet Device ID')).toBe(0x70007);
  expect(await read('BACnet Device Mode')).toBe(0);
  expect(await read('BACnet BBMD Address')).toBe(0);
  expect(await read('BACnet BBMD Port')).toBe(47_808);
  expect(await read('Ethernet Device Name')).toBe('ION7400-170007');
  expect(await read('Password Complexity')).toBe(0);
  expect(await read('USER1 State')).toBe(3);
  expect(await read('DR1 Depth')).toBe(3360);
  expect(await read('DR1 Source Count')).toBe(4);
  expect(await read('DR2 Source Count')).toBe(16);
  expect(await read('DR5 Label')).toBe('Load Curve');
  expect(await read('DR64 Depth')).toBe(0);
  expect(await read('Data Source 101')).toBe('Vll ab mean');
});

it.each<[string, readonly (number | string)[], string]>([
  ['BACnet Enable', [2], 'exception 3'],
  ['BACnet Device ID', [4_194_302], 'done'],
  ['BACnet Device ID', [4_194_303], 'exception 3'],
  ['BACnet Device Mode', [1], 'exception 3'], // without a BBMD
  ['BACnet Device Mode', [1, BBMD], 'done'],
  ['BACnet Device Mode', [2, BBMD], 'exception 3'],
  ['BACnet BBMD Port', [0], 'exception 3'],
  ['BACnet Foreign Device Status', [1], 'exception 3'], // read only
  ['Ethernet Device Name', ['x'.repeat(49)], 'done'],
  ['Ethernet Device Name', ['x'.repeat(50)], 'exception 3'],
  ['Ethernet Device Name', [''], 'exception 3'],
  ['Ethernet Device Name', ['a\nb'], 'exception 3'],
  ['Password Complexity', [1], 'exception 3'], // the minimum is 1
  ['Password Complexity', [2, 6], 'done'],
  ['Password Complexity', [2, 5], 'exception 3'],
  ['Password Complexity', [3, 8], 'exception 3'],
  ['Password Complexity', [0, 5], 'done'],
  ['Password Minimum Length', [0], 'exception 3'],
  ['Password Minimum Length', [16], 'done'],
  ['Password Minimum Length', [17], 'exception 3'],
  ['Protocol Lockout Attempts', [0, 43_200], 'done'],
  ['Protocol Lockout Attempts', [256], 'exception 3'],
  ['Protocol Lockout Duration', [0], 'exception 3'],
  ['USER2 Rights', [1 | 8 | 32], 'done'],
  ['USER2 Rights', [8], 'exception 3'], // needs Read
  ['USER2 Rights', [1 | 32], 'exception 3'], // Security Config needs Full Meter Config
  ['USER2 Rights', [128], 'exception 3'],
  ['USER1 Rights', Array.from({ length: 50 }, () => 1), 'exception 3'], // somebody has to keep Full Meter Config
  ['Modbus TCP Port', [0], 'exception 3'],
  ['IP Address', [1], 'exception 3'],
])('writes %s %j: %s', async (first, values, outcome) => {
  const { read, write } = await newest();
  const before = await read(first);
  expect(await write(first, ...values)).toBe(outcome);
  if (values.length <= 2) expect(await read(first)).toBe(outcome === 'done' ? values[0] : before);
});

it('refuses writes while Modbus programming is off, split values, and says nothing to unmapped ones', async () => {
  const meter = await startMeter(NEWEST);
  const { write, connection } = await registersOf(meter, false);
  expect(await write('BACnet Enable', 1)).toBe('exception 2');
  await control(meter, '/programming', { on: true });
  expect(await write('BACnet Enable', 1)).toBe('done');
  const half = Buffer.from('10ee8c0001020001', 'hex');
  half.writeUInt16BE(rowNamed('BACnet Device ID').register - 1, 1);
  expect((await modbus(connection, half))?.toString('hex')).toBe('9003');
  half.writeUInt16BE(61_140 - 1, 1);
  expect(await modbus(connection, half, 255, 200)).toBeUndefined();
});

it('keeps settings over a restart and an upgrade, and its state shows them without secrets', async () => {
  const stateFolder = await temporaryFolder();
  const meter = await startMeter({ stateFolder, firmware: firmwareVersion('4.5.0') });
  const before = await registersOf(meter);
  await before.write('DR7 Interval', 60, 1000, 100, 0, 0, 1, 1, 101, 102);
  await before.write('USER3 New Password', 'Secret!word9');
  await before.write('Protocol Lockout Attempts', 3, 60);
  await control(meter, '/upgrade', { version: '4.6.0' });
  await until(
    () => stateOf(meter),
    ({ power, firmware }) => power === 'on' && firmware === '4.6.0',
  );
  await (await registersOf(meter)).write('Password Complexity', 2, 8);
  await meter.stop();
  const again = await startMeter({ stateFolder });
  const { read } = await registersOf(again);
  expect(await read('DR7 Depth')).toBe(1000);
  expect(await read('DR7 Source 2')).toBe(102);
  expect(await read('DR7 Record Mode')).toBe(1);
  expect(await read('USER3 State')).toBe(1);
  expect(await read('Protocol Lockout Duration')).toBe(60);
  expect(await read('Password Minimum Length')).toBe(8);
  const state = await stateOf(again);
  expect(state['settings']).toMatchObject({ security: { complexity: 2, minimumLength: 8 } });
  expect(JSON.stringify(state)).not.toContain('Secret!word9');
  expect(JSON.stringify(state)).not.toContain('"hash"');
  expect(JSON.stringify(state['events'])).toContain('The password of USER3 was changed over Modbus.');
});

it('holds new passwords to the policy and existing ones not, and never gives one back', async () => {
  const { read, words, write } = await newest();
  await write('Password Complexity', 2, 8);
  expect(await read('USER1 State')).toBe(3); // "0" is still good
  for (const [password, code] of [
    ['Abc1', 2],
    ['abcdefg1', 5],
    ['Ab 1!xyz', 4],
    ['\u00c4b1!wxyz', 4],
    ['Abcdef12', 1],
  ] as const) {
    expect(await write('USER9 New Password', password), password).toBe(code === 1 ? 'done' : 'exception 3');
    expect(await read('Password Change Result')).toBe(code);
    expect(await read('Password Change User')).toBe(9);
  }
  expect(await read('USER9 State')).toBe(1);
  expect((await words('USER9 New Password')).toString('hex')).toBe('8000'.repeat(8));
  await write('Password Complexity', 1, 6);
  expect(await write('USER9 New Password', 'Abcdef12')).toBe('exception 3');
  expect(await write('USER9 New Password', 'Abcd1!')).toBe('done');
});

it('takes six characters before 4.0.0 and no policy before 4.6.0', async () => {
  const old = firmwareVersion('3.1.0');
  const { words, write, connection } = await newest({ firmware: old, shipped: old });
  expect(await write('USER1 New Password', 'sevenxx')).toBe('exception 3');
  expect(await write('USER1 New Password', 'sixxxx')).toBe('done');
  expect((await words('Password Complexity')).toString('hex')).toBe('8000');
  const policy = Buffer.from('10ee8c0001020001', 'hex');
  policy.writeUInt16BE(rowNamed('Password Complexity').register - 1, 1);
  expect(await modbus(connection, policy, 255, 200)).toBeUndefined();
});

it('moves its Modbus port and leaves connections alone', async () => {
  const stateFolder = await temporaryFolder();
  const meter = await startMeter({ ...NEWEST, stateFolder });
  const { connection, write, read } = await registersOf(meter);
  const old = meter.address.ports.modbus;
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  const wanted = typeof address === 'object' && address !== null ? address.port : 0;

  // Somebody else has the port: the meter stays.
  expect(await write('Modbus TCP Port', wanted)).toBe('done');
  await until(
    () => stateOf(meter),
    ({ events }) => JSON.stringify(events).includes('setup-failed'),
  );
  expect(await read('Modbus TCP Port')).toBe(old);
  (await until(() => rawConnection(old).catch(() => undefined), Boolean))?.close();

  await new Promise((resolve) => probe.close(resolve));
  expect(await write('Modbus TCP Port', wanted)).toBe('done');
  const moved = await until(() => rawConnection(wanted).catch(() => undefined), Boolean);
  if (moved === undefined) throw new Error('The port is not open');
  expect((await readRegisters(moved, rowNamed('Modbus TCP Port').register, 1)).readUInt16BE()).toBe(wanted);
  await expect(rawConnection(old)).rejects.toThrow('ECONNREFUSED');
  expect((await readRegisters(connection, 30, 20)).length).toBe(40);
  moved.close();
  await meter.stop();
  const again = await startMeter({ ...NEWEST, stateFolder });
  expect(again.address.ports.modbus).toBe(wanted);
  onTestFinished(() => again.stop());
});
