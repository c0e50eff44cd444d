import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { control, startMeter, stateOf, temporaryFolder, until } from '../simulator/bench.ts';
import { registersOf } from '../simulator-settings/registers.ts';
import { startBbmd } from './bbmd.ts';
import { answers, bacnetMeter, confirmed, frame, station, untilAnswering } from './station.ts';

const WHO_IS = frame('0b', '01001008');
const LOOPBACK = 0x7f00_0001;

it('opens and closes its port with the setting, and keeps it over a restart', async () => {
  const stateFolder = await temporaryFolder();
  const { meter, registers, port } = await bacnetMeter({ stateFolder });
  await registers.write('BACnet Enable', 0);
  await until(
    () => answers(port),
    (open) => !open,
  );
  await registers.write('BACnet Enable', 1, 77);
  await untilAnswering(port);
  await meter.stop();
  const again = await startMeter({ stateFolder });
  expect(again.address.ports.bacnet).toBe(port);
  expect(await untilAnswering(port)).toContain('c40200004d');
});

it('has no BACnet before 4.6.0; the upgrade brings it, not enabled', async () => {
  const meter = await startMeter();
  const registers = await registersOf(meter);
  const { bacnet } = meter.address.ports;
  expect(bacnet).toBeGreaterThan(0);
  expect((await registers.words('BACnet Enable')).toString('hex')).toBe('8000');
  await control(meter, '/upgrade', { version: '4.6.0' });
  await until(
    () => stateOf(meter),
    ({ power, firmware }) => power === 'on' && firmware === '4.6.0',
  );
  const after = await registersOf(meter);
  expect(await after.read('BACnet Enable')).toBe(0);
  expect(await answers(bacnet)).toBe(false);
  await after.write('BACnet Enable', 1);
  await untilAnswering(bacnet);
});

it.runIf(process.platform === 'linux')(
  'says I-Am to everybody when it comes up and when its number changes',
  async () => {
    const meter = await startMeter({ firmware: firmwareVersion('4.6.0'), shipped: firmwareVersion('4.6.0') });
    const everybody = await station('127.255.255.255', meter.address.ports.bacnet);
    const registers = await registersOf(meter);
    await registers.write('BACnet Enable', 1);
    expect(await everybody.receive()).toBe('810b001401001000c4020700072205c49103210a');
    await registers.write('BACnet Device ID', 1234);
    expect(await everybody.receive()).toBe('810b001401001000c4020004d22205c49103210a');
  },
);

it('registers with its BBMD in Foreign mode, renews, and answers what is forwarded', async () => {
  const bbmd = await startBbmd();
  const { registers, port } = await bacnetMeter({ bacnet: { foreignSeconds: 2 } });
  expect(await registers.read('BACnet Foreign Device Status')).toBe(0);
  expect(await registers.write('BACnet Device Mode', 1, LOOPBACK, bbmd.port)).toBe('done');
  await until(
    () => registers.read('BACnet Foreign Device Status'),
    (status) => status === 2,
  );
  await until(
    async () => bbmd.registrations.length,
    (count) => count >= 3,
  );
  expect(new Set(bbmd.registrations.map((one) => `${one.port} ${one.seconds}`))).toEqual(new Set([`${port} 2`]));
  expect(bbmd.distributed).toEqual(['01001000c4020700072205c49103210a']);
  const asker = await station();
  bbmd.forward('01001008', asker.port);
  expect(await asker.receive()).toBe('810a001401001000c4020700072205c49103210a');

  await registers.write('BACnet Device Mode', 0);
  await until(
    () => registers.read('BACnet Foreign Device Status'),
    (status) => status === 0,
  );
});

it('says when the BBMD refuses, and tries again', async () => {
  const bbmd = await startBbmd();
  bbmd.refuse(true);
  const { registers } = await bacnetMeter();
  await registers.write('BACnet Device Mode', 1, LOOPBACK, bbmd.port);
  await until(
    () => registers.read('BACnet Foreign Device Status'),
    (status) => status === 3,
  );
  bbmd.refuse(false);
  await until(
    () => registers.read('BACnet Foreign Device Status'),
    (status) => status === 2,
  );
});

it('loses, delays and spoils datagrams on command, and refuses to be there', async () => {
  const { meter, port } = await bacnetMeter();
  const asker = await station();
  const drop = { kind: 'drop', protocol: 'bacnet', direction: 'in', atByte: 0, times: 2 };
  await control(meter, '/fault', drop);
  for (let count = 0; count < 3; count += 1) asker.send(WHO_IS, port);
  await asker.receive();
  expect(asker.waiting).toEqual([]);

  await control(meter, '/fault', { ...drop, kind: 'delay', direction: 'out', times: 1, milliseconds: 300 });
  const sent = Date.now();
  await asker.ask(WHO_IS, port);
  expect(Date.now() - sent).toBeGreaterThanOrEqual(280);

  await control(meter, '/fault', { ...drop, kind: 'garbage', direction: 'out', atByte: 6, length: 4, times: 1 });
  const spoiled = await asker.ask(WHO_IS, port);
  expect(spoiled).toMatch(/^810a00140100/);
  expect(spoiled).not.toContain('1000c402');

  await control(meter, '/fault', { kind: 'refuse', protocol: 'bacnet' });
  await until(
    () => answers(port),
    (open) => !open,
  );
  await control(meter, '/fault', { kind: 'clear' });
  await untilAnswering(port);

  await control(meter, '/fault', { ...drop, kind: 'power-loss', times: 1, seconds: 0.1 });
  asker.send(WHO_IS, port);
  await until(
    () => stateOf(meter),
    ({ restarts, power }) => restarts === 2 && power === 'on',
  );
  await untilAnswering(port);
});

it('outlives any datagram', async () => {
  const { port } = await bacnetMeter({ bacnet: { readMultiple: true } });
  const asker = await station();
  const witness = await station();
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('', '810a', '01040005010c', '01040005010e', '01001007', '01001008'),
      async (bytes, start) => {
        const hex = Buffer.from(bytes).toString('hex');
        asker.send(start.startsWith('01') ? frame('0a', start + hex) : start + hex, port);
        // It still answers, and what is sent does not pile up.
        expect(await witness.ask(confirmed('0005630c 0c023fffff 1978'), port)).toContain('3063');
      },
    ),
    { numRuns: 300 },
  );
});
