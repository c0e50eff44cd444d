import { afterEach, describe, expect, it, vi } from 'vitest';
import { METER_STATE } from '../../../shared/domain/problem.ts';
import { answerWell, mbap, readBody, registerAt, type SeenRequest, until } from './scripted-server.ts';
import { codeOf, createBench, granted } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

/** What is answered to the bad request 5000; everything else is answered well. */
function badAt5000(answer: (request: SeenRequest) => void): (request: SeenRequest) => void {
  return (request) => (request.address === 5000 || request.fc === 43 ? answer(request) : answerWell(request));
}

describe('an answer that is framed well and wrong inside', () => {
  it.each([
    ['another unit', 'fe 03 04 00 01 00 02'],
    ['another function code', 'ff 04 04 00 01 00 02'],
    ['a byte count too small', 'ff 03 02 00 01'],
    ['a byte count too large', 'ff 03 06 00 01 00 02 00 03'],
    ['a byte count of 255', 'ff 03 ff 00 01 00 02'],
    ['data behind the announced bytes', 'ff 03 04 00 01 00 02 00 03'],
    ['missing data', 'ff 03 04 00 01'],
    ['exception 0', 'ff 83 00'],
    ['exception 200', 'ff 83 c8'],
    ['an exception of another function', 'ff 90 02'],
    ['the confirmation of a write', 'ff 10 13 88 00 02'],
  ])('%s fails this request and no other, and the connection stays', async (_, body) => {
    const server = await bench.serve(badAt5000((request) => request.reply(body)));
    const client = await bench.connected(server.port);
    const [before, bad, after] = await Promise.all([
      client.readHolding(1, 2),
      client.readHolding(5000, 2),
      client.readHolding(2, 2),
    ]);
    expect(codeOf(bad)).toBe('modbus/malformed');
    expect([granted(before)[0], granted(after)[0]]).toEqual([registerAt(1), registerAt(2)]);
    granted(await client.readHolding(3, 2));
    expect(server.seen.every(({ connection }) => connection === 0)).toBe(true);
  });

  it.each([
    ['garbage', 'ff 2b de ad be ef'],
    ['only a header', 'ff 2b 0e 04 82 00 00'],
    ['a truncated object', 'ff 2b 0e 04 82 00 00 01 05 10 41 42'],
    ['an object without a length', 'ff 2b 0e 04 82 00 00 01 05'],
    ['another object', 'ff 2b 0e 04 82 00 00 01 06 01 41'],
    ['all objects at once', 'ff 2b 0e 04 82 00 00 02 05 01 41 06 01 42'],
    ['more follows without any object', 'ff 2b 0e 04 82 ff 05 00'],
  ])('identification: %s is malformed', async (_, body) => {
    const server = await bench.serve(badAt5000((request) => request.reply(body)));
    const client = await bench.connected(server.port);
    expect(codeOf(await client.readIdentification(5))).toBe('modbus/malformed');
    granted(await client.readHolding(3, 2));
    expect(server.open()).toBe(1);
  });

  it('identification: endless "more follows" is asked for once', async () => {
    const server = await bench.serve((request) => request.reply('ff 2b 0e 04 82 ff 05 01 05 01 41'));
    const client = await bench.connected(server.port);
    expect(await client.readIdentification(5)).toEqual({ ok: true, value: 'A' });
    granted(await client.readIdentification(5));
    expect(server.seen).toHaveLength(2);
  });

  it('a write whose confirmation is wrong is malformed, and its effect is not known', async () => {
    const server = await bench.serve((request) => request.reply('ff 10 00 01 00 01'));
    const client = await bench.connected(server.port);
    expect(await client.writeHolding(1, [1, 2])).toMatchObject({
      problem: { code: 'modbus/malformed', meterState: METER_STATE.unknown },
    });
  });
});

describe('a stream that cannot be trusted', () => {
  it.each([
    ['length 0xFFFF', Buffer.from('00010000ffffff03', 'hex')],
    ['length 0', Buffer.from('000100000000', 'hex')],
    ['length 255', Buffer.from('0001000000ff', 'hex')],
    ['another protocol id', Buffer.from('000100010007ff030400010002', 'hex')],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['an SSH banner', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['64 kB of noise', Buffer.alloc(65_536, 0xa5)],
  ])('%s ends what is pending at once; the next request has a new connection', async (_, bytes) => {
    const server = await bench.serve((request) => {
      if (request.connection === 0) request.socket.write(bytes);
      else answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const first = await Promise.all([client.readHolding(1, 2), client.readHolding(2, 2), client.readIdentification(0)]);
    expect(first.map(codeOf)).toEqual(['modbus/malformed', 'modbus/malformed', 'modbus/malformed']);
    expect(granted(await client.readHolding(7, 1))[0]).toBe(registerAt(7));
    await until(() => server.open() === 1);
  });

  it('answers with an unknown transaction id are nobody’s; the right one still counts', async () => {
    const server = await bench.serve((request) => {
      for (let id = 1; id <= 20; id += 1) request.socket.write(mbap((request.id + id) & 0xffff, 'ff 03 02 de ad'));
      request.reply(readBody(255, request.address, request.count));
      request.reply('ff 03 02 de ad');
    });
    const client = await bench.connected(server.port);
    expect(granted(await client.readHolding(7, 1))[0]).toBe(registerAt(7));
    expect(granted(await client.readHolding(8, 1))[0]).toBe(registerAt(8));
  });

  it('a flood of answers that nobody asked for ends the connection', async () => {
    const server = await bench.serve((request) => {
      for (let turn = 0; turn < 200; turn += 1) request.socket.write(mbap(request.id ^ 0x8000, 'ff 03 02 de ad'));
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    expect(codeOf(await client.readHolding(7, 1))).toBe('modbus/malformed');
    await until(() => server.open() === 0);
  });

  it('answers that arrive byte by byte are put together', async () => {
    const server = await bench.serve((request) => {
      const frame = mbap(request.id, readBody(255, request.address, request.count));
      let at = 0;
      const next = (): void => {
        if (at === frame.length) return;
        request.socket.write(frame.subarray(at, at + 1));
        at += 1;
        setImmediate(next);
      };
      next();
    });
    const client = await bench.connected(server.port);
    expect(granted(await client.readHolding(7, 20))).toEqual(
      Uint16Array.from({ length: 20 }, (_, i) => registerAt(7 + i)),
    );
  });

  it('never lets anything escape as an uncaught exception', async () => {
    const escaped = vi.fn();
    process.on('uncaughtException', escaped);
    process.on('unhandledRejection', escaped);
    bench.later(() => {
      process.off('uncaughtException', escaped);
      process.off('unhandledRejection', escaped);
    });
    let state = 12_345;
    const random = (): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      return state >> 8;
    };
    const server = await bench.serve((request) => {
      const body = Buffer.from(Array.from({ length: random() % 40 }, () => random() & 255));
      const choice = random() % 5;
      if (choice === 0) request.reply(Buffer.concat([Buffer.from([255, request.fc]), body]));
      else if (choice === 1) request.reply(Buffer.concat([Buffer.from([255, request.fc | 0x80]), body]));
      else if (choice === 2) request.socket.write(body);
      else if (choice === 3) request.socket.resetAndDestroy();
      else answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 100 });
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        if (index % 3 === 0) return client.readIdentification(index);
        return index % 3 === 1 ? client.readHolding(index, 3) : client.writeHolding(index, [1]);
      }),
    );
    expect(results).toHaveLength(200);
    expect(escaped).not.toHaveBeenCalled();
  });
});

describe('time-outs and lost connections', () => {
  it('a time-out throws the connection away, ends what shared it, and a late answer reaches nobody', async () => {
    const held: SeenRequest[] = [];
    const server = await bench.serve((request) => {
      if (request.connection === 0) held.push(request);
      else answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 150 });
    const results = await Promise.all([1, 2, 3].map((address) => client.readHolding(address, 1)));
    expect(results.map(codeOf)).toEqual(['modbus/timeout', 'modbus/closed', 'modbus/closed']);
    for (const request of held) request.socket.write(mbap(request.id, 'ff 03 02 de ad'));
    expect(granted(await client.readHolding(4, 1))[0]).toBe(registerAt(4));
    expect(server.seen.at(-1)?.connection).toBe(1);
    await until(() => server.open() === 1);
  });

  it('what waited behind a time-out goes out on the new connection', async () => {
    const server = await bench.serve((request) => {
      if (request.connection > 0) answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 150 });
    const results = await Promise.all(Array.from({ length: 10 }, (_, address) => client.readHolding(address, 1)));
    expect(results.map(codeOf)).toEqual([
      'modbus/timeout',
      ...new Array<string>(3).fill('modbus/closed'),
      ...new Array<string>(6).fill('ok'),
    ]);
  });

  it.each(['end', 'resetAndDestroy'] as const)('%s by the meter ends pending requests at once', async (how) => {
    const server = await bench.serve((request) => {
      if (request.connection === 0) request.socket[how]();
      else answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const started = performance.now();
    const results = await Promise.all([client.readHolding(1, 1), client.writeHolding(2, [3])]);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(results[0]).toMatchObject({ problem: { code: 'modbus/closed', meterState: METER_STATE.untouched } });
    expect(results[1]).toMatchObject({ problem: { code: 'modbus/closed', meterState: METER_STATE.unknown } });
    expect(granted(await client.readHolding(7, 1))[0]).toBe(registerAt(7));
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    '%s while nothing is asked is healed by the next request',
    async (how) => {
      const server = await bench.serve(answerWell, (socket, connection) => {
        if (connection === 0) setTimeout(() => socket[how](), 20);
      });
      const client = await bench.connected(server.port);
      await until(() => server.open() === 1);
      await until(() => server.open() === 0);
      await new Promise((resolve) => setImmediate(resolve));
      expect(granted(await client.readHolding(7, 1))[0]).toBe(registerAt(7));
    },
  );

  it('when the meter is gone, everything that waits ends with refused, once', async () => {
    const server = await bench.serve(() => undefined);
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const pending = Array.from({ length: 50 }, (_, address) => client.readHolding(address, 1));
    await until(() => server.seen.length === 4);
    await server.close();
    expect((await Promise.all(pending)).map(codeOf)).toEqual([
      ...new Array<string>(4).fill('modbus/closed'),
      ...new Array<string>(46).fill('modbus/refused'),
    ]);
    expect(codeOf(await client.readHolding(1, 1))).toBe('modbus/refused');
  });
});

describe('stopping and closing', () => {
  it('stops a request in every phase', async () => {
    const server = await bench.serve((request) => {
      if (request.address < 100) return;
      answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const before = new AbortController();
    before.abort();
    expect(codeOf(await client.readHolding(1, 1, before.signal))).toBe('aborted');
    expect(server.seen).toEqual([]);

    const flying = new AbortController();
    const inFlight = [1, 2, 3].map((address) => client.readHolding(address, 1, flying.signal));
    const written = client.writeHolding(4, [1], flying.signal);
    await until(() => server.seen.length === 4);
    const queued = new AbortController();
    const waiting = client.writeHolding(5, [1], queued.signal);
    queued.abort();
    expect(await waiting).toMatchObject({ problem: { code: 'aborted', meterState: METER_STATE.untouched } });
    flying.abort();
    expect((await Promise.all(inFlight)).map(codeOf)).toEqual(['aborted', 'aborted', 'aborted']);
    expect(await written).toMatchObject({ problem: { code: 'aborted', meterState: METER_STATE.unknown } });

    // The four places are free again when the answers have come.
    for (const request of server.seen) answerWell(request);
    expect(granted(await client.readHolding(100, 1))[0]).toBe(registerAt(100));
    expect(server.seen).toHaveLength(5);
  });

  it('stops while it reconnects', async () => {
    const server = await bench.serve((request) => request.socket.resetAndDestroy());
    const client = await bench.connected(server.port);
    expect(codeOf(await client.readHolding(1, 1))).toBe('modbus/closed');
    const stopped = new AbortController();
    const asked = client.readHolding(2, 1, stopped.signal);
    stopped.abort();
    expect(codeOf(await asked)).toBe('aborted');
  });

  it('close ends what waits and what flies, twice is fine, and nothing is left', async () => {
    const server = await bench.serve(() => undefined);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const timersBefore = timers();
    const client = await bench.connected(server.port, { timeoutMs: 60_000 });
    const pending = Array.from({ length: 20 }, (_, address) =>
      address % 2 === 0 ? client.readHolding(address, 1) : client.writeHolding(address, [1]),
    );
    await until(() => server.seen.length === 4);
    await Promise.all([client.close(), client.close()]);
    const results = await Promise.all(pending);
    expect(results.map(codeOf)).toEqual(new Array<string>(20).fill('modbus/closed'));
    expect(results[1]).toMatchObject({ problem: { meterState: METER_STATE.unknown } });
    expect(results[19]).toMatchObject({ problem: { meterState: METER_STATE.untouched } });
    expect(codeOf(await client.readHolding(1, 1))).toBe('modbus/closed');
    await client.close();
    await until(() => server.open() === 0);
    expect(timers()).toBe(timersBefore);
  });

  it('close while it reconnects leaves no connection', async () => {
    const server = await bench.serve((request) => request.socket.resetAndDestroy());
    const client = await bench.connected(server.port);
    expect(codeOf(await client.readHolding(1, 1))).toBe('modbus/closed');
    const asked = client.readHolding(2, 1);
    await client.close();
    expect(codeOf(await asked)).toBe('modbus/closed');
    await until(() => server.open() === 0);
  });

  it('a hundred time-outs leave one connection, no timer and no listener on the caller’s signal', async () => {
    const server = await bench.serve((request) => {
      if (request.address === 1) answerWell(request);
      else request.socket.resetAndDestroy();
    });
    const client = await bench.connected(server.port);
    const signal = new AbortController().signal;
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    for (let round = 0; round < 100; round += 1) await client.readHolding(2, 1, signal);
    granted(await client.readHolding(1, 1, signal));
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
    await until(() => server.open() === 1);
  });
});
