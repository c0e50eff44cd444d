import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareIonSetup,
  formatIonSetup,
  type IonSetupVersion,
  ionSetupVersion,
  parseIonSetupVersion,
} from '../../../shared/domain/ion-setup-version.ts';

const number = fc.integer({ min: 0, max: 99_999 });

describe('parseIonSetupVersion', () => {
  it.each(['3.2.20218.01', '3.2.22341.01', '3.2.25037.01', 'V3.2.25037.01', ' 3.2.25037.01 '])(
    'reads %j without a warning',
    (text) => {
      const parsed = parseIonSetupVersion(text);
      expect(parsed.ok).toBe(true);
      expect(parsed.ok && parsed.value.warning).toBeUndefined();
    },
  );

  it('reads 3.2.30377.02, which is no date, compares it numerically and warns', () => {
    const odd = ionSetupVersion('3.2.30377.02');
    expect(odd.warning).toContain('30377');
    expect(compareIonSetup(odd, ionSetupVersion('3.2.25037.01'))).toBeGreaterThan(0);
  });

  it.each([
    ['3.2.25000.01', true],
    ['3.2.25001.01', false],
    ['3.2.24366.01', false],
    ['3.2.25367.01', true],
    ['3.2.5.0', true],
    ['3.2.999.0', true],
  ])('%s: warns %s', (text, warns) => {
    expect(ionSetupVersion(text).warning !== undefined).toBe(warns);
  });

  it.each([
    '',
    '3.2.25037',
    '3.2.25037.01.1',
    '3.2.25037.x',
    '3.2.250371.01',
    '-3.2.25037.01',
    '3,2,25037,01',
    '3.2.25037.01 beta',
  ])('refuses %j', (text) => {
    const parsed = parseIonSetupVersion(text);
    expect(!parsed.ok && parsed.problem.code).toBe('ion-setup/unreadable-version');
    expect(() => ionSetupVersion(text)).toThrow(TypeError);
  });

  it('writes the form of the vendor and reads it back', () => {
    expect(formatIonSetup(ionSetupVersion('3.2.25037.1'))).toBe('3.2.25037.01');
    fc.assert(
      fc.property(fc.tuple(number, number, number, number), (parts) => {
        const parsed = parseIonSetupVersion(formatIonSetup({ parts }));
        expect(parsed.ok && parsed.value.parts).toEqual(parts);
      }),
    );
  });
});

describe('compareIonSetup', () => {
  it('takes the first number that differs', () => {
    const small = fc.integer({ min: 0, max: 3 });
    const version = fc.tuple(small, small, small, small).map((parts): IonSetupVersion => ({ parts }));
    const rank = ({ parts: [a, b, c, d] }: IonSetupVersion) => ((a * 4 + b) * 4 + c) * 4 + d;
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareIonSetup(a, b))).toBe(Math.sign(rank(a) - rank(b)));
      }),
    );
  });
});
