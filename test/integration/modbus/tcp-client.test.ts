import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectModbus } from '../../../electron/protocols/modbus/client.ts';
import { METER_STATE } from '../../../shared/domain/problem.ts';
import { answerWell, identificationBody, registerAt, type SeenRequest, until } from './scripted-server.ts';
import { codeOf, createBench, granted } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

describe('golden frames of the Modbus Application Protocol 1.1b3', () => {
  it('6.3: reads registers 108 to 110 as in the example', async () => {
    const server = await bench.serve((request) => request.reply('11 03 06 02 2b 00 00 00 64'));
    const client = await bench.connected(server.port, { unit: 0x11 });
    expect([...granted(await client.readHolding(0x6b, 3))]).toEqual([0x22b, 0, 0x64]);
    expect(server.seen[0]?.hex.slice(4)).toBe('000000061103006b0003');
  });

  it('6.12: writes 000A and 0102 to registers 2 and 3 as in the example', async () => {
    const server = await bench.serve((request) => request.reply('11 10 00 01 00 02'));
    const client = await bench.connected(server.port, { unit: 0x11 });
    expect(await client.writeHolding(1, [0x0a, 0x102])).toEqual({ ok: true, value: undefined });
    expect(server.seen[0]?.hex.slice(4)).toBe('0000000b11100001000204000a0102');
  });

  it('6.21: asks for one object with read code 04', async () => {
    const server = await bench.serve((request) =>
      request.reply(identificationBody(255, 0, Buffer.from('Company identification'))),
    );
    const client = await bench.connected(server.port);
    expect(await client.readIdentification(0)).toEqual({ ok: true, value: 'Company identification' });
    expect(server.seen[0]?.hex.slice(4)).toBe('00000005ff2b0e0400');
  });
});

describe('reading and writing', () => {
  it('gets 300 concurrent reads right, out of order, with at most 4 in flight', async () => {
    let waiting: SeenRequest[] = [];
    let most = 0;
    const server = await bench.serve((request) => {
      waiting.push(request);
      most = Math.max(most, waiting.length);
      // Answers the newest first, a little later, so that several wait at a time.
      setImmediate(() => {
        const answered = waiting;
        waiting = [];
        for (const one of answered.reverse()) answerWell(one);
      });
    });
    const client = await bench.connected(server.port);
    const all = Array.from({ length: 300 }, (_, index) => ({ address: index * 7, count: 1 + (index % 125) }));
    const answers = await Promise.all(all.map(({ address, count }) => client.readHolding(address, count)));
    answers.forEach((answer, index) => {
      const { address, count } = all[index] ?? { address: 0, count: 0 };
      expect([...granted(answer)]).toEqual(Array.from({ length: count }, (_, at) => registerAt(address + at)));
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(server.seen).toHaveLength(300);
    expect(server.open()).toBe(1);
  });

  it('never uses an id again while the old request may still be answered', async () => {
    const held: SeenRequest[] = [];
    const server = await bench.serve((request) => {
      if (request.address === 9999) held.push(request);
      else answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const stopped = new AbortController();
    const slow = client.readHolding(9999, 1, stopped.signal);
    await until(() => held.length === 1);
    stopped.abort();
    expect(codeOf(await slow)).toBe('aborted');
    for (let round = 0; round < 30; round += 1) {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => client.readHolding(round * 20 + index, 1).then(granted)),
      );
    }
    const [late] = held;
    expect(server.seen.filter(({ id }) => id === late?.id)).toHaveLength(1);
    // The late answer has a value that no register here has next to it; nobody may get it.
    late?.reply('ff 03 02 de ad');
    const after = await Promise.all(Array.from({ length: 8 }, (_, index) => client.readHolding(index, 1)));
    expect(after.map((answer) => granted(answer)[0])).toEqual(
      Array.from({ length: 8 }, (_, index) => registerAt(index)),
    );
    expect(server.seen.every(({ connection }) => connection === 0)).toBe(true);
  });

  it.each([
    ['count 0', 0, 0],
    ['126 registers', 0, 126],
    ['beyond the last register', 65_535, 2],
    ['a negative address', -1, 1],
    ['half a register', 0, 1.5],
    ['no number', Number.NaN, 1],
  ])('does not send %s', async (_, address, count) => {
    const server = await bench.serve(answerWell);
    const client = await bench.connected(server.port);
    expect(codeOf(await client.readHolding(address, count))).toBe('modbus/bad-request');
    expect(server.seen).toEqual([]);
  });

  it('does not send impossible writes and object ids', async () => {
    const server = await bench.serve(answerWell);
    const client = await bench.connected(server.port);
    for (const values of [[], new Array<number>(124).fill(0), [65_536], [-1], [0.5]]) {
      expect(codeOf(await client.writeHolding(0, values))).toBe('modbus/bad-request');
    }
    for (const id of [-1, 256, 0.5]) expect(codeOf(await client.readIdentification(id))).toBe('modbus/bad-request');
    expect(server.seen).toEqual([]);
    expect(granted(await client.readHolding(65_535, 1))).toHaveLength(1);
    expect(await client.writeHolding(0, new Array<number>(123).fill(65_535))).toMatchObject({ ok: true });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])(
    'turns exception %i into a problem with its facts',
    async (exception) => {
      const server = await bench.serve((request) => request.reply(Buffer.from([255, request.fc | 0x80, exception])));
      const client = await bench.connected(server.port);
      const read = await client.readHolding(1000, 10);
      expect(read).toMatchObject({
        ok: false,
        problem: {
          code: `modbus/exception-${exception}`,
          meterState: METER_STATE.untouched,
          details: { function: 3, address: 1000, count: 10, unit: 255, exception },
        },
      });
      if (!read.ok) expect(read.problem.nextStep.length).toBeGreaterThan(20);
      expect(codeOf(await client.writeHolding(1, [1]))).toBe(`modbus/exception-${exception}`);
      expect(codeOf(await client.readIdentification(1))).toBe(`modbus/exception-${exception}`);
    },
  );

  it('says that a refused write changed nothing, and that the meaning of an unanswered one is open', async () => {
    const server = await bench.serve((request) => {
      if (request.address === 1) request.reply('ff 90 03');
    });
    const client = await bench.connected(server.port, { timeoutMs: 150 });
    expect(await client.writeHolding(1, [1])).toMatchObject({ problem: { meterState: METER_STATE.untouched } });
    expect(await client.writeHolding(2, [1])).toMatchObject({
      problem: {
        code: 'modbus/write-unanswered',
        meterState: METER_STATE.unknown,
        details: { function: 16, address: 2 },
      },
    });
  });

  it('reads UTF-8 text of the longest object there can be', async () => {
    const long = 'ä'.repeat(121);
    const server = await bench.serve((request) => request.reply(identificationBody(255, 6, Buffer.from(long))));
    const client = await bench.connected(server.port);
    expect(await client.readIdentification(6)).toEqual({ ok: true, value: long });
  });
});

describe('connecting', () => {
  it('says refused where nothing listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const result = await connectModbus({ kind: 'tcp', host: '127.0.0.1', port, unit: 255 }, { timeoutMs: 1000 });
    expect(codeOf(result)).toBe('modbus/refused');
  });

  it('says unreachable for a name that does not exist', async () => {
    const result = await connectModbus(
      { kind: 'tcp', host: 'meter.invalid', port: 502, unit: 255 },
      { timeoutMs: 5000 },
    );
    expect(codeOf(result)).toBe('modbus/unreachable');
  });

  it('does not connect when stopped before', async () => {
    const server = await bench.serve(answerWell);
    const stopped = new AbortController();
    stopped.abort();
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: server.port, unit: 255 } as const;
    expect(codeOf(await connectModbus(endpoint, { timeoutMs: 1000, signal: stopped.signal }))).toBe('aborted');
    await until(() => server.open() === 0);
  });

  it('stops while connecting, and leaves no socket behind', async () => {
    const server = await bench.serve(answerWell);
    const stopped = new AbortController();
    const endpoint = { kind: 'tcp', host: 'localhost', port: server.port, unit: 255 } as const;
    const connecting = connectModbus(endpoint, { timeoutMs: 1000, signal: stopped.signal });
    // The name is still being looked up.
    setImmediate(() => stopped.abort());
    const result = await connecting;
    if (result.ok) await result.value.close();
    expect(['aborted', 'ok']).toContain(codeOf(result));
    await until(() => server.open() === 0);
  });

  it.each([
    [{ unit: 0 }, 1000],
    [{ unit: 248 }, 1000],
    [{ unit: 256 }, 1000],
    [{ port: 0 }, 1000],
    [{ port: 65_536 }, 1000],
    [{ host: '' }, 1000],
    [{}, 99],
    [{}, 60_001],
    [{}, Number.NaN],
  ])('refuses %o with %i ms', async (wrong, timeoutMs) => {
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port: 502, unit: 255, ...wrong } as const;
    expect(codeOf(await connectModbus(endpoint, { timeoutMs }))).toBe('modbus/bad-request');
  });

  it('names the endpoint', async () => {
    const server = await bench.serve(answerWell);
    expect((await bench.connected(server.port)).endpoint).toBe(`127.0.0.1:${server.port} unit 255`);
  });
});
