import { describe, expect, it } from 'vitest';
import { numberOf, phasorsOf, valuesOf } from '../../../renderer/features/meter/values.ts';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatDuration,
  formatUtc,
  localQuantity,
} from '../../../renderer/ui/text/format.ts';
import type { Reading } from '../../../shared/contract/views.ts';

function reading(values: Readonly<Record<string, number | null>>): Reading {
  return {
    startedAt: '2026-11-22T19:00:00.000Z',
    endedAt: '2026-11-22T19:00:00.100Z',
    unread: [],
    values: Object.entries(values).map(([id, value]) => ({
      id,
      register: 1,
      type: 'float32',
      label: id,
      group: 'live',
      value: value ?? 'unavailable',
      unavailable: value === null,
      unit: '',
      text: String(value),
      provenance: 'public-evidence' as const,
    })),
  };
}

const volts = { 'voltage-a-n': 230, 'voltage-b-n': 230, 'voltage-c-n': 230 };

describe('phasors', () => {
  const angleOf = (values: Readonly<Record<string, number | null>>, kind: string, phase: string) =>
    phasorsOf(valuesOf(reading(values))).phasors.find((one) => one.kind === kind && one.phase === phase)?.angle;

  it('has the voltages 120 degrees apart in the order A, B, C clockwise', () => {
    expect(['A', 'B', 'C'].map((phase) => angleOf(volts, 'voltage', phase))).toEqual([0, 240, 120]);
  });

  it('turns a lagging current clockwise and a leading one the other way', () => {
    const lag = { ...volts, 'current-a': 10, 'active-power-a': 100, 'reactive-power-a': 100 };
    expect(angleOf(lag, 'current', 'A')).toBeCloseTo(315);
    expect(angleOf({ ...lag, 'reactive-power-a': -100 }, 'current', 'A')).toBeCloseTo(45);
  });

  it('draws a current that flows out of the load against its voltage', () => {
    const out = { ...volts, 'current-a': 10, 'active-power-a': -100, 'reactive-power-a': 0 };
    expect(angleOf(out, 'current', 'A')).toBeCloseTo(180);
  });

  it('falls back to the power factor, and draws nothing for one that is impossible', () => {
    expect(angleOf({ ...volts, 'current-a': 10, 'power-factor-a': 0.5 }, 'current', 'A')).toBeCloseTo(300);
    expect(angleOf({ ...volts, 'current-a': 10, 'power-factor-a': 1.5 }, 'current', 'A')).toBeUndefined();
  });

  it('names what has no value instead of drawing a zero', () => {
    const found = phasorsOf(valuesOf(reading({ ...volts, 'voltage-b-n': null })));
    expect(found.missing).toEqual(['IA', 'VB', 'IB', 'IC']);
    expect(found.phasors).toHaveLength(2);
  });

  it('takes no number from what is unavailable', () => {
    expect(numberOf(valuesOf(reading({ frequency: null })), 'frequency')).toBeNull();
    expect(numberOf(valuesOf(null), 'frequency')).toBeNull();
  });
});

describe('formats', () => {
  it('bytes in powers of a thousand', () => {
    const shown = [0, 999, 1000, 1536, 999_499, 999_500, 18_874_368].map((bytes) => formatBytes(bytes, 'en'));
    expect(shown.map((text) => text.replace('\u00a0', ' '))).toEqual([
      '0 B',
      '999 B',
      '1.00 kB',
      '1.54 kB',
      '999 kB',
      '1.00 MB',
      '18.9 MB',
    ]);
  });

  it('durations as a clock, never below zero', () => {
    expect([0, 7, 60, 754, 3723, -5].map(formatDuration)).toEqual(['0:00', '0:07', '1:00', '12:34', '1:02:03', '0:00']);
  });

  it('ages that never lie in the future', () => {
    const now = Date.parse('2026-11-22T19:00:00.000Z');
    expect(formatAge('2026-11-22T19:00:07.000Z', now, 'en')).toBe('now');
    expect(formatAge('2026-11-22T18:57:00.000Z', now, 'en')).toBe('3 min. ago');
    expect(formatAge('2026-11-20T18:57:00.000Z', now, 'en')).toBe('2 days ago');
  });

  it('UTC in one form', () => {
    expect(formatUtc('2026-11-22T19:00:07.250Z')).toBe('2026-11-22 19:00:07 UTC');
    // In the zone of the machine: what it says is the same instant, to the second.
    const clock = formatClock('2026-11-22T19:00:07.250Z');
    expect(clock).toMatch(/^2026-11-2[23] \d\d:\d\d:07 [+-]\d\d:\d\d$/);
    expect(new Date(clock.replace(' ', 'T').replace(' ', '')).toISOString()).toBe('2026-11-22T19:00:07.000Z');
  });
});

describe('a value of the engine', () => {
  it.each([
    ['28.862 kW', '28,862 kW'],
    ['158,821.311 kWh', '158.821,311 kWh'],
    ['9,223,372,036,854,775.807 kWh', '9.223.372.036.854.775,807 kWh'],
    ['-0.929', '-0,929'],
    ['86320.7890625 kWh', '86.320,7890625 kWh'],
    ['563571 kVAh', '563.571 kVAh'],
    ['-1,234,567 varh', '-1.234.567 varh'],
    ['0 W', '0 W'],
  ])('%s has the separators of the language, and all its digits', (text, german) => {
    expect(localQuantity(text, 'de')).toBe(german);
    const english = localQuantity(text, 'en');
    expect(english.replaceAll(',', '')).toBe(text.replaceAll(',', ''));
    expect(english).not.toMatch(/(?<![.\d])\d{4,}[., ]/);
  });

  it.each([
    '4.6.0',
    '10.0.0.7',
    '11 settings',
    '18000',
    '7400 ION',
    '1234 Whatever',
    'unavailable',
    '1,5 kW',
    '2026-11-22 19:04:05 UTC',
    '',
  ])('%s stays as it is: it is no quantity', (text) => expect(localQuantity(text, 'de')).toBe(text));
});
