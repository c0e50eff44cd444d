import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readSpans } from '../../../electron/protocols/modbus/read-spans.ts';
import { answerWell, registerAt, until } from './scripted-server.ts';
import { createBench } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

const floats = Array.from({ length: 56 }, (_, index) => ({ address: 2999 + index * 2, count: 2 }));

function expected(span: { readonly address: number; readonly count: number }): Uint16Array {
  return Uint16Array.from({ length: span.count }, (_, index) => registerAt(span.address + index));
}

describe('readSpans', () => {
  it('brings all spans in few requests', async () => {
    const server = await bench.serve(answerWell);
    const client = await bench.connected(server.port);
    const energies = Array.from({ length: 12 }, (_, index) => ({ address: 3203 + index * 4, count: 4 }));
    const spans = [...energies, ...floats];
    const read = await readSpans(client, spans);
    expect(spans.map((_, index) => read.words.get(index))).toEqual(spans.map(expected));
    expect([read.words.size, read.failed.size, read.requests, server.seen.length]).toEqual([68, 0, 2, 2]);
  });

  it.each([2, 3])('exception %i of one row costs that row only', async (exception) => {
    const bad = 3033;
    const server = await bench.serve((request) => {
      const hit = request.address <= bad && bad < request.address + request.count;
      if (hit) request.reply(Buffer.from([255, 0x83, exception]));
      else answerWell(request);
    });
    const client = await bench.connected(server.port);
    const read = await readSpans(client, floats);
    const lost = floats.findIndex(({ address }) => address === bad);
    expect([...read.failed.keys()]).toEqual([lost]);
    expect(read.failed.get(lost)).toMatchObject({
      code: `modbus/exception-${exception}`,
      details: { address: bad, count: 2 },
    });
    floats.forEach((span, index) => {
      if (index !== lost) expect(read.words.get(index)).toEqual(expected(span));
    });
    // Halving: about two requests for each halving of 56 spans.
    expect(read.requests).toBeLessThanOrEqual(13);
    expect(read.requests).toBe(server.seen.length);
  });

  it('puts every span into exactly one map, whatever the meter refuses', async () => {
    let refused = new Set<number>();
    const server = await bench.serve((request) => {
      for (let at = request.address; at < request.address + request.count; at += 1) {
        if (refused.has(at)) {
          request.reply('ff 83 02');
          return;
        }
      }
      answerWell(request);
    });
    const client = await bench.connected(server.port);
    const spans = fc.array(
      fc.record({ address: fc.integer({ min: 0, max: 150 }), count: fc.integer({ min: 0, max: 8 }) }),
      {
        maxLength: 25,
      },
    );
    const holes = fc.array(fc.integer({ min: 0, max: 160 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(spans, holes, async (wanted, bad) => {
        refused = new Set(bad);
        const read = await readSpans(client, wanted);
        wanted.forEach((span, index) => {
          const impossible = span.count === 0;
          const hit = bad.some((at) => at >= span.address && at < span.address + span.count);
          const failed = read.failed.get(index);
          if (impossible) expect(failed?.code).toBe('modbus/bad-request');
          else if (hit) expect(failed?.code).toBe('modbus/exception-2');
          else expect(read.words.get(index)).toEqual(expected(span));
        });
        expect(read.words.size + read.failed.size).toBe(wanted.length);
      }),
      { numRuns: 60 },
    );
  });

  it('asks once more for what another request took down', async () => {
    const server = await bench.serve((request) => {
      if (request.connection === 0 && request.address === 500) request.socket.resetAndDestroy();
      else if (request.connection > 0) answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const spans = [0, 100, 500, 900].map((address) => ({ address, count: 1 }));
    const read = await readSpans(client, spans);
    expect([read.words.size, read.failed.size, read.requests]).toEqual([4, 0, 8]);
  });

  it('does not pay one time-out for each block of a silent meter', async () => {
    const server = await bench.serve(() => undefined);
    const client = await bench.connected(server.port, { timeoutMs: 100 });
    const spans = Array.from({ length: 40 }, (_, index) => ({ address: index * 200, count: 1 }));
    const started = performance.now();
    const read = await readSpans(client, spans);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(read.words.size).toBe(0);
    expect(read.failed.size).toBe(40);
    expect(read.requests).toBeLessThan(40);
  });

  it('stops when told, and says so for what is missing', async () => {
    const server = await bench.serve((request) => {
      if (request.address === 0) answerWell(request);
    });
    const client = await bench.connected(server.port, { timeoutMs: 20_000 });
    const stopped = new AbortController();
    const reading = readSpans(
      client,
      Array.from({ length: 20 }, (_, index) => ({ address: index * 200, count: 1 })),
      stopped.signal,
    );
    await until(() => server.seen.length === 5);
    stopped.abort();
    const read = await reading;
    expect([...read.words.keys()]).toEqual([0]);
    expect([...read.failed.values()].map(({ code }) => code)).toEqual(new Array<string>(19).fill('aborted'));
  });

  it('reads nothing for no spans', async () => {
    const server = await bench.serve(answerWell);
    const client = await bench.connected(server.port);
    expect(await readSpans(client, [])).toMatchObject({ requests: 0 });
    expect(server.seen).toEqual([]);
  });
});
