import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { control, rawConnection, startMeter, stateOf, temporaryFolder, until } from '../simulator/bench.ts';
import { collect, connectAgain, type Decoded, entries, getRequest, hex, wrapperClient } from './client.ts';

const NAME = getRequest(1, '0-0:42.0.0*255', 2);
const ROWS = getRequest(7, '1-0:99.2.0*255', 2, entries(2, 200));
const fast = { dlms: { blockLatencyMs: 0, loadCurveRows: 500 } };

const count = (value: Decoded): number => Number(value);

it('drops and spoils bytes on command', async () => {
  const meter = await startMeter(fast);
  const before = await wrapperClient(meter);
  const whole = hex(await collect(before.ask, ROWS));
  before.raw.close();
  // Header and AARE are 51 bytes; the drop is in the third block.
  await control(meter, '/fault', { kind: 'drop', protocol: 'dlms', direction: 'out', atByte: 51 + 2 * 1032 + 500 });
  const dropped = await connectAgain(() => wrapperClient(meter));
  await expect(collect(dropped.ask, ROWS)).rejects.toThrow('The connection ended');
  const after = await connectAgain(() => wrapperClient(meter));
  expect(hex(await collect(after.ask, ROWS))).toBe(whole);
  after.raw.close();
  await control(meter, '/fault', { kind: 'garbage', protocol: 'dlms', direction: 'in', atByte: 39, length: 9 });
  const spoiled = await connectAgain(() => wrapperClient(meter));
  await expect(spoiled.ask(NAME)).rejects.toThrow('The connection ended');
});

it('outlives any bytes, in either framing', async () => {
  const meter = await startMeter(fast);
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 })), async (hdlc, chunks) => {
      const { raw } = await connectAgain(() => wrapperClient(meter, 16, ''));
      raw.send(hdlc ? '7e' : '0001');
      for (const chunk of chunks) raw.send(chunk);
      raw.close();
    }),
    { numRuns: 60 },
  );
  const client = await connectAgain(() => wrapperClient(meter));
  expect(await client.get(1, '0-0:96.1.0*255', 2)).toBe('SN-00001');
});

it('refuses connections on command, and only on this port', async () => {
  const meter = await startMeter(fast);
  await control(meter, '/fault', { kind: 'refuse', protocol: 'dlms' });
  await until(
    () => rawConnection(meter.address.ports.dlms).then(() => 'open', String),
    (answer) => answer.includes('ECONNREFUSED'),
  );
  (await rawConnection(meter.address.ports.modbus)).close();
  await control(meter, '/fault', { kind: 'clear' });
  await connectAgain(() => wrapperClient(meter));
});

it('has no DLMS before firmware 2.1.0, and has it on the printed port after the upgrade', async () => {
  const meter = await startMeter({ ...fast, firmware: firmwareVersion('2.0.0'), shipped: firmwareVersion('2.0.0') });
  expect(meter.address.ports.dlms).toBeGreaterThan(0);
  await expect(rawConnection(meter.address.ports.dlms)).rejects.toThrow('ECONNREFUSED');
  await control(meter, '/upgrade', { version: '2.1.0' });
  await until(
    () => stateOf(meter),
    ({ power, firmware }) => power === 'on' && firmware === '2.1.0',
  );
  const client = await wrapperClient(meter);
  expect(await client.get(1, '1-0:0.2.0*255', 2)).toBe('002.001.000');
});

it('closes DLMS while an upgrade is applied and keeps its rows', async () => {
  const meter = await startMeter({ ...fast, applySeconds: 0.5 });
  const client = await wrapperClient(meter);
  const before = hex(await collect(client.ask, ROWS));
  await control(meter, '/upgrade', { version: '4.6.0' });
  await client.raw.ended();
  await expect(rawConnection(meter.address.ports.dlms)).rejects.toThrow('ECONNREFUSED');
  await until(
    () => stateOf(meter),
    ({ power }) => power === 'on',
  );
  const after = await wrapperClient(meter);
  expect(await after.get(1, '1-0:0.2.0*255', 2)).toBe('004.006.000');
  expect(hex(await collect(after.ask, ROWS))).toBe(before);
});

it('loses its rows by an upgrade when told so', async () => {
  const meter = await startMeter(fast);
  const client = await wrapperClient(meter);
  expect(count(await client.get(7, '1-0:99.1.0*255', 7))).toBe(3360);
  await control(meter, '/fault', { kind: 'logs-lost-by-upgrade' });
  await control(meter, '/upgrade', { version: '4.6.0' });
  await until(
    () => stateOf(meter),
    ({ power }) => power === 'on',
  );
  const after = await wrapperClient(meter);
  expect(count(await after.get(7, '1-0:99.1.0*255', 7))).toBeLessThanOrEqual(1);
  expect(count(await after.get(7, '0-0:99.98.0*255', 7))).toBeGreaterThan(1);
});

it('has the same rows and the same port after a restart of its process', async () => {
  const stateFolder = await temporaryFolder();
  const meter = await startMeter({ ...fast, stateFolder });
  const client = await wrapperClient(meter);
  const before = hex(await collect(client.ask, ROWS));
  await meter.stop();
  // What the meter was made with counts, not the options of the second start.
  const again = await startMeter({ dlms: { blockLatencyMs: 0, loadCurveRows: 9000 }, stateFolder, seed: 99 });
  expect(again.address.ports.dlms).toBe(meter.address.ports.dlms);
  const after = await wrapperClient(again);
  expect(hex(await collect(after.ask, ROWS))).toBe(before);
  expect(count(await after.get(7, '1-0:99.128.0*255', 7))).toBeLessThan(600);
});
