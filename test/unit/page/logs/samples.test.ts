import { describe, expect, it } from 'vitest';
import { factorOf, phaseOf } from '../../../../renderer/features/waveforms/samples.ts';

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
