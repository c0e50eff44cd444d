import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPhysics } from '../../../simulator/physics.ts';
import { type Outage, outagesOf, sagWithin, withOutage } from '../../../simulator/recorders/disturbances.ts';
import { intervalOf } from '../../../simulator/recorders/interval.ts';
import { createRecorders } from '../../../simulator/recorders/recorders.ts';
import { listedRows } from '../../../simulator/recorders/rows.ts';
import { createTimeline, startFor } from '../../../simulator/recorders/timeline.ts';
import type { Recorder, Rows } from '../../../simulator/recorders/types.ts';
import { FACTORY_RECORDERS, LARGEST_DEPTH } from '../../../simulator/settings/recorder-setup.ts';
import type { RecorderSetup } from '../../../simulator/settings/types.ts';
import type { MeterState } from '../../../simulator/state.ts';

const STARTED = Date.UTC(2026, 10, 22, 20, 3, 53);
const DAY = 86_400_000;

function recorders(
  change: {
    now?: () => number;
    rows?: number;
    since?: number;
    seed?: number;
    events?: MeterState['events'];
    powerOutages?: MeterState['powerOutages'];
    setups?: readonly RecorderSetup[];
  } = {},
): readonly Recorder[] {
  const seed = change.seed ?? 7;
  const state = {
    seed,
    startedAt: STARTED,
    historicRows: 2880,
    loadCurveRows: change.rows ?? 10_080,
    logsSince: change.since ?? 0,
    powerOutages: change.powerOutages ?? [],
    events: change.events ?? [],
  };
  return createRecorders({
    physics: createPhysics(seed, STARTED),
    state: () => state,
    setups: change.setups ?? FACTORY_RECORDERS,
    clock: change.now ?? (() => STARTED),
    nullClock: undefined,
  });
}

function named(all: readonly Recorder[], name: string): Recorder {
  const found = all.find((recorder) => recorder.name === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

const timesOf = (rows: Rows): number[] => Array.from({ length: rows.count }, (_, index) => rows.timeAt(index));

const outages = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 900 })), { maxLength: 5 })
  .map((gaps) => {
    let at = 0;
    return gaps.map(([wait, length]): Outage => {
      const from = at + wait + 1;
      at = from + length;
      return { from, to: at };
    });
  });

describe('timeline', () => {
  const recorded = (list: readonly Outage[], time: number): boolean =>
    !list.some(({ from, to }) => time >= from && time < to);

  it('numbers the rows that outages leave, like a list of all moments', () => {
    fc.assert(
      fc.property(outages, fc.integer({ min: -1, max: 6000 }), (list, after) => {
        const period = 0.05;
        const step = period * 1000;
        const timeline = createTimeline({ period, after, outages: list });
        const times: number[] = [];
        for (let time = 0; time < 30_000; time += step) if (time > after && recorded(list, time)) times.push(time);
        expect(times.map((_, row) => timeline.timeOf(row))).toEqual(times);
        for (const at of [after, after + 1, 3333, 9999, 29_999]) {
          expect(timeline.recordedBy(at)).toBe(times.filter((time) => time <= at).length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('starts so early that the wanted rows fit', () => {
    fc.assert(
      fc.property(outages, fc.integer({ min: 0, max: 400 }), (list, rows) => {
        const at = 60_000;
        const after = startFor(rows, at, 0.05, list);
        expect(createTimeline({ period: 0.05, after, outages: list }).recordedBy(at)).toBe(rows);
      }),
    );
  });
});

describe('recorders', () => {
  it('are the factory logs, a load curve and the event log, with at most 16 columns and names of their own', () => {
    const all = recorders();
    expect(all.map(({ name, obis, period, depth, columns }) => [name, obis, period, depth, columns.length])).toEqual([
      ['Revenue Log', '1-0:99.1.0*255', 900, 3360, 4],
      ['Hist Mean Log', '1-0:99.2.0*255', 900, 3360, 16],
      ['Hist High Log', '1-0:99.3.0*255', 900, 3360, 16],
      ['Hist Low Log', '1-0:99.4.0*255', 900, 3360, 16],
      ['Load Curve', '1-0:99.128.0*255', 60, LARGEST_DEPTH, 16],
      ['Event Log', '0-0:99.98.0*255', 0, 500, 2],
    ]);
    const names = all.flatMap(({ obis, columns }) => [obis, ...columns.map((column) => column.obis)]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([0, 1, 10_080, 97_089, 200_000])('hold the rows they were asked to start with: %i', (rows) => {
    const held = named(recorders({ rows }), 'Load Curve').rows();
    expect(held.count).toBe(Math.min(rows, LARGEST_DEPTH));
    if (held.count > 0) expect(STARTED - held.timeAt(held.count - 1)).toBeLessThan(60_000);
  });

  it('grow with the clock, then replace the oldest, and keep the values of a moment', () => {
    let now = STARTED;
    const all = recorders({ now: () => now });
    const mean = named(all, 'Hist Mean Log');
    const before = mean.rows();
    expect(before.count).toBe(2880);
    now = STARTED + 2 * 900_000;
    expect(mean.rows().count).toBe(2882);
    expect(mean.rows().timeAt(2879)).toBe(before.timeAt(2879));
    expect(mean.rows().valuesAt(2879)).toEqual(before.valuesAt(2879));
    now = STARTED + 20 * DAY;
    expect(mean.rows().count).toBe(3360);
    expect(mean.rows().timeAt(3359)).toBe(Math.floor(now / 900_000) * 900_000);
    // What was taken before stays what it was.
    expect(before.count).toBe(2880);
    now = STARTED - 400 * DAY;
    expect(mean.rows().count).toBe(0);
  });

  it('have the same rows for the same seed and others for another', () => {
    const first = (seed: number) => named(recorders({ seed }), 'Load Curve').rows().valuesAt(0);
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
  });

  it('miss rows exactly where the meter had no power', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
        const rows = named(recorders({ seed, rows: 20_000 }), 'Load Curve').rows();
        const list = outagesOf(seed, rows.timeAt(0) - 5 * DAY, STARTED);
        const times = new Set(timesOf(rows));
        for (let time = rows.timeAt(0); time <= STARTED; time += 60_000) {
          const off = list.some(({ from, to }) => time >= from && time < to);
          if (times.has(time) === off) throw new Error(`${seed}: ${new Date(time).toISOString()}`);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('have gaps in most installations, none after the start', () => {
    const withGaps = Array.from({ length: 20 }, (_, seed) => outagesOf(seed, STARTED - 7 * DAY, STARTED)).filter(
      (list) => list.length > 0,
    );
    expect(withGaps.length).toBeGreaterThan(10);
    expect(withGaps.flat().every(({ to }) => to < STARTED)).toBe(true);
  });

  it('leave a gap where power was lost, or rows of zeros with Insert Outage Records', () => {
    const powerOutages = [
      { from: STARTED + 10_000, to: STARTED + 1_000_000 },
      { from: STARTED + 2 * DAY, to: STARTED + 2 * DAY + 3_600_000 },
    ];
    const out = (time: number): boolean => powerOutages.some(({ from, to }) => time >= from && time < to);
    const setups = FACTORY_RECORDERS.map((setup) => ({ ...setup, since: STARTED }));
    const now = (): number => STARTED + 3 * DAY;
    const gaps = named(recorders({ now, powerOutages, setups }), 'Revenue Log').rows();
    const filling = setups.map((setup) => ({ ...setup, insertOutageRecords: true }));
    const filled = named(recorders({ now, powerOutages, setups: filling }), 'Revenue Log').rows();
    expect(filled.count).toBe(288);
    expect(timesOf(gaps)).toEqual(timesOf(filled).filter((time) => !out(time)));
    expect(filled.count - gaps.count).toBe(5);
    for (const [index, time] of timesOf(filled).entries()) {
      const [delivered] = filled.valuesAt(index);
      if (out(time)) expect(filled.valuesAt(index)).toEqual([0, 0, 0, 0]);
      else expect(delivered).toBeGreaterThan(0);
    }
  });

  it('keep their outages in order of time when the clock was set back', () => {
    const late = { from: 900, to: 950 };
    const early = { from: 100, to: 200 };
    expect(withOutage([late], early)).toEqual([early, late]);
    const many = Array.from({ length: 150 }, (_, index) => ({ from: index * 10, to: index * 10 + 1 }));
    const kept = many.reduce<ReturnType<typeof withOutage>>(withOutage, []);
    expect(kept).toEqual(many.slice(-100));
  });

  it('forget what was before an erasure', () => {
    const rows = named(recorders({ since: STARTED - 3 * 900_000 }), 'Revenue Log').rows();
    expect(rows.count).toBe(3);
    expect(rows.timeAt(0)).toBeGreaterThan(STARTED - 3 * 900_000);
  });

  it('show the events of the meter, also when the clock went back', () => {
    const events = [
      { at: '2026-11-22T20:00:00.000Z', code: 'power-up', text: 'Started.' },
      { at: '2026-11-22T19:00:00.000Z', code: 'clock-set', text: 'Set.' },
    ];
    const rows = named(recorders({ events }), 'Event Log').rows();
    expect(timesOf(rows)).toEqual(events.map(({ at }) => Date.parse(at)));
    expect(rows.valuesAt(1)).toEqual(['clock-set', 'Set.']);
    expect(timesOf(rows.between(Date.parse('2026-11-22T18:00:00Z'), Date.parse('2026-11-22T19:30:00Z')))).toHaveLength(
      1,
    );
    expect(rows.slice(1, 5).count).toBe(1);
    expect(rows.slice(0, -1).count).toBe(0);
  });
});

describe('rows', () => {
  it('are picked by time and by number like a list', () => {
    const all = named(recorders({ rows: 3000 }), 'Load Curve').rows();
    const list = timesOf(all);
    const listed = listedRows(list.map((at) => ({ at, values: [] })));
    const first = list[0] ?? 0;
    const moment = fc.integer({ min: first - 600_000, max: STARTED + 600_000 });
    fc.assert(
      fc.property(moment, moment, fc.nat(3100), fc.integer({ min: -5, max: 50 }), (from, to, start, count) => {
        const picked = all.between(from, to);
        expect(timesOf(picked)).toEqual(list.filter((at) => at >= from && at <= to));
        expect(timesOf(listed.between(from, to))).toEqual(timesOf(picked));
        expect(timesOf(all.slice(start, count))).toEqual(list.slice(start, start + Math.max(0, count)));
      }),
    );
  });
});

describe('values', () => {
  const physics = createPhysics(7, STARTED);

  it('have the mean between the lowest and the highest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500_000 }), (slot) => {
        const { low, mean, high } = intervalOf(physics, 7, STARTED - slot * 900_000, 900);
        for (const of of ['activePowerTotal', 'voltageLineToLineAverage', 'currentAverage', 'frequency'] as const) {
          expect(low[of]).toBeLessThanOrEqual(mean[of]);
          expect(mean[of]).toBeLessThanOrEqual(high[of]);
        }
      }),
    );
  });

  it('have less load at weekends and in summer, and a swing over the day', () => {
    const dayOf = (at: number): number[] =>
      Array.from({ length: 96 }, (_, slot) => intervalOf(physics, 7, at + slot * 900_000, 900).mean.activePowerTotal);
    const meanOf = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0) / values.length;
    const wednesday = dayOf(Date.UTC(2026, 0, 21));
    expect(meanOf(dayOf(Date.UTC(2026, 0, 25)))).toBeLessThan(0.8 * meanOf(wednesday));
    expect(meanOf(dayOf(Date.UTC(2026, 6, 22)))).toBeLessThan(0.85 * meanOf(wednesday));
    expect(Math.max(...wednesday) / Math.min(...wednesday)).toBeGreaterThan(1.3);
  });

  it('fall in sags, which the low log shows', () => {
    const slots = Array.from({ length: 3000 }, (_, slot) => STARTED - slot * 900_000);
    const hit = slots.filter((end) => sagWithin(7, end - 900_000, end) !== undefined);
    expect(hit.length).toBeGreaterThan(10);
    expect(hit.length).toBeLessThan(200);
    for (const end of hit) {
      const { low, mean } = intervalOf(physics, 7, end, 900);
      expect(Math.min(...low.voltageLineToNeutral)).toBeLessThan(0.9 * Math.min(...mean.voltageLineToNeutral));
    }
  });

  it('find the same sag whatever the interval it is looked for in', () => {
    const six = 6 * 3_600_000;
    for (let cell = 0; cell < 200; cell += 1) {
      const whole = sagWithin(7, cell * six, (cell + 1) * six);
      const parts = Array.from({ length: 24 }, (_, part) =>
        sagWithin(7, cell * six + part * 900_000, cell * six + (part + 1) * 900_000),
      ).filter((sag) => sag !== undefined);
      expect(parts.map(({ residual }) => residual)).toEqual(whole === undefined ? [] : [whole.residual]);
    }
  });
});
