import { expect, it } from 'vitest';
import { bacnetMeter, confirmed, frame, station } from './station.ts';

/** Seed 7: MAC 006078170007, so Device 0x70007 = 458759. */
const DEVICE = '02070007';
const NAME = Buffer.from('ION7400-170007').toString('hex');

it('announces itself and answers Who-Is in its range, to the asker alone', async () => {
  const { port, registers } = await bacnetMeter();
  const asker = await station();
  // I-Am: device, maximum APDU 1476, no segmentation, vendor 10.
  const iAm = `810a001401001000c4${DEVICE}2205c49103210a`;
  expect(await asker.ask('810b000801001008', port)).toBe(iAm);
  expect(await asker.ask('810a000801001008', port)).toBe(iAm);
  // Behind a router, and to all networks: the answer goes back the same way.
  expect(await asker.ask(frame('0b', '0128 ffff00 0005 01 0a ff 1008'), port)).toBe(
    `810a001901200005010aff1000c4${DEVICE}2205c49103210a`,
  );
  expect(await asker.ask(frame('0b', '0100 1008 0b070007 1b070007'), port)).toBe(iAm);
  // A neighbour's number, a range that ends before it begins, half a range: then it is asked for itself, and that comes first.
  for (const silent of ['0b070006 1b070006', '0b070008 1b070007', '0b070007']) {
    asker.send(frame('0b', `0100 1008 ${silent}`), port);
  }
  expect(await registers.write('BACnet Device ID', 1234)).toBe('done');
  expect(await asker.ask(frame('0b', '0100 1008 0a04d2 1a04d2'), port)).toBe(
    '810a001401001000c4020004d22205c49103210a',
  );
  expect(asker.waiting).toEqual([]);
});

it('answers Who-Has by name and by identifier', async () => {
  const { port } = await bacnetMeter();
  const asker = await station();
  const text = `750f00${NAME}`;
  const name = `3d0f00${NAME}`;
  expect(await asker.ask(frame('0b', `0100 1007 ${name}`), port)).toBe(
    frame('0a', `01001001c4${DEVICE}c4${DEVICE}${text}`),
  );
  expect(await asker.ask(frame('0b', '0100 1007 2c00000001'), port)).toMatch(
    new RegExp(`^810a....01001001c4${DEVICE}c400000001750a00${Buffer.from('Current A').toString('hex')}$`),
  );
  asker.send(frame('0b', '0100 1007 2c000003e7'), port); // AI 999 is not there
  expect(await asker.ask(frame('0b', '0100 1007 2c00c00001'), port)).toContain('c400c00001');
});

it.each([
  ['Object_Identifier of the wildcard', '0c023fffff 194b', `30010c0c${DEVICE}194b3ec4${DEVICE}3f`],
  ['Vendor_Identifier', '0c023fffff 1978', `30010c0c${DEVICE}19783e210a3f`],
  ['Object_Name', '0c023fffff 194d', `30010c0c${DEVICE}194d3e750f00${NAME}3f`],
  ['Protocol_Revision', '0c023fffff 198b', `30010c0c${DEVICE}198b3e21103f`],
  // 41 bits: ReadProperty 12, Who-Has 33, Who-Is 34.
  ['Protocol_Services_Supported', '0c023fffff 1961', `30010c0c${DEVICE}19613e8507070008000060003f`],
  // 56 bits: Analog Input 0, Binary Input 3, Device 8.
  ['Protocol_Object_Types_Supported', '0c023fffff 1960', `30010c0c${DEVICE}19603e850800908000000000003f`],
  ['Segmentation_Supported', '0c023fffff 196b', `30010c0c${DEVICE}196b3e91033f`],
  ['Max_APDU_Length_Accepted', '0c023fffff 193e', `30010c0c${DEVICE}193e3e2205c43f`],
  ['Object_List [1]', '0c023fffff 194c 2901', `30010c0c${DEVICE}194c29013ec4${DEVICE}3f`],
  ['Device_Address_Binding, which is empty', '0c023fffff 191e', `30010c0c${DEVICE}191e3e3f`],
  ['Units of AI 1', '0c00000001 1975', '30010c0c0000000119753e91033f'],
  ['Object_List [999]: invalid array index', '0c023fffff 194c 2a03e7', '50010c9102912a'],
  ['Object_Name [0]: not an array', '0c023fffff 194d 2900', '50010c91029132'],
  ['property 9999 of the Device', '0c023fffff 1a270f', '50010c91029120'],
  ['AI 4000000', '0c003d0900 1955', '50010c9101911f'],
  ['another Device', '0c02000001 194d', '50010c9101911f'],
  ['no property: missing parameter', '0c023fffff', '600105'],
  ['the property in the wrong tag', '0c023fffff 294d', '600104'],
  ['an object identifier of three octets', '0b023fff 194d', '600103'],
  ['one parameter too many', '0c023fffff 194d 2901 3901', '600107'],
])('reads %s', async (_, request, answer) => {
  const { port } = await bacnetMeter();
  const asker = await station();
  const got = await asker.ask(confirmed(`0005010c${request}`), port);
  expect(got.slice(12)).toBe(answer);
});

it('rejects what it does not do and aborts what it cannot', async () => {
  const { port } = await bacnetMeter();
  const asker = await station();
  const ask = async (apdu: string): Promise<string> => (await asker.ask(confirmed(apdu), port)).slice(12);
  // WriteProperty, ReadPropertyMultiple, SubscribeCOV, DeviceCommunicationControl, ReinitializeDevice, one that does not exist.
  for (const service of ['0f', '0e', '05', '11', '14', '63']) expect(await ask(`0005 07 ${service} 0c`)).toBe('600709');
  // A segmented request.
  expect(await ask('0c75 08 00 04 0c 0c023fffff194b')).toBe('710804');
  // Object_List does not fit into 50 and 128 octets, into 480 it does.
  expect(await ask('0000 09 0c 0c023fffff194c')).toBe('710904');
  expect(await ask('0001 0a 0c 0c023fffff194c')).toBe('710a04');
  expect(await ask('0003 0b 0c 0c023fffff194c')).toMatch(/^300b0c/);
});

it('is silent to confirmed broadcasts, network messages, other networks and garbage, and denies being a BBMD', async () => {
  const { port } = await bacnetMeter();
  const asker = await station();
  const silent = [
    '810b0011 0104 0005010c 0c023fffff194b', // confirmed, broadcast
    '810a0011 0120 0007 00 ff 1008 00000000', // for network 7
    '810a0007 0180 00', // Who-Is-Router-To-Network
    '810a0009 02 00 1008 00', // version 2
    '810a0010 0100 1008', // shorter than it says
    '820a0008 0100 1008',
    '810a0008 0100 3008', // an answer to nothing
    '81',
    '810a0006 0100',
  ];
  for (const frame of silent) asker.send(frame, port);
  expect(await asker.ask('810500060078', port)).toBe('810000060030');
  expect(await asker.ask('81020004', port)).toBe('810000060020');
  expect(await asker.ask('81090008 0100 1008', port)).toBe('810000060060');
  expect(asker.waiting).toEqual([]);
});

it('has live values that move, with units', async () => {
  const { port } = await bacnetMeter();
  const asker = await station();
  const read = async (): Promise<number> => {
    const answer = Buffer.from(await asker.ask(confirmed('0005010c 0c00000001 1955'), port), 'hex');
    expect(answer.subarray(6, 18).toString('hex')).toBe('30010c0c0000000119553e44');
    return answer.readFloatBE(18);
  };
  const first = await read();
  expect(first).toBeGreaterThan(0);
  const giveUp = Date.now() + 8000;
  while ((await read()) === first) expect(Date.now()).toBeLessThan(giveUp);
});

it('reads many properties at once when it is told to, and says so', async () => {
  const { port } = await bacnetMeter({ bacnet: { readMultiple: true } });
  const asker = await station();
  const services = await asker.ask(confirmed('0005010c 0c023fffff 1961'), port);
  expect(services).toContain('850707000a00006000');
  const answer = await asker.ask(confirmed('0005020e 0c00000001 1e 0975 0955 1f 0c003d0900 1e 0955 1f'), port);
  expect(answer.slice(12)).toMatch(/^30020e0c000000011e29754e91034f29554e44.{8}4f1f0c003d09001e29555e9101911f5f1f$/);
  // ALL of the Device without Property_List, REQUIRED and OPTIONAL of AI 1.
  const all = await asker.ask(confirmed('0005030e 0c023fffff 1e 0908 1f'), port);
  expect(all).toContain('29784e210a4f');
  expect(all).not.toContain('2a01734e');
  const parts = await asker.ask(confirmed('0005040e 0c00000001 1e 0969 0950 1f'), port);
  expect(parts).toContain('294d4e');
  expect(parts).toContain('29674e91004f');
  expect((await asker.ask(confirmed('0005050e 0c023fffff 1e 0908'), port)).slice(12)).toBe('600505');
});
