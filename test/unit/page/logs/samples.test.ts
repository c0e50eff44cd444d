import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorOf, phaseOf, sampleAt } from '../../../../renderer/features/waveforms/samples.ts';

describe('channels of a waveform', () => {
  it('are of the phase that their field says, else their name, and of none between phases', () => {
    const phases = [
      { phase: 'A', name: 'x' },
      { phase: 'L2', name: 'V1' },
      { phase: 'CN', name: '' },
      { phase: '', name: 'Ub' },
      { phase: '', name: 'I_L3' },
      { phase: 'S', name: '' },
      { phase: 'AB', name: 'Vab' },
      { phase: 'N', name: 'I4' },
    ].map(phaseOf);
    expect(phases).toEqual(['A', 'B', 'C', 'B', 'C', 'B', undefined, undefined]);
  });

  it('are multiplied with the ratio only where the record says which side they are of', () => {
    const ratio = { primary: 20_000, secondary: 100 };
    expect(factorOf({ ...ratio, side: 'secondary' }, 'primary')).toBe(200);
    expect(factorOf({ ...ratio, side: 'primary' }, 'secondary')).toBe(1 / 200);
    expect(factorOf({ ...ratio, side: 'primary' }, 'primary')).toBe(1);
    expect(factorOf({ ...ratio, side: 'unknown' }, 'primary')).toBe(1);
  });
});

describe('the sample of an instant', () => {
  const times = Float64Array.of(-2, -1, 0, 0.5, 3);

  it('is the last one that is not after it', () => {
    expect([-1, -0.5, 0, 0.4, 0.5, 2.9, 3, 100].map((at) => sampleAt(times, at))).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it('is the first where all are after it', () => {
    expect(sampleAt(times, -100)).toBe(0);
  });

  it('is what a look at every sample finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }),
        fc.integer({ min: -60, max: 60 }),
        (raw, at) => {
          const sorted = Float64Array.from([...new Set(raw)].sort((a, b) => a - b));
          expect(sampleAt(sorted, at)).toBe(Math.max(0, sorted.filter((time) => time <= at).length - 1));
        },
      ),
    );
  });
});
