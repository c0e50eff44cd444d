import { expect, it } from 'vitest';
import { startMeter } from '../simulator/bench.ts';
import { AARQ, collect, connectAgain, decode, entries, getRequest, hex, wrapperClient } from './client.ts';
import { frameOf, hdlcClient } from './hdlc-client.ts';

const NAME = getRequest(1, '0-0:42.0.0*255', 2);
const NAME_ANSWER = `c401c100090b${hex(Buffer.from('SIMSN-00001'))}`;
const fast = { dlms: { blockLatencyMs: 0, loadCurveRows: 300 } };

it('sets a link up, says its limits, and takes it down', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter, false);
  client.send(0x53);
  expect((await client.receive()).control).toBe(0x1f);
  client.send(0x10, `e6e600${AARQ}`);
  expect((await client.receive()).control).toBe(0x1f);
  client.send(0x93, '8180140502080006020800070400000001080400000001');
  const { control, information } = await client.receive();
  expect([control, hex(information)]).toEqual([0x73, '818012050180060180070400000001080400000001']);
  const aare = await client.ask(AARQ);
  // The longest APDU is what one information field holds beside the LLC: 125.
  expect(hex(aare)).toBe('6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000301c007d0007');
  expect(hex(await client.ask(NAME))).toBe(NAME_ANSWER);
  client.send(0x53);
  expect((await client.receive()).control).toBe(0x73);
  client.send(0x53);
  expect((await client.receive()).control).toBe(0x1f);
});

it('ends the association with the link', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter);
  client.send(0x93);
  await client.receive();
  client.send(0x10, `e6e600${NAME}`);
  expect(hex((await client.receive()).information)).toBe('e6e700d80101');
});

it('takes less than 128 bytes when the client can take no more', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter, false);
  client.send(0x93, '818006050140060140');
  expect(hex((await client.receive()).information)).toBe('818012050140060140070400000001080400000001');
  const longest = async (): Promise<number> => {
    let most = 0;
    const ask = async (apdu: string): Promise<Buffer> => {
      const answer = await client.ask(apdu);
      most = Math.max(most, answer.length + 3);
      return answer;
    };
    await collect(ask, getRequest(7, '1-0:99.2.0*255', 2, entries(1, 5)));
    return most;
  };
  await client.ask(AARQ);
  expect(await longest()).toBe(64);
  client.send(0x93, '818006050120060120');
  expect((await client.receive()).control).toBe(0x1f);
});

it('reads a log in frames of 128 bytes, none of them segmented, equal to the wrapper', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter);
  const request = getRequest(7, '1-0:99.128.0*255', 2, entries(1, 200));
  const sizes: number[] = [];
  const value = await collect(client.ask, request, sizes);
  expect(decode(value)).toHaveLength(200);
  expect(new Set(sizes.slice(0, -1))).toEqual(new Set([115]));
  client.raw.close();
  const other = await connectAgain(() => wrapperClient(meter));
  expect(hex(await collect(other.ask, request))).toBe(hex(value));
});

it('repeats the answer that got lost, to the same request and to a poll', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter);
  // The AARQ was frame 0; this is frame 1.
  client.send(0x32, `e6e600${NAME}`);
  const first = await client.receive();
  client.send(0x32, `e6e600${NAME}`);
  expect(await client.receive()).toEqual(first);
  client.send(0x31);
  expect(await client.receive()).toEqual(first);
  client.send(0x51);
  expect((await client.receive()).control).toBe(0x51);
  // Out of sequence: it says which frame it wants.
  client.send(0x5a, `e6e600${NAME}`);
  expect((await client.receive()).control).toBe(0x51);
});

it('rejects segments, frames that are too long and commands it does not have', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter);
  client.raw.send(frameOf(0x32, `e6e600${NAME}`, undefined, 0xa8));
  expect(await client.receive()).toMatchObject({ control: 0x97, information: Buffer.from('322201', 'hex') });
  client.send(0x32, `e6e600${'c0'.repeat(126)}`);
  expect(await client.receive()).toMatchObject({ control: 0x97, information: Buffer.from('322204', 'hex') });
  client.send(0xbf);
  expect((await client.receive()).control).toBe(0x97);
});

it('is silent to other addresses, wrong check sequences, UI frames and noise', async () => {
  const meter = await startMeter(fast);
  const client = await hdlcClient(meter);
  const request = `e6e600${NAME}`;
  for (const address of ['00020005', '00040003', '0303', '03']) {
    client.send(0x32, request, address);
  }
  const broken = frameOf(0x32, request);
  broken[20] = (broken[20] ?? 0) ^ 1;
  client.raw.send(broken);
  client.send(0x13, request);
  client.raw.send(Buffer.alloc(3000, 0x55));
  client.send(0x32, request);
  expect(hex((await client.receive()).information)).toBe(`e6e700${NAME_ANSWER}`);
  // Unit 255 is the meter, too: the next thing that comes is its answer.
  client.raw.send(frameOf(0x51, '', '000202ff'));
  expect(hex(await client.raw.read(12))).toContain('000202ff');
});
