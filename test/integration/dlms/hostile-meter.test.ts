import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { connectDlms } from '../../../electron/protocols/dlms/client.ts';
import type { ProfileRow } from '../../../electron/protocols/dlms/types.ts';
import { METER_STATE } from '../../../shared/domain/problem.ts';
import { bytesOf, dateTime, hex } from '../../unit/dlms/encode.ts';
import {
  block,
  GRANTED,
  inWrapper,
  type ScriptedMeter,
  type SeenApdu,
  serveInBlocks,
  startScriptedMeter,
} from './scripted-meter.ts';
import { at, CLOCK, codeOf, createBench, profileOf } from './support.ts';

const bench = createBench();
afterEach(() => bench.cleanUp());

async function meterThat(...script: Parameters<typeof startScriptedMeter>): Promise<ScriptedMeter> {
  const meter = await startScriptedMeter(...script);
  bench.later(() => meter.close());
  return meter;
}

/** Associates as usual; GETs and SETs go to the script. */
function meterAnswering(script: (request: SeenApdu) => void): Promise<ScriptedMeter> {
  return meterThat((request) => {
    if (request.apdu.startsWith('6')) return true;
    script(request);
    return false;
  });
}

const AARE_WRONG_SECRET = '6117A109060760857405080101A203020101A305A10302010D';
const AARE_NEEDS_SECRET = '6117A109060760857405080101A203020101A305A10302010E';

describe('connecting', () => {
  it('says refused when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    expect(codeOf(await connectDlms(at({ port })))).toBe('dlms/refused');
  });

  it.each(['wrapper', 'hdlc'] as const)('says busy when the connection ends at once (%s)', async (kind) => {
    const ending = await meterThat(
      () => undefined,
      (socket) => void socket.end(),
    );
    const resetting = await meterThat(
      () => undefined,
      (socket) => void socket.resetAndDestroy(),
    );
    expect(codeOf(await connectDlms(at({ kind, port: ending.port })))).toBe('dlms/busy');
    expect(codeOf(await connectDlms(at({ kind, port: resetting.port })))).toBe('dlms/busy');
  });

  it('tries a wrong secret once and never says what it was', async () => {
    const meter = await meterThat(({ reply }) => reply(AARE_WRONG_SECRET));
    const result = await connectDlms(at({ port: meter.port, password: 'hunter2-secret' }));
    expect(codeOf(result)).toBe('dlms/wrong-secret');
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(meter.seen.map(({ apdu }) => apdu.slice(0, 2))).toEqual(['60']);
    await meter.idle();
  });

  it.each([
    ['dlms/association-refused', AARE_NEEDS_SECRET],
    ['dlms/association-refused', '0E010601'],
    ['dlms/association-refused', '611FA109060760857405080101A203020101A305A103020101BE0604040E010601'],
    ['dlms/malformed', 'C401C100'],
    ['dlms/malformed', '61FF'],
  ])('ends with %s and releases the connection after %s', async (code, answer) => {
    const meter = await meterThat(({ reply }) => reply(answer));
    expect(codeOf(await connectDlms(at({ port: meter.port })))).toBe(code);
    await meter.idle();
  });

  it('gives up on a meter that says nothing, and releases the connection', async () => {
    const meter = await meterThat(() => undefined);
    expect(codeOf(await connectDlms(at({ port: meter.port, timeoutMs: 150 })))).toBe('dlms/timeout');
    expect(codeOf(await connectDlms(at({ kind: 'hdlc', port: meter.port, timeoutMs: 150 })))).toBe('dlms/timeout');
    await meter.idle();
  });

  it('stops when asked to, and releases an association that was granted meanwhile', async () => {
    const stop = new AbortController();
    const meter = await meterThat((request) => {
      if (!request.apdu.startsWith('60')) return true;
      stop.abort();
      setImmediate(() => request.reply(GRANTED));
      return false;
    });
    expect(codeOf(await connectDlms(at({ port: meter.port }), { signal: stop.signal }))).toBe('aborted');
    await meter.idle();
    expect(meter.seen.map(({ apdu }) => apdu.slice(0, 2))).toEqual(['60', '62']);
    expect(codeOf(await connectDlms(at({ port: meter.port }), { signal: stop.signal }))).toBe('aborted');
  });

  it.each([
    ['port 0', { port: 0 }],
    ['no host', { port: 1, host: '' }],
    ['client 0', { port: 1, clientSap: 0 }],
    ['client 128 in HDLC', { port: 1, kind: 'hdlc', clientSap: 128 }],
    ['an empty secret', { port: 1, password: '' }],
    ['a secret of 65 bytes', { port: 1, password: 'x'.repeat(65) }],
    ['a time-out of 0', { port: 1, timeoutMs: 0 }],
  ] as const)('does not even try with %s', async (_, endpoint) => {
    expect(codeOf(await connectDlms(at(endpoint)))).toBe('dlms/bad-request');
  });
});

describe('one request', () => {
  it.each([
    ['dlms/access-denied', 'C401II 01 03'],
    ['dlms/access-undefined', 'C401II 01 04'],
    ['dlms/access-99', 'C401II 01 63'],
    ['dlms/exception', 'D80102'],
    ['dlms/service-error', '0E050501'],
    ['dlms/malformed', 'C401II 00 09 05 01'],
    ['dlms/malformed', 'C401II 00'],
    ['dlms/too-large', `C401II 00 ${'0201'.repeat(20)} 00`],
  ])('ends with %s after %s, and the next one works', async (code, answer) => {
    const answers = [answer, 'C401II 00 11 07'];
    const meter = await meterAnswering(({ reply }) => reply(answers.shift() ?? ''));
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.get(CLOCK))).toBe(code);
    expect(await client.get(CLOCK)).toEqual({ ok: true, value: { type: 'uint8', value: 7 } });
    expect(client.ended()).toBeUndefined();
  });

  it.each([
    ['another id', (request: SeenApdu) => request.reply('C401C9 00 1107')],
    ['the answer to a SET', (request: SeenApdu) => request.reply('C501II 00')],
    ['another version', (request: SeenApdu) => request.raw(inWrapper(hex('C401C1001107'), 1, 16, 2))],
    ['another server', (request: SeenApdu) => request.raw(inWrapper(hex('C401C1001107'), 2, 16))],
    ['another client', (request: SeenApdu) => request.raw(inWrapper(hex('C401C1001107'), 1, 17))],
    ['an empty frame', (request: SeenApdu) => request.raw(inWrapper(hex('')))],
    ['block 2 first', (request: SeenApdu) => request.reply(block(request.invoke, 2, hex('1107'), true))],
    ['empty blocks without end', (request: SeenApdu) => request.reply(block(request.invoke, 1, hex(''), false))],
  ])('is not trusted when there comes %s: the association is given up', async (_, answer) => {
    const meter = await meterAnswering(answer);
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.get(CLOCK))).toBe('dlms/malformed');
    await meter.idle();
    expect(codeOf(await client.get(CLOCK))).toBe('dlms/closed');
    expect(client.ended()?.code).toBe('dlms/malformed');
  });

  it('that is not answered ends in time and takes the association with it; a SET then left the meter unknown', async () => {
    const meter = await meterAnswering(() => undefined);
    const reading = await bench.connected({ port: meter.port, timeoutMs: 150 });
    expect(codeOf(await reading.get(CLOCK))).toBe('dlms/timeout');
    const writing = await bench.connected({ port: meter.port, timeoutMs: 150 });
    expect(await writing.set(CLOCK, { type: 'octets', value: dateTime([2026, 1, 1, 0, 0, 0]) })).toMatchObject({
      ok: false,
      problem: { code: 'dlms/timeout', meterState: METER_STATE.unknown },
    });
    await meter.idle();
  });

  it('that is stopped ends at once; its late answer is not taken for the next one', async () => {
    const late: SeenApdu[] = [];
    const stop = new AbortController();
    const meter = await meterAnswering((request) => {
      late.push(request);
      if (late.length === 1) stop.abort();
      else request.reply('C401II 00 11 02');
    });
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.get(CLOCK, { signal: stop.signal }))).toBe('aborted');
    const next = client.get(CLOCK);
    late[0]?.reply('C401II 00 11 01');
    expect(await next).toEqual({ ok: true, value: { type: 'uint8', value: 2 } });
  });

  it('waits for its turn: a transfer in blocks is not cut by another request', async () => {
    const value = bytesOf(0x09, 0x81, 200, new Uint8Array(200).fill(7));
    const meter = await meterThat(serveInBlocks(value, 50));
    const client = await bench.connected({ port: meter.port });
    const results = await Promise.all([client.get(CLOCK), client.get(CLOCK), client.get(CLOCK)]);
    expect(results.map(codeOf)).toEqual(['ok', 'ok', 'ok']);
    const kinds = meter.seen.map(({ apdu }) => apdu.slice(0, 4)).filter((kind) => kind.startsWith('C0'));
    expect(kinds).toEqual(Array(3).fill(['C001', 'C002', 'C002', 'C002', 'C002']).flat());
  });

  it('stops at the size that was asked for, however much the meter has', async () => {
    const meter = await meterAnswering((request) => {
      const asked = request.apdu.startsWith('C002') ? Number.parseInt(request.apdu.slice(6, 14), 16) : 0;
      request.reply(block(request.invoke, asked + 1, new Uint8Array(1000).fill(0), false));
    });
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.get(CLOCK, { maxBytes: 20_000 }))).toBe('dlms/too-large');
    expect(meter.seen.length).toBeLessThan(25);
  });

  it('lets a meter notify, but not without end', async () => {
    const polite = await meterAnswering(({ reply }) => {
      for (let count = 0; count < 10; count += 1) reply('0F 00000001 00 00');
      reply('C401II 00 11 07');
    });
    expect(codeOf(await (await bench.connected({ port: polite.port })).get(CLOCK))).toBe('ok');
    const flooding = await meterAnswering(({ reply }) => {
      for (let count = 0; count < 100; count += 1) reply('0F 00000001 00 00');
    });
    expect(codeOf(await (await bench.connected({ port: flooding.port })).get(CLOCK))).toBe('dlms/malformed');
  });

  it('that the association does not grant is not sent', async () => {
    const meter = await meterThat(({ apdu, reply }) => {
      if (!apdu.startsWith('60')) return true;
      reply(GRANTED.replace('00301C', '001010'));
      return false;
    });
    const client = await bench.connected({ port: meter.port });
    expect(client.association.services).toEqual(['get', 'block-transfer-with-get']);
    expect(codeOf(await client.set(CLOCK, { type: 'null' }))).toBe('dlms/not-granted');
    const part = { kind: 'entry', from: 1, to: 2 } as const;
    expect(codeOf(await client.readProfile(profileOf(1), part, () => undefined))).toBe('dlms/not-granted');
    expect(codeOf(await client.get({ ...CLOCK, attribute: 0 }))).toBe('dlms/not-granted');
    expect(meter.seen).toHaveLength(1);
  });

  it('that does not fit what the meter takes is not sent', async () => {
    const meter = await meterAnswering(() => undefined);
    const client = await bench.connected({ port: meter.port });
    const large = { type: 'octets', value: new Uint8Array(1100) } as const;
    expect(codeOf(await client.set(CLOCK, large))).toBe('dlms/too-large');
    expect(codeOf(await client.set(CLOCK, { type: 'uint8', value: 300 }))).toBe('dlms/bad-request');
    expect(codeOf(await client.get({ ...CLOCK, obis: '1.2.3' }))).toBe('dlms/bad-request');
    const all = { ...CLOCK, attribute: 0 };
    expect(codeOf(await client.set(all, { type: 'null' }))).toBe('dlms/bad-request');
    const selection = { kind: 'entry', from: 1, to: 2 } as const;
    expect(codeOf(await client.get(all, { selection }))).toBe('dlms/bad-request');
  });
});

describe('closing', () => {
  it('releases the association, then the connection; a second time does nothing', async () => {
    const meter = await meterThat(() => true);
    const client = await bench.connected({ port: meter.port });
    await Promise.all([client.close(), client.close()]);
    await meter.idle();
    expect(meter.seen.map(({ apdu }) => apdu)).toEqual([expect.stringMatching(/^60/), '6203800100']);
    expect(codeOf(await client.get(CLOCK))).toBe('dlms/closed');
    expect(client.ended()).toBeUndefined();
  });

  it('takes about a second when the meter does not answer any more, and ends what waits', async () => {
    const meter = await meterThat((request) => request.apdu.startsWith('60'));
    const client = await bench.connected({ port: meter.port, timeoutMs: 60_000 });
    const waiting = [client.get(CLOCK), client.get(CLOCK)];
    const before = performance.now();
    await client.close();
    expect(performance.now() - before).toBeLessThan(2500);
    expect((await Promise.all(waiting)).map(codeOf)).toEqual(['dlms/closed', 'dlms/closed']);
    await meter.idle();
  });

  it('is noticed when the meter does it', async () => {
    const meter = await meterAnswering(({ socket }) => void socket.end());
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.get(CLOCK))).toBe('dlms/closed');
    expect(client.ended()?.code).toBe('dlms/closed');
    await client.close();
  });
});

describe('rows', () => {
  const row = bytesOf(2, 2, 9, 12, dateTime([2026, 1, 1, 0, 0, 0]), hex('17 3F800000'));
  const count = 300;
  const log = bytesOf(1, 0x82, count >> 8, count & 255, ...Array.from({ length: count }, () => row));

  it('come in order, and nothing is asked for ahead of a slow reader but one block', async () => {
    const meter = await meterThat(serveInBlocks(log, 256));
    const client = await bench.connected({ port: meter.port });
    const rows: ProfileRow[] = [];
    const ahead: number[] = [];
    const read = await client.readProfile(profileOf(1), 'all', async (some) => {
      const taken = meter.seen.length;
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      ahead.push(meter.seen.length - taken);
      rows.push(...some);
    });
    expect(read).toEqual({
      ok: true,
      value: { rows: count, rebuilt: 0, undated: 0, roundTrips: Math.ceil(log.length / 256), bytes: log.length },
    });
    expect(rows).toHaveLength(count);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(1);
  });

  it('before a failure are good, and the problem says how many they were', async () => {
    const serve = serveInBlocks(log, 256);
    const meter = await meterThat((request) => {
      if (request.apdu.startsWith('C002') && request.apdu.endsWith('0A')) {
        request.socket.destroy();
        return false;
      }
      return serve(request);
    });
    const client = await bench.connected({ port: meter.port });
    let seen = 0;
    const read = await client.readProfile(profileOf(1), 'all', (rows) => {
      seen += rows.length;
    });
    expect(read).toMatchObject({ ok: false, problem: { code: 'dlms/closed', details: { rows: seen } } });
    expect(seen).toBe(Math.floor((2560 - 4) / row.length));
  });

  it('stop when their reader throws, and what it threw comes out; the client still works', async () => {
    const meter = await meterThat(serveInBlocks(log, 256));
    const client = await bench.connected({ port: meter.port });
    const full = new Error('the disk is full');
    const reading = client.readProfile(profileOf(1), 'all', () => Promise.reject(full));
    await expect(reading).rejects.toBe(full);
    expect(codeOf(await client.readProfile(profileOf(1), 'all', () => undefined))).toBe('ok');
  });

  it('stop when asked to, and the association is released afterwards', async () => {
    const meter = await meterThat(serveInBlocks(log, 64));
    const client = await bench.connected({ port: meter.port });
    const stop = new AbortController();
    const read = await client.readProfile(profileOf(1), 'all', () => stop.abort(), stop.signal);
    expect(codeOf(read)).toBe('aborted');
    await client.close();
    await meter.idle();
    expect(meter.seen.at(-1)?.apdu).toBe('6203800100');
  });

  it.each([
    ['malformed', profileOf(2)],
    ['bad-request', { ...profileOf(1), columns: [] }],
  ])('that do not fit their columns are %s', async (code, profile) => {
    const meter = await meterThat(serveInBlocks(log, 256));
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.readProfile(profile, 'all', () => undefined))).toBe(`dlms/${code}`);
  });

  it.each([
    { kind: 'entry', from: 0, to: 5 },
    { kind: 'entry', from: 5, to: 4 },
    { kind: 'range', from: 5, to: 4 },
    { kind: 'range', from: Number.NaN, to: 4 },
  ] as const)('are not asked for with %o', async (selection) => {
    const meter = await meterThat(() => true);
    const client = await bench.connected({ port: meter.port });
    expect(codeOf(await client.readProfile(profileOf(1), selection, () => undefined))).toBe('dlms/bad-request');
  });
});

it('survives any bytes in place of an answer, and ends in time', async () => {
  let answer: Uint8Array = hex('');
  const meter = await meterAnswering(({ raw }) => raw(answer));
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((apdu) => inWrapper(apdu)),
    fc.uint8Array({ maxLength: 40 }).map((rest) => inWrapper(bytesOf(hex('C402C1 00 00000001 00'), rest))),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      answer = some;
      const client = await bench.connected({ port: meter.port, timeoutMs: 100 });
      expect(codeOf(await client.get(CLOCK))).toMatch(/^(ok|dlms\/[a-z-]+(-\d+)?)$/);
      await client.close();
    }),
    { numRuns: 40 },
  );
  await meter.idle();
});
