import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockConsequences,
  clockOffset,
  isClockWrong,
  TIME_SYNC_SOURCES,
} from '../../../../shared/domain/settings/clock.ts';

describe('clockOffset', () => {
  it('takes the answer as the time in the middle of the question', () => {
    expect(clockOffset({ sentAt: 1_000, receivedAt: 1_100, meterAt: 3_050, resolution: 0 })).toEqual({
      pcAt: 1_050,
      offsetSeconds: 2,
      uncertaintySeconds: 0.05,
    });
  });

  it('has the true offset within its uncertainty, wherever in the round trip the meter looked at its clock', () => {
    const milliseconds = fc.integer({ min: 0, max: 10_000 });
    const offset = fc.integer({ min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(milliseconds, milliseconds, offset, fc.constantFrom(1, 1_000), (there, back, truth, step) => {
        const sentAt = 1_700_000_000_000;
        const looked = sentAt + there + truth;
        const measured = clockOffset({
          sentAt,
          receivedAt: sentAt + there + back,
          meterAt: Math.floor(looked / step) * step,
          resolution: step / 1_000,
        });
        const error = Math.abs(measured.offsetSeconds - truth / 1_000);
        expect(error).toBeLessThanOrEqual(measured.uncertaintySeconds + 1e-6);
        if (truth === 0) expect(isClockWrong(measured)).toBe(false);
      }),
    );
  });

  it('takes a PC clock that was set back for no round trip', () => {
    expect(clockOffset({ sentAt: 2_000, receivedAt: 1_000, meterAt: 1_500, resolution: 1 }).uncertaintySeconds).toBe(1);
  });

  it.each([
    [1, 1, false],
    [1.001, 1, true],
    [-1.001, 1, true],
    [0, 0, false],
  ])('%d s off, known to %d s, is wrong: %s', (offsetSeconds, uncertaintySeconds, wrong) => {
    expect(isClockWrong({ offsetSeconds, uncertaintySeconds })).toBe(wrong);
  });
});

describe('clockConsequences', () => {
  it('are repeated records when the clock is set back, and a gap when it is set forward', () => {
    expect(clockConsequences(5, 'ETHERNET - ION')).toEqual([
      'clock-interval-split',
      'clock-records-repeat',
      'clock-event-logged',
    ]);
    expect(clockConsequences(-5, 'COM1')).toEqual(['clock-interval-split', 'clock-records-gap', 'clock-event-logged']);
    expect(clockConsequences(0, 'COM1')).toEqual(['clock-interval-split', 'clock-event-logged']);
  });

  it('include that a source which syncs by itself wins, also when it is not known', () => {
    const wins = [...TIME_SYNC_SOURCES, null].filter((source) =>
      clockConsequences(1, source).includes('clock-time-source-wins'),
    );
    expect(wins).toEqual(['ETHERNET', 'ETHERNET - PTP', 'IRIG-B', null]);
  });
});
