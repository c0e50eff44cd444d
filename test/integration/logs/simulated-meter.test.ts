import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '../../../shared/domain/problem.ts';
import { collector, createLogBench, granted, recorderNamed } from './support.ts';

const bench = createLogBench();
afterEach(() => bench.cleanUp());

describe('the logs of a simulated meter', () => {
  it('are found through the object list, with names, columns, units and times', async () => {
    const meter = bench.open(await bench.simulated());
    const recorders = granted(await meter.withLogs((logs) => logs.recorders({ times: true })));
    expect(recorders.map(({ name, kind, interval }) => [name, kind, interval])).toEqual([
      ['Revenue Log', 'recorder', 900],
      ['Hist Mean Log', 'recorder', 900],
      ['Hist High Log', 'recorder', 900],
      ['Hist Low Log', 'recorder', 900],
      ['Load Curve', 'recorder', 60],
      ['Event Log', 'events', 0],
    ]);
    const curve = recorders[4];
    expect(curve).toMatchObject({ id: '1-0:99.128.0*255', capacity: 97_089, columnsNotExported: null });
    expect(curve?.columns).toHaveLength(16);
    expect(curve?.columns).toContainEqual({
      id: '1-0:32.15.0*255/2',
      label: 'Voltage L1, last average 2',
      unit: 'V',
      scaler: -2,
    });
    expect(Date.parse(curve?.last ?? '') - Date.parse(curve?.first ?? '')).toBeGreaterThanOrEqual(2999 * 60_000);
    expect(recorders.every(({ unreadable }) => unreadable === undefined)).toBe(true);
  });

  it.each(['wrapper', 'hdlc'] as const)('are read from the oldest to the newest row over %s', async (link) => {
    const meter = bench.open(await bench.simulated({ loadCurveRows: 600 }), { link });
    const { rows, take } = collector();
    const readout = granted(
      await meter.withLogs(async (logs) => logs.read(await recorderNamed(logs, 'Load Curve'), take)),
    );
    expect(readout).toMatchObject({ by: 'entry', missed: 0, resumed: 0, undated: 0, rows: rows.length });
    expect(rows.length).toBeGreaterThanOrEqual(600);
    expect(readout.rebuilt).toBeGreaterThan(500);
    expect(readout.roundTrips).toBeGreaterThan(0);
    const times = rows.map(({ time }) => time ?? Number.NaN);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? Number.NaN))).toBe(true);
    const voltage = Number(rows[0]?.values[7]);
    expect(voltage).toBeGreaterThan(150);
    expect(voltage).toBeLessThan(300);
  });

  it('are read by time where they are full, in several ranges', async () => {
    const meter = bench.open(await bench.simulated());
    const { rows, take } = collector();
    const readout = granted(
      await meter.withLogs(async (logs) => logs.read(await recorderNamed(logs, 'Revenue Log'), take)),
    );
    expect(readout).toMatchObject({ by: 'range', missed: 0, rows: 3360 });
    expect(new Set(rows.map(({ time }) => time)).size).toBe(3360);
  });

  it('give a part by time, both ends included', async () => {
    const meter = bench.open(await bench.simulated());
    const all = collector();
    const part = collector();
    granted(
      await meter.withLogs(async (logs) => {
        const recorder = await recorderNamed(logs, 'Hist Mean Log');
        granted(await logs.read(recorder, all.take));
        const from = all.rows[100]?.time ?? 0;
        const to = all.rows[200]?.time ?? 0;
        return logs.read(recorder, part.take, { from, to });
      }),
    );
    expect(part.rows.map(({ time, values }) => [time, values])).toEqual(
      all.rows.slice(100, 201).map(({ time, values }) => [time, values]),
    );
  });

  it('give events with their texts', async () => {
    const meter = bench.open(await bench.simulated());
    const { rows, take } = collector();
    granted(
      await meter.withLogs(async (logs) => {
        const events = granted(await logs.recorders()).find(({ kind }) => kind === 'events');
        if (events === undefined) throw new Error('no event log');
        return logs.read(events, take);
      }),
    );
    for (const { values } of rows) expect(values.every((value) => typeof value === 'string')).toBe(true);
  });

  it('leave the one association of the meter free, whatever the work did', async () => {
    const simulated = await bench.simulated();
    const meter = bench.open(simulated);
    await expect(meter.withLogs(() => Promise.reject(new Error('a defect')))).rejects.toThrow('a defect');
    const other = bench.open(simulated);
    expect((await other.withLogs(async () => ok(1))).ok).toBe(true);
    expect((await meter.withLogs(async () => ok(2))).ok).toBe(true);
  });

  it('stop at once, and give the association back', async () => {
    const simulated = await bench.simulated({ loadCurveRows: 20_000, blockLatencyMs: 20 });
    const meter = bench.open(simulated);
    const stop = new AbortController();
    let asked = 0;
    const stopped = await meter.withLogs(async (logs) => {
      const recorder = await recorderNamed(logs, 'Load Curve');
      return logs.read(recorder, () => {
        asked ||= performance.now();
        stop.abort();
      });
    }, stop.signal);
    expect(stopped).toMatchObject({ ok: false, problem: { code: 'aborted' } });
    expect(performance.now() - asked).toBeLessThan(4000);
    expect((await bench.open(simulated).withLogs(async () => ok(1))).ok).toBe(true);
  });
});
