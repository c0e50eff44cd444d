import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapAfter, planTrend, rowAt, trendGaps, trendSeries, trendTimes } from '../../../shared/domain/trend.ts';

const MINUTE = 60_000;
const AFTER = gapAfter(60);

/** A periodic log with power failures: steps of a minute, some of them much longer, some rows at the same time. */
const log = fc
  .array(
    fc.record({
      step: fc.oneof(
        { weight: 20, arbitrary: fc.constant(MINUTE) },
        { weight: 1, arbitrary: fc.integer({ min: 2 * MINUTE, max: 400 * MINUTE }) },
        { weight: 1, arbitrary: fc.constant(0) },
      ),
      value: fc.oneof(
        { weight: 9, arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) },
        fc.constant(Number.NaN),
      ),
    }),
    { minLength: 1, maxLength: 600 },
  )
  .map((rows) => {
    let at = Date.UTC(2026, 0, 1);
    const times = Float64Array.from(rows, ({ step }) => {
      at += step;
      return at;
    });
    return { times, values: Float64Array.from(rows, ({ value }) => value) };
  });
const points = fc.integer({ min: 4, max: 200 });

function wholeOf(times: Float64Array) {
  return { from: times[0] ?? 0, to: times[times.length - 1] ?? 0 };
}

const real = (values: Iterable<number | null>): number[] =>
  [...values].filter((value): value is number => value !== null && !Number.isNaN(value));

describe('a thinned trend', () => {
  it('keeps the smallest and the largest value, and says them', () => {
    fc.assert(
      fc.property(log, points, ({ times, values }, most) => {
        const plan = planTrend(times, { ...wholeOf(times), points: most, gapAfter: AFTER });
        const series = trendSeries(values, plan);
        const all = real(values);
        const shown = real(series.values);
        expect(series.count).toBe(all.length);
        expect(series.min).toBe(all.length === 0 ? null : Math.min(...all));
        expect(series.max).toBe(all.length === 0 ? null : Math.max(...all));
        expect(series.last).toBe(all.at(-1) ?? null);
        expect(shown.length === 0 ? null : Math.min(...shown)).toBe(series.min);
        expect(shown.length === 0 ? null : Math.max(...shown)).toBe(series.max);
      }),
    );
  });

  it('has a time for each value, in rising order, and no more than a screen can take', () => {
    fc.assert(
      fc.property(log, points, ({ times, values }, most) => {
        const plan = planTrend(times, { ...wholeOf(times), points: most, gapAfter: AFTER });
        const at = trendTimes(times, plan);
        expect(at.length).toBe(trendSeries(values, plan).values.length);
        expect(at.every((time, index) => index === 0 || time >= (at[index - 1] ?? 0))).toBe(true);
        expect(at.length).toBeLessThanOrEqual(6 * most + 6);
      }),
    );
  });

  it('draws no line across a gap', () => {
    fc.assert(
      fc.property(log, points, ({ times, values }, most) => {
        const plan = planTrend(times, { ...wholeOf(times), points: most, gapAfter: AFTER });
        const { gaps, count } = trendGaps(times, { ...wholeOf(times), gapAfter: AFTER }, 10_000);
        expect(gaps.length).toBe(count);
        if (count > most) return;
        const at = trendTimes(times, plan);
        const drawn = trendSeries(values, plan).values;
        for (const { from, to } of gaps) {
          const inside = at.findIndex((time) => time > from && time < to);
          expect(inside, 'a point in the gap').toBeGreaterThanOrEqual(0);
          expect(drawn[inside], 'and it breaks the line').toBeNull();
        }
      }),
    );
  });

  it('is the log itself where there is room for all rows', () => {
    fc.assert(
      fc.property(log, ({ times, values }) => {
        const plan = planTrend(times, { ...wholeOf(times), points: times.length + 4, gapAfter: 0 });
        expect(plan.thinned).toBe(false);
        expect(trendTimes(times, plan)).toEqual([...times]);
        expect(trendSeries(values, plan).values).toEqual(
          [...values].map((value) => (Number.isNaN(value) ? null : value)),
        );
      }),
    );
  });

  it('takes one row on each side along, and counts only those inside', () => {
    const times = Float64Array.from([0, 1, 2, 3, 4, 5].map((minute) => minute * MINUTE));
    const values = Float64Array.from([100, 1, 2, 3, 4, 200]);
    const plan = planTrend(times, { from: 1.5 * MINUTE, to: 3 * MINUTE, points: 100, gapAfter: AFTER });
    expect(trendTimes(times, plan)).toEqual([MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE]);
    expect(trendSeries(values, plan)).toEqual({ values: [1, 2, 3, 4], min: 2, max: 3, last: 3, count: 2 });
  });

  it('shows a view between two rows, outside the log, and of rows that all have one time', () => {
    const times = Float64Array.from([0, MINUTE]);
    const between = planTrend(times, { from: 1, to: 2, points: 100, gapAfter: 0 });
    expect(trendTimes(times, between)).toEqual([0, MINUTE]);
    expect(trendSeries(Float64Array.from([1, 2]), between).count).toBe(0);
    const outside = planTrend(times, { from: 10 * MINUTE, to: 20 * MINUTE, points: 100, gapAfter: 0 });
    expect(trendTimes(times, outside)).toEqual([MINUTE]);
    const same = new Float64Array(5_000).fill(7);
    const plan = planTrend(same, { from: 7, to: 7, points: 10, gapAfter: 0 });
    expect(trendTimes(same, plan)).toEqual([7, 7]);
    expect(
      trendTimes(new Float64Array(0), planTrend(new Float64Array(0), { from: 0, to: 1, points: 4, gapAfter: 0 })),
    ).toEqual([]);
  });

  it('finds the first row that is not before a time', () => {
    fc.assert(
      fc.property(log, fc.integer({ min: -10, max: 700 }), ({ times }, minute) => {
        const time = (times[0] ?? 0) + minute * MINUTE;
        const found = times.findIndex((one) => one >= time);
        expect(rowAt(times, time)).toBe(found === -1 ? times.length : found);
      }),
    );
  });

  it('thins a million rows in a moment', () => {
    const times = Float64Array.from({ length: 1_000_000 }, (_, row) => row * MINUTE);
    const values = Float64Array.from(times, (time) => Math.sin(time / 1e9));
    values[777_777] = 99;
    const plan = planTrend(times, { ...wholeOf(times), points: 2_000, gapAfter: AFTER });
    expect(trendTimes(times, plan).length).toBeLessThanOrEqual(2_002);
    expect(trendSeries(values, plan).max).toBe(99);
  });
});
