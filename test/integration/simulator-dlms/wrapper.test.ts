import { expect, it } from 'vitest';
import { startMeter } from '../simulator/bench.ts';
import { hex, wrapperClient } from './client.ts';

it('answers a GET in the wrapper', async () => {
  const meter = await startMeter();
  const client = await wrapperClient(meter);
  expect(await client.get(1, '0-0:42.0.0*255', 2)).toBe(hex(Buffer.from('SIMSN-00001')));
  const list = await client.get(15, '0-0:40.0.0*255', 2);
  expect(Array.isArray(list)).toBe(true);
});
