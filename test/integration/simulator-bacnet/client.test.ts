import { expect, it, onTestFinished } from 'vitest';
import { openBacnet } from '../../../electron/protocols/bacnet/client.ts';
import type { BacnetClient, PropertyReference } from '../../../electron/protocols/bacnet/types.ts';
import type { BacnetOptions } from '../../../simulator/types.ts';
import { until } from '../simulator/bench.ts';
import { startBbmd } from './bbmd.ts';
import { bacnetMeter } from './station.ts';

const DEVICE = { type: 8, instance: 0x70007 };

async function client(): Promise<BacnetClient> {
  const opened = await openBacnet({ bind: { address: '127.0.0.1', port: 0 }, timeoutMs: 8000, retries: 0 });
  if (!opened.ok) throw new Error(opened.problem.because);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

it.each<[string, BacnetOptions]>([
  ['one by one', {}],
  ['many at once', { readMultiple: true }],
  ['many at once in small parts', { readMultiple: true, maxApdu: 128 }],
])('gives its whole object list to the client of the product, %s', async (_, bacnet) => {
  const { port } = await bacnetMeter({ bacnet });
  const bac = await client();
  const meter = { host: '127.0.0.1', port };
  const found = await bac.whoIs({ target: { kind: 'device', address: meter }, waitMs: 8000, enough: 1 });
  expect(found.ok && found.value.map(({ deviceId, vendorId }) => [deviceId, vendorId])).toEqual([[0x70007, 10]]);
  const count = await bac.readProperty(meter, { object: DEVICE, property: 76, arrayIndex: 0 });
  const [length] = count.ok ? count.value : [];
  const size = length?.kind === 'unsigned' ? Number(length.value) : 0;
  expect(size).toBeGreaterThan(60);
  const list: PropertyReference[] = Array.from({ length: size }, (__, index) => ({
    object: DEVICE,
    property: 76,
    arrayIndex: index + 1,
  }));
  const ids = await bac.readMultiple(meter, list);
  if (!ids.ok) throw new Error(ids.problem.because);
  const objects = ids.value.flatMap(({ result }) => (result.ok ? result.value : []));
  const names = await bac.readMultiple(
    meter,
    objects.flatMap((id) => (id.kind === 'object-id' ? [{ object: id.object, property: 77 }] : [])),
  );
  if (!names.ok) throw new Error(names.problem.because);
  const texts = names.value.flatMap(({ result }) => (result.ok ? result.value : []));
  const spelled = texts.map((value) => (value.kind === 'string' ? value.text : ''));
  expect(spelled.length).toBe(size);
  expect(new Set(spelled).size).toBe(size);
  expect(spelled[0]).toBe('ION7400-170007');
});

it('is found through a BBMD by a client that is registered with it too', async () => {
  const bbmd = await startBbmd();
  const { registers, port } = await bacnetMeter();
  await registers.write('BACnet Device Mode', 1, 0x7f00_0001, bbmd.port);
  await until(
    () => registers.read('BACnet Foreign Device Status'),
    (status) => status === 2,
  );
  const bac = await client();
  const registered = await bac.registerForeignDevice({ host: '127.0.0.1', port: bbmd.port, ttlSeconds: 60 });
  expect(registered.ok).toBe(true);
  const found = await bac.whoIs({ target: { kind: 'foreign' }, waitMs: 8000, enough: 1 });
  expect(found.ok && found.value.map(({ deviceId, address }) => [deviceId, address.port])).toEqual([[0x70007, port]]);
});
