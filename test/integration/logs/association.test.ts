import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '../../../shared/domain/problem.ts';
import { arm, clear, createLogBench, granted } from './support.ts';

const bench = createLogBench();
afterEach(() => bench.cleanUp());

describe('the association with a meter', () => {
  it('says busy while another client has the only one, and works when that is gone', async () => {
    const simulated = await bench.simulated();
    const other = connect(simulated.address.ports.dlms, '127.0.0.1');
    await once(other, 'connect');
    // A byte makes sure that the meter has accepted it.
    other.write(Buffer.from([0]));
    const meter = bench.open(simulated);
    const state = async () => (await meter.probe()).find(({ id }) => id === 'dlms')?.state;
    await expect.poll(state, { timeout: 20_000 }).toBe('busy');
    expect(await meter.withLogs(async () => ok(1))).toMatchObject({ ok: false, problem: { code: 'dlms/busy' } });
    other.destroy();
    await expect.poll(async () => (await meter.withLogs(async () => ok(1))).ok, { timeout: 20_000 }).toBe(true);
    expect(await state()).toBe('open');
  }, 60_000);

  it('closed and not on this firmware are two other answers', async () => {
    const closed = await bench.simulated();
    await arm(closed, { kind: 'refuse', protocol: 'dlms' });
    const meter = bench.open(closed);
    const stateOf = async (of: typeof meter) => (await of.probe()).find(({ id }) => id === 'dlms');
    expect(['refused', 'busy']).toContain((await stateOf(meter))?.state);
    await clear(closed);
    const old = bench.open(await bench.simulated({}, { firmware: '2.0.0' }));
    expect(await stateOf(old)).toMatchObject({
      state: 'not-on-this-firmware',
      because: expect.stringContaining('2.1.0'),
    });
  }, 60_000);

  it('tries a wrong secret once: every later call is answered without the meter', async () => {
    const simulated = await bench.simulated();
    const meter = bench.open(simulated, { clientSap: 1, password: 'Sesame-4711' });
    const first = await meter.withLogs(async () => ok(1));
    expect(first).toMatchObject({ ok: false, problem: { code: 'dlms/wrong-secret' } });
    expect(JSON.stringify(first)).not.toContain('Sesame');
    await simulated.stop();
    expect(await meter.withLogs(async () => ok(1))).toEqual(first);
  }, 60_000);

  it('sets the clock as the client that may, and reads it again', async () => {
    const simulated = await bench.simulated();
    const meter = bench.open(simulated, { clientSap: 1, password: '00000000' });
    const wanted = (): number => Date.now() + 3_600_000;
    const set = granted(await meter.setClock(wanted));
    expect(set.verdict).toBe('verified');
    expect(Math.abs(set.before.offsetMs)).toBeGreaterThan(3_500_000);
    expect(Math.abs(set.after.offsetMs)).toBeLessThan(1_000 + set.after.uncertaintyMs);
    expect(Math.abs(Date.parse(set.after.meterUtc) - Date.parse(set.sentUtc))).toBeLessThan(20_000);
  }, 60_000);

  it('never sets it as the public client, nor by reading', async () => {
    const simulated = await bench.simulated();
    const meter = bench.open(simulated);
    const refused = await meter.setClock(() => Date.now() + 3_600_000);
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'dlms/access-denied', meterState: 'Nothing was written to the meter.' },
    });
    granted(await meter.withLogs((logs) => logs.recorders({ times: true })));
    const state = (await (await fetch(new URL('state', simulated.address.control))).json()) as object;
    expect(JSON.stringify(state)).not.toContain('clock-set');
  }, 60_000);

  it('does not claim to know the state of the meter when the connection drops behind the SET', async () => {
    const simulated = await bench.simulated();
    const meter = bench.open(simulated, { link: 'wrapper', clientSap: 1, password: '00000000' });
    // AARE and the first clock reading pass; the answer to the SET does not.
    await arm(simulated, { kind: 'drop', protocol: 'dlms', direction: 'out', atByte: 83 });
    const set = await meter.setClock(Date.now);
    expect(set).toMatchObject({
      ok: false,
      problem: { code: 'dlms/closed', meterState: expect.stringContaining('not known') },
    });
  }, 60_000);

  it('falls back to HDLC on the same port only where the wrapper is not understood', async () => {
    const simulated = await bench.simulated();
    // The first answer, that to the wrapper, is spoiled.
    await arm(simulated, { kind: 'garbage', protocol: 'dlms', direction: 'out', atByte: 0, length: 8 });
    const meter = bench.open(simulated, { link: 'auto' });
    const recorders = granted(await meter.withLogs((logs) => logs.recorders()));
    expect(recorders).toHaveLength(6);
    await arm(simulated, { kind: 'garbage', protocol: 'dlms', direction: 'out', atByte: 0, length: 8 });
    const strict = bench.open(simulated, { link: 'wrapper' });
    expect(await strict.withLogs(async () => ok(1))).toMatchObject({ ok: false, problem: { code: 'dlms/malformed' } });
  }, 60_000);
});
