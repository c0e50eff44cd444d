import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phasorAt, rmsAt, sampleAt, turned } from '../../../shared/domain/waveform/analysis.ts';

/** A sine of 50 or 60 Hz in samples of one rate. */
function sine(options: { rms: number; degrees: number; hz: number; perCycle: number; cycles: number }) {
  const { rms, degrees, hz, perCycle, cycles } = options;
  const times = Float64Array.from({ length: perCycle * cycles }, (_, index) => index / (hz * perCycle) - 0.04);
  const values = times.map((time) => rms * Math.SQRT2 * Math.cos(2 * Math.PI * hz * time + (degrees * Math.PI) / 180));
  return { times, values };
}
const wave = fc.record({
  rms: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
  degrees: fc.double({ min: -180, max: 180, noNaN: true }),
  hz: fc.constantFrom(50, 60),
  perCycle: fc.integer({ min: 16, max: 1024 }),
  cycles: fc.integer({ min: 2, max: 6 }),
});

describe('a sampled sine', () => {
  it('has the r.m.s. that it was made with, wherever a whole cycle lies before', () => {
    fc.assert(
      fc.property(wave, fc.double({ min: 0, max: 1, noNaN: true }), (made, place) => {
        const samples = sine(made);
        const index = made.perCycle + Math.floor(place * (samples.times.length - made.perCycle - 1));
        expect((rmsAt(samples, samples.times[index] ?? 0, made.hz) ?? 0) / made.rms).toBeCloseTo(1, 6);
      }),
    );
  });

  it('has the size and the difference of angle that it was made with', () => {
    fc.assert(
      fc.property(wave, fc.double({ min: -179, max: 179, noNaN: true }), (made, lag) => {
        const one = sine(made);
        const other = sine({ ...made, degrees: made.degrees - lag });
        const at = one.times.at(-1) ?? 0;
        const [a, b] = [phasorAt(one, at, made.hz), phasorAt(other, at, made.hz)];
        expect((a?.rms ?? 0) / made.rms).toBeCloseTo(1, 6);
        expect(Math.abs(turned(turned(a?.angle ?? 0, b?.angle ?? 0), lag))).toBeLessThan(1e-4);
      }),
    );
  });

  it('says nothing before its first whole cycle, without a frequency, and over a missing sample', () => {
    const samples = sine({ rms: 230, degrees: 0, hz: 50, perCycle: 64, cycles: 3 });
    expect(rmsAt(samples, samples.times[40] ?? 0, 50)).toBeNull();
    expect(rmsAt(samples, -1, 50)).toBeNull();
    expect(phasorAt(samples, samples.times.at(-1) ?? 0, 0)).toBeNull();
    samples.values[150] = Number.NaN;
    expect(rmsAt(samples, samples.times.at(-1) ?? 0, 50)).toBeNull();
    expect(rmsAt({ times: new Float64Array(0), values: new Float64Array(0) }, 0, 50)).toBeNull();
  });

  it('keeps its r.m.s. across a change of the sampling rate', () => {
    const slow = Array.from({ length: 64 }, (_, index) => index / 3_200);
    const fast = Array.from({ length: 320 }, (_, index) => 0.02 + index / 16_000);
    const times = Float64Array.from([...slow, ...fast]);
    const values = times.map((time) => 10 * Math.SQRT2 * Math.sin(2 * Math.PI * 50 * time));
    expect(rmsAt({ times, values }, 0.03, 50)).toBeCloseTo(10, 1);
  });

  it('finds samples and turns angles', () => {
    const times = Float64Array.from([0, 1, 2]);
    expect([-1, 0, 0.5, 2, 9].map((at) => sampleAt(times, at))).toEqual([-1, 0, 0, 2, 2]);
    expect([turned(10, 350), turned(-170, 170), turned(180, 0)]).toEqual([20, 20, 180]);
  });
});
