import { afterEach, describe, expect, it } from 'vitest';
import { openBacnet } from '../../../electron/protocols/bacnet/client.ts';
import type { BacnetAddress, BacnetClient, BacnetIncident } from '../../../electron/protocols/bacnet/types.ts';
import { framed, iAm, invokeIdOf, propertyAck, type ScriptedPeer, scriptedPeer } from './scripted-peer.ts';

const toClose: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of toClose.splice(0).reverse()) await one.close();
});

async function peer(...args: Parameters<typeof scriptedPeer>): Promise<ScriptedPeer> {
  const made = await scriptedPeer(...args);
  toClose.push(made);
  return made;
}

async function client(options: Partial<Parameters<typeof openBacnet>[0]> = {}): Promise<BacnetClient> {
  const opened = await openBacnet({
    bind: { address: '127.0.0.1', port: 0 },
    timeoutMs: 5000,
    retries: 0,
    ...options,
  });
  if (!opened.ok) throw new Error(opened.problem.because);
  toClose.push(opened.value);
  return opened.value;
}

const presentValue = { object: { type: 0, instance: 1 }, property: 85 };
/** 230.5, of Annex F style. */
const REAL_230_5 = '4443668000';

function code(result: { readonly ok: true } | { readonly ok: false; readonly problem: { readonly code: string } }) {
  return result.ok ? 'ok' : result.problem.code;
}

describe('ReadProperty', () => {
  it('sends the frame of the standard and gives the value', async () => {
    const meter = await peer((request) => [propertyAck(request, REAL_230_5)]);
    const reading = await (await client()).readProperty(meter, presentValue);
    expect(meter.heard).toEqual(['810a001101040005010c0c000000011955']);
    expect(reading).toEqual({ ok: true, value: [{ kind: 'real', value: 230.5 }] });
  });

  it('asks for element 0 of an array', async () => {
    const meter = await peer((request) => [propertyAck(request, '2103')]);
    const reference = { object: { type: 8, instance: 4_194_303 }, property: 76, arrayIndex: 0 };
    const reading = await (await client()).readProperty(meter, reference);
    expect(meter.heard).toEqual(['810a001301040005010c0c023fffff194c2900']);
    expect(reading).toEqual({ ok: true, value: [{ kind: 'unsigned', value: 3 }] });
  });

  it.each([
    ['50', '0c91029120', 'bacnet/error', 'class property, code unknown-property'],
    ['60', '09', 'bacnet/reject', 'unrecognized-service'],
    ['71', '04', 'bacnet/abort', 'segmentation-not-supported'],
  ])('tells %s apart', async (type, rest, expected, words) => {
    const meter = await peer((request) => [framed(`${type}${invokeIdOf(request)}${rest}`)]);
    const reading = await (await client()).readProperty(meter, presentValue);
    expect(code(reading)).toBe(expected);
    expect(reading.ok ? '' : reading.problem.because).toContain(words);
  });

  it.each([
    ['a segmented answer', (id: string) => `38${id}00010c0c000000011955 3e4443668000 3f`],
    ['another property', (id: string) => `30${id}0c0c0000000119563e${REAL_230_5}3f`],
    ['another object', (id: string) => `30${id}0c0c0000000219553e${REAL_230_5}3f`],
    ['a value without an end', (id: string) => `30${id}0c0c0000000119553e${REAL_230_5}`],
    ['an empty body', (id: string) => `30${id}0c`],
    ['a simple acknowledgement', (id: string) => `20${id}0c`],
  ])('does not take %s for the value', async (_, apdu) => {
    const meter = await peer((request) => [framed(apdu(invokeIdOf(request)).replaceAll(' ', ''))]);
    expect(code(await (await client()).readProperty(meter, presentValue))).toBe('bacnet/malformed');
  });

  it('repeats the same request, then gives up with the count of tries', async () => {
    const meter = await peer();
    const bacnet = await client({ timeoutMs: 50, retries: 2 });
    const reading = await bacnet.readProperty(meter, presentValue);
    expect(code(reading)).toBe('bacnet/timeout');
    await meter.heardAtLeast(3);
    expect(new Set(meter.heard).size).toBe(1);
    expect(bacnet.counters()).toMatchObject({ retries: 2, timeouts: 1, roundTrips: 0, sent: 3 });
  });

  it('takes an answer to a repetition', async () => {
    let asked = 0;
    const meter = await peer((request) => {
      asked += 1;
      return asked < 3 ? [] : [propertyAck(request, REAL_230_5)];
    });
    const bacnet = await client({ timeoutMs: 200, retries: 10 });
    expect(code(await bacnet.readProperty(meter, presentValue))).toBe('ok');
  });

  it('takes no answer from another address, with another id, of another service, by broadcast or by way of a BBMD', async () => {
    const forger = await peer();
    const meter = await peer(forged);
    function forged(request: string): readonly string[] {
      const ack = propertyAck(request, '4400000000');
      const id = invokeIdOf(request);
      const other = (Number.parseInt(id, 16) + 1).toString(16).padStart(2, '0');
      return [
        ack.replace(`30${id}`, `30${other}`),
        ack.replace(`30${id}0c`, `30${id}0e`),
        `810b${ack.slice(4)}`,
        `8104001d7f0000010001${ack.slice(8)}`,
        // The source is a device behind a router, which was not asked.
        `810a001b01080005 0107${ack.slice(12)}`.replaceAll(' ', ''),
      ];
    }
    const bacnet = await client();
    const reading = bacnet.readProperty(meter, presentValue);
    await meter.heardAtLeast(1);
    const request = meter.heard[0] ?? '';
    const home = { host: '127.0.0.1', port: bacnet.binding.port };
    await forger.send(propertyAck(request, '44ffffffff'), home);
    await expect.poll(() => bacnet.counters().strays, { timeout: 10_000 }).toBe(6);
    await meter.send(propertyAck(request, REAL_230_5), home);
    expect(await reading).toEqual({ ok: true, value: [{ kind: 'real', value: 230.5 }] });
  });

  it('asks one thing at a time of one device, and several devices at once', async () => {
    const meters = await Promise.all([peer(), peer()]);
    const bacnet = await client();
    const readings = meters.flatMap((meter) => [
      bacnet.readProperty(meter, presentValue),
      bacnet.readProperty(meter, presentValue),
    ]);
    await Promise.all(meters.map((meter) => meter.heardAtLeast(1)));
    expect(meters.map(({ heard }) => heard.length)).toEqual([1, 1]);
    for (const meter of meters) {
      const answer = (at: number) =>
        meter.send(propertyAck(meter.heard[at] ?? '', REAL_230_5), { host: '127.0.0.1', port: meter.lastFrom().port });
      await answer(0);
      await meter.heardAtLeast(2);
      await answer(1);
    }
    expect((await Promise.all(readings)).map(code)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(new Set(meters.flatMap(({ heard }) => heard)).size).toBe(4);
  });

  it('leaves the device alone after a stop until it has answered', async () => {
    const meter = await peer();
    const bacnet = await client();
    const stop = new AbortController();
    const stopped = bacnet.readProperty(meter, presentValue, stop.signal);
    await meter.heardAtLeast(1);
    const next = bacnet.readProperty(meter, presentValue);
    stop.abort();
    expect(code(await stopped)).toBe('aborted');
    expect(meter.heard.length).toBe(1);
    await meter.send(propertyAck(meter.heard[0] ?? '', '4400000000'), { host: '127.0.0.1', port: bacnet.binding.port });
    await meter.heardAtLeast(2);
    await meter.send(propertyAck(meter.heard[1] ?? '', REAL_230_5), { host: '127.0.0.1', port: bacnet.binding.port });
    expect(await next).toEqual({ ok: true, value: [{ kind: 'real', value: 230.5 }] });
  });

  it('talks to a device behind a router with its address there', async () => {
    const router = await peer((request) => [
      framed(`30${request.slice(26, 28)}0c${request.slice(30)}3e${REAL_230_5}3f`, '010800070105'),
    ]);
    const device: BacnetAddress = { ...address(router), routed: { network: 7, mac: '05' } };
    const reading = await (await client()).readProperty(device, presentValue);
    expect(router.heard).toEqual(['810a00160124000701 05ff0005010c0c000000011955'.replaceAll(' ', '')]);
    expect(code(reading)).toBe('ok');
  });

  it('ends what waits when it is closed, and everything after', async () => {
    const meter = await peer();
    const bacnet = await client();
    const waits = [bacnet.readProperty(meter, presentValue), bacnet.readProperty(meter, presentValue)];
    const search = bacnet.whoIs({ target: { kind: 'device', address: meter }, waitMs: 60_000 });
    await meter.heardAtLeast(2);
    await bacnet.close();
    expect((await Promise.all([...waits, search])).map(code)).toEqual(Array(3).fill('bacnet/closed'));
    expect(code(await bacnet.readProperty(meter, presentValue))).toBe('bacnet/closed');
  });

  it('survives datagrams that are nothing', async () => {
    const meter = await peer((request) => [
      '',
      '81',
      '810a0003',
      '810a0006ffff',
      'ff'.repeat(1700),
      propertyAck(request, REAL_230_5),
    ]);
    const incidents: BacnetIncident[] = [];
    const bacnet = await client();
    bacnet.watch((incident) => incidents.push(incident));
    expect(code(await bacnet.readProperty(meter, presentValue))).toBe('ok');
    expect(incidents.map(({ kind }) => kind)).toEqual(Array(5).fill('dropped'));
    expect(bacnet.counters().dropped).toBe(5);
  });

  it.each([
    [{ object: { type: 1024, instance: 0 }, property: 85 }],
    [{ object: { type: 0, instance: 4_194_304 }, property: 85 }],
    [{ object: { type: 0, instance: 0 }, property: -1 }],
    [{ object: { type: 0, instance: 0 }, property: 85, arrayIndex: 0.5 }],
  ])('does not send %j', async (reference) => {
    const meter = await peer();
    expect(code(await (await client()).readProperty(meter, reference))).toBe('bacnet/bad-request');
    expect(meter.heard).toEqual([]);
  });
});

function address({ host, port }: ScriptedPeer): { readonly host: string; readonly port: number } {
  return { host, port };
}

describe('Who-Is and Who-Has', () => {
  it('finds a device that answers by unicast', async () => {
    const meter = await peer(() => [framed(iAm(1234))]);
    const found = await (await client()).whoIs({
      low: 1234,
      high: 1234,
      target: { kind: 'device', address: address(meter) },
      waitMs: 20_000,
      enough: 1,
    });
    expect(meter.heard).toEqual(['810a000e01001008' + '0a04d21a04d2']);
    expect(found).toEqual({
      ok: true,
      value: [{ deviceId: 1234, address: address(meter), maxApdu: 1476, segmentation: 'none', vendorId: 10 }],
    });
  });

  it('broadcasts into the subnet of its adapter, to every network, with the header of a broadcast', async () => {
    const network = await peer(
      (_, { port, address: host }) => (host === '127.0.0.1' && port > 0 ? [framed(iAm(6022)), framed(iAm(6022))] : []),
      { address: '127.255.255.255', port: 0 },
    );
    const other = await peer(() => [framed(iAm(6023))], { address: '127.255.255.255', port: network.port });
    const found = await (await client()).whoIs({ target: { kind: 'broadcast', port: network.port }, waitMs: 500 });
    expect(network.heard).toEqual(['810b000c0120ffff00ff1008']);
    expect(other.heard).toEqual(network.heard);
    expect(found.ok ? found.value.map(({ deviceId }) => deviceId).sort() : found).toEqual([6022, 6023]);
  });

  it('hears a device that answers by broadcast, though it is bound to one address', async () => {
    const free = await peer();
    const { port } = free;
    await free.close();
    toClose.splice(toClose.indexOf(free), 1);
    const bacnet = await client({ bind: { address: '127.0.0.1', port } });
    expect(bacnet.binding).toEqual({ address: '127.0.0.1', port });
    const device = await peer();
    const search = bacnet.whoIs({ target: { kind: 'device', address: address(device) }, waitMs: 20_000, enough: 1 });
    await device.heardAtLeast(1);
    await device.send(framed(iAm(77), '0120ffff00ff', '0b'), { host: '127.255.255.255', port });
    const found = await search;
    expect(found.ok ? found.value.map(({ deviceId }) => deviceId) : found).toEqual([77]);
  });

  it('knows the originator of what a BBMD forwards and a router passes on', async () => {
    const bbmd = await peer(() => []);
    const found = await (await client()).whoIs({
      target: { kind: 'broadcast', port: bbmd.port },
      waitMs: 1,
    });
    expect(found.ok).toBe(true);
    const bacnet = await client();
    const incidents: BacnetIncident[] = [];
    bacnet.watch((incident) => incidents.push(incident));
    await bbmd.send(withLength(`810400000a00000fbac0010800050 5aabbccdd01${iAm(9)}`.replaceAll(' ', '')), {
      host: '127.0.0.1',
      port: bacnet.binding.port,
    });
    await expect.poll(() => incidents.length, { timeout: 10_000 }).toBe(1);
    expect(incidents[0]).toMatchObject({
      kind: 'i-am',
      iAm: {
        deviceId: 9,
        address: { host: '10.0.0.15', port: 47_808, routed: { network: 5, mac: 'aabbccdd01' } },
        via: address(bbmd),
      },
    });
  });

  it('gives what answered within the time, leaves out who was not asked for, and stops when told', async () => {
    const meter = await peer(() => [framed(iAm(5)), framed(iAm(50)), '810a000801001000']);
    const bacnet = await client();
    const target = { kind: 'device', address: address(meter) } as const;
    const found = await bacnet.whoIs({ low: 1, high: 10, target, waitMs: 300 });
    expect(found.ok ? found.value.map(({ deviceId }) => deviceId) : found).toEqual([5]);
    const stop = new AbortController();
    const stopped = bacnet.whoIs({ target, waitMs: 60_000, signal: stop.signal });
    stop.abort();
    expect(code(await stopped)).toBe('aborted');
  });

  it('asks who has an object, by name and by id', async () => {
    const meter = await peer(() => [framed('1001c402000005c4000000037506004f41544d50')]);
    const bacnet = await client();
    const target = { kind: 'device', address: address(meter) } as const;
    const named = await bacnet.whoHas({ what: { name: 'OATMP' }, target, waitMs: 20_000, enough: 1 });
    const byId = await bacnet.whoHas({ what: { object: { type: 0, instance: 3 } }, target, waitMs: 20_000, enough: 1 });
    expect(meter.heard).toEqual(['810a001001001007' + '3d06004f41544d50', '810a000d01001007' + '2c00000003']);
    const expected = [{ deviceId: 5, address: address(meter), object: { type: 0, instance: 3 }, name: 'OATMP' }];
    expect(named).toEqual({ ok: true, value: expected });
    expect(byId).toEqual({ ok: true, value: expected });
  });

  it('refuses limits that are none', async () => {
    const bacnet = await client();
    const target = { kind: 'broadcast' } as const;
    expect(code(await bacnet.whoIs({ low: 3, target, waitMs: 100 }))).toBe('bacnet/bad-request');
    expect(code(await bacnet.whoIs({ low: 3, high: 2, target, waitMs: 100 }))).toBe('bacnet/bad-request');
    expect(code(await bacnet.whoHas({ what: { name: '' }, target, waitMs: 100 }))).toBe('bacnet/bad-request');
    expect(code(await bacnet.whoIs({ target: { kind: 'foreign' }, waitMs: 100 }))).toBe('bacnet/not-registered');
  });
});

/** Puts the true length into the header. */
function withLength(hex: string): string {
  return hex.slice(0, 4) + (hex.length / 2).toString(16).padStart(4, '0') + hex.slice(8);
}

describe('binding', () => {
  it('says that a port is taken, uses another one, and still reads', async () => {
    const first = await client();
    const second = await client({ bind: { address: '127.0.0.1', port: first.binding.port } });
    expect(second.binding.port).not.toBe(first.binding.port);
    expect(second.binding.warning?.code).toBe('bacnet/port-taken');
    expect(second.binding.warning?.because).toContain('by broadcast are not heard');
    const meter = await peer((request) => [propertyAck(request, REAL_230_5)]);
    expect(code(await second.readProperty(meter, presentValue))).toBe('ok');
  });

  it('fails with an address that no adapter has', async () => {
    const opened = await openBacnet({ bind: { address: '192.0.2.1', port: 0 }, timeoutMs: 1000, retries: 0 });
    expect(code(opened)).toBe('bacnet/bind');
  });
});
