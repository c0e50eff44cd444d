import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatQuantity, UNITS } from '../../../shared/domain/units.ts';

describe('formatQuantity', () => {
  it.each([
    [1_234_567n, 'Wh', '1,234.567 kWh'],
    [0n, 'Wh', '0.000 kWh'],
    [-1n, 'varh', '-0.001 kvarh'],
    [-1_234_567_890_123n, 'VAh', '-1,234,567,890.123 kVAh'],
    [9_223_372_036_854_775_807n, 'Wh', '9,223,372,036,854,775.807 kWh'],
    [1_795_373_136n, 's', '1,795,373,136 s'],
    [1234n, '', '1,234'],
    [1_234_567, 'Wh', '1,234.567 kWh'],
    [1234.567, 'kWh', '1,234.567 kWh'],
    [0.5, 'kvarh', '0.500 kvarh'],
    [230.5, 'V', '230.5 V'],
    [11_000, 'V', '11.000 kV'],
    [999.9, 'W', '999.9 W'],
    [999.99, 'W', '1.000 kW'],
    [1000, 'W', '1.000 kW'],
    [999_999, 'W', '1.000 MW'],
    [-2_500_000, 'var', '-2.500 Mvar'],
    [3_000_000_000, 'VA', '3.000 GVA'],
    [50, 'Hz', '50.000 Hz'],
    [0.98, '', '0.980'],
    [-0.98, '', '-0.980'],
    [-0, 'A', '0.000 A'],
    [-0.0001, 'A', '0.000 A'],
    [12_345.678, 's', '12,345.7 s'],
    [Number.NaN, 'W', 'unavailable'],
    [Number.POSITIVE_INFINITY, 'Wh', 'unavailable'],
    [Number.NEGATIVE_INFINITY, '', 'unavailable'],
    [1e30, '', '1.000e+30'],
  ] as const)('%s %s -> %s', (value, unit, expected) => {
    expect(formatQuantity(value, unit)).toBe(expected);
  });

  it('loses no digit of an energy', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const text = formatQuantity(value, 'Wh');
        expect(BigInt(text.replace(/[^0-9-]/g, ''))).toBe(value);
      }),
    );
  });

  it('is within one in a thousand of the value, for every unit and every float', () => {
    const factors: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(...UNITS), (value, unit) => {
        const text = formatQuantity(value, unit);
        const [digits = '', shown = ''] = text.split(' ');
        expect(digits).toMatch(/^-?(\d{1,3}(,\d{3})*\.\d+|\d\.\d+e\+\d+)$/);
        const prefix = shown.endsWith(unit) ? shown.slice(0, shown.length - unit.length) : '?';
        const read = Number(digits.replace(/,/g, '')) * (prefix === '' ? 1 : (factors[prefix] ?? Number.NaN));
        const step = prefix === '' ? 1 : (factors[prefix] ?? 1);
        // One decimal is shown from 100 on, three below: half a thousandth of a unit, or of 100, whichever is coarser.
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(0.0006 * step, Math.abs(value) / 1000));
      }),
    );
  });
});
