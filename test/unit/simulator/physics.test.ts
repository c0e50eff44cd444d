import fc from 'fast-check';
import { expect, it } from 'vitest';
import { waveformRecord } from '../../../simulator/factory-files.ts';
import { createPhysics } from '../../../simulator/physics.ts';

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const times = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });

it('is the same for the same seed and another for another', () => {
  expect(createPhysics(5, 0).live(1e12)).toEqual(createPhysics(5, 0).live(1e12));
  expect(createPhysics(5, 0).live(1e12)).not.toEqual(createPhysics(6, 0).live(1e12));
});

it('has values that agree with each other and are plausible', () => {
  fc.assert(
    fc.property(seeds, times, (seed, at) => {
      const live = createPhysics(seed, 0).live(at);
      for (const k of [0, 1, 2] as const) {
        const product = live.voltageLineToNeutral[k] * live.current[k] * live.powerFactor[k];
        expect(live.activePower[k] / product).toBeCloseTo(1, 9);
        const triangle = Math.hypot(live.activePower[k], live.reactivePower[k]);
        expect(live.apparentPower[k] / triangle).toBeCloseTo(1, 9);
        expect(live.voltageLineToNeutral[k]).toBeGreaterThan(220);
        expect(live.voltageLineToNeutral[k]).toBeLessThan(240);
        expect(live.current[k]).toBeGreaterThan(1);
      }
      expect(live.voltageLineToLineAverage / live.voltageLineToNeutralAverage).toBeCloseTo(Math.sqrt(3), 2);
      expect(live.frequency).toBeGreaterThan(49.9);
      expect(live.frequency).toBeLessThan(50.1);
    }),
  );
});

it('has energies that only grow, by as much as the power says', () => {
  fc.assert(
    fc.property(seeds, times, fc.integer({ min: 0, max: 1e9 }), (seed, at, later) => {
      const physics = createPhysics(seed, Date.UTC(2020, 0));
      const before = physics.energy(at);
      const after = physics.energy(at + later);
      for (const [name, value] of Object.entries(after)) {
        expect(value >= before[name as keyof typeof before], name).toBe(true);
      }
      const minute = physics.energy(at + 3_600_000).activeDelivered - before.activeDelivered;
      const power = physics.live(at + 1_800_000).activePowerTotal;
      expect(Number(minute) / power).toBeGreaterThan(0.75);
      expect(Number(minute) / power).toBeLessThan(1.3);
    }),
  );
});

it('makes waveform records that obey the standard', () => {
  const record = waveformRecord({ station: 'SIM-1', number: 12, seed: 3, trigger: Date.UTC(2026, 1, 3, 4, 5, 6, 789) });
  expect(record.stem).toBe('cmt0__0000012');
  const lines = record.cfg.split('\r\n');
  expect(lines.slice(0, 3)).toEqual([
    'SIM-1,ION7400 SIMULATED,1999',
    '8,6A,2D',
    expect.stringMatching(/^1,V1,A,,V,1\.831110569e-2,0,0,-32767,32767,1,1,P$/),
  ]);
  expect(lines.slice(8)).toEqual([
    '1,DI1,,,0',
    '2,DI2,,,0',
    '50',
    '1',
    '3200,768',
    '03/02/2026,04:05:06.709000',
    '03/02/2026,04:05:06.789000',
    'BINARY',
    '1',
    '',
  ]);
  const size = 8 + 2 * 6 + 2;
  expect(record.dat.length).toBe(768 * size);
  expect(record.dat.readUInt32LE(767 * size)).toBe(768);
  expect(record.dat.readUInt32LE(767 * size + 4)).toBe(Math.round((767 * 1e6) / 3200));
});
