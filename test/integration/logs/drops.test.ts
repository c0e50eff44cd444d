import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { MeterRecorder } from '../../../electron/meter/logs/types.ts';
import type { Meter } from '../../../electron/meter/types.ts';
import type { SimulatedMeter } from '../../../simulator/types.ts';
import { arm, clear, collector, createLogBench, granted } from './support.ts';

const bench = createLogBench();
afterEach(() => bench.cleanUp());

async function recorderOf(meter: Meter, name: string): Promise<MeterRecorder> {
  const recorders = granted(await meter.withLogs((logs) => logs.recorders()));
  const found = recorders.find((recorder) => recorder.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

async function readAll(simulated: SimulatedMeter, recorder: MeterRecorder, link: 'wrapper' | 'hdlc' = 'wrapper') {
  const { rows, take } = collector();
  const meter = bench.open(simulated, { link });
  const readout = granted(await meter.withLogs((logs) => logs.read(recorder, take)));
  await meter.close();
  return { readout, rows: rows.map(({ time, values }) => [time, ...values].join(' ')) };
}

describe('a log that is read over a connection that drops', () => {
  it.each([
    ['Load Curve', 'entry'],
    ['Revenue Log', 'range'],
  ])(
    '%s comes without a row twice and without one missing',
    async (name, by) => {
      const simulated = await bench.simulated({ loadCurveRows: 1500 });
      const recorder = await recorderOf(bench.open(simulated), name);
      const whole = await readAll(simulated, recorder);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 2_000, max: 120_000 }), { minLength: 1, maxLength: 4 }),
          async (places) => {
            await arm(
              simulated,
              ...places.map((atByte) => ({ kind: 'drop', protocol: 'dlms', direction: 'out', atByte })),
            );
            const again = await readAll(simulated, recorder);
            await clear(simulated);
            expect(again.readout.by).toBe(by);
            // A row may have been added meanwhile, and in a full log one fell off for it.
            const from = again.rows.indexOf(whole.rows[0] ?? '') === 0 ? 0 : 1;
            const expected = whole.rows.slice(from);
            expect(again.rows.slice(0, expected.length)).toEqual(expected);
            expect(new Set(again.rows).size).toBe(again.rows.length);
          },
        ),
        { numRuns: 12 },
      );
    },
    60_000,
  );

  it('goes on even when every connection drops after 40 kB', async () => {
    const simulated = await bench.simulated({ loadCurveRows: 1500 });
    for (const name of ['Load Curve', 'Revenue Log']) {
      const recorder = await recorderOf(bench.open(simulated), name);
      const whole = await readAll(simulated, recorder);
      await arm(simulated, { kind: 'drop', protocol: 'dlms', direction: 'out', atByte: 40_000, times: 1000 });
      const again = await readAll(simulated, recorder);
      await clear(simulated);
      expect(again.readout.resumed).toBeGreaterThan(1);
      expect(new Set(again.rows).size).toBe(again.rows.length);
      expect(again.rows.length).toBeGreaterThanOrEqual(whole.rows.length - 1);
    }
  }, 60_000);

  it('over HDLC goes on after a drop and after garbage', async () => {
    const simulated = await bench.simulated({ loadCurveRows: 300 });
    const recorder = await recorderOf(bench.open(simulated), 'Load Curve');
    const whole = await readAll(simulated, recorder, 'hdlc');
    await arm(
      simulated,
      { kind: 'drop', protocol: 'dlms', direction: 'out', atByte: 9_000 },
      { kind: 'garbage', protocol: 'dlms', direction: 'out', atByte: 5_000, length: 40 },
    );
    const again = await readAll(simulated, recorder, 'hdlc');
    expect(again.rows.slice(0, whole.rows.length)).toEqual(whole.rows);
    expect(again.readout.resumed).toBeGreaterThanOrEqual(1);
  }, 60_000);

  it('ends with the problem when no connection brings a new row', async () => {
    const simulated = await bench.simulated({ loadCurveRows: 1500 });
    const recorder = await recorderOf(bench.open(simulated), 'Load Curve');
    await arm(simulated, { kind: 'drop', protocol: 'dlms', direction: 'out', atByte: 900, times: 1000 });
    const { take } = collector();
    const meter = bench.open(simulated, { link: 'wrapper' });
    const read = await meter.withLogs((logs) => logs.read(recorder, take));
    expect(read).toMatchObject({ ok: false, problem: { code: 'dlms/closed' } });
  }, 60_000);
});
