import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atLeast,
  compareFirmware,
  type FirmwareVersion,
  firmwareVersion,
  formatFirmware,
  formatFirmwareLong,
  parseFirmwareVersion,
} from '../../../shared/domain/firmware-version.ts';

const part = fc.integer({ min: 0, max: 999 });
const version = fc.record({ major: part, minor: part, patch: part });

describe('parseFirmwareVersion', () => {
  it.each([
    ['4.6.0', '4.6.0'],
    ['V004.006.000', '4.6.0'],
    ['v4.6.0', '4.6.0'],
    ['004.006.000', '4.6.0'],
    ['002.002.001', '2.2.1'],
    ['004.006.000\0', '4.6.0'],
    ['  4.10.2 \0\0', '4.10.2'],
    ['0.0.0', '0.0.0'],
    ['999.999.999', '999.999.999'],
  ])('reads %j as %s', (text, expected) => {
    const parsed = parseFirmwareVersion(text);
    expect(parsed.ok && formatFirmware(parsed.value)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '\0\0',
    '4',
    '4.6',
    '4.6.0.1',
    '4.6.0-rc1',
    '4.6.0+1',
    '4.6.',
    '.4.6',
    '4..0',
    '-4.6.0',
    '4.-6.0',
    '4.6.0\n',
    '4.6.0 beta',
    '1000.0.0',
    '4.0006.0',
    '4,6,0',
    'VV4.6.0',
    'V 4.6.0',
    '４.６.０',
    '4.6.0x',
    '1e1.0.0',
    '0x4.6.0',
  ])('refuses %j', (text) => {
    const parsed = parseFirmwareVersion(text);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problem.code).toBe('firmware/unreadable-version');
  });

  it('says at most 40 characters of what it got', () => {
    const parsed = parseFirmwareVersion('x'.repeat(100_000));
    expect(!parsed.ok && parsed.problem.because.length).toBeLessThan(120);
  });

  it('takes any text without throwing, and what it accepts has three numbers of 0..999', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('.', '0', '4', 'V', ' ', '\0') })),
        (text) => {
          const parsed = parseFirmwareVersion(text);
          if (!parsed.ok) return;
          for (const number of [parsed.value.major, parsed.value.minor, parsed.value.patch]) {
            expect(Number.isInteger(number) && number >= 0 && number <= 999).toBe(true);
          }
        },
      ),
    );
  });

  it('reads back both forms that are written', () => {
    fc.assert(
      fc.property(version, (value) => {
        expect(parseFirmwareVersion(formatFirmware(value))).toEqual({ ok: true, value });
        expect(parseFirmwareVersion(formatFirmwareLong(value))).toEqual({ ok: true, value });
        expect(parseFirmwareVersion(`V${formatFirmwareLong(value)}`)).toEqual({ ok: true, value });
        expect(formatFirmwareLong(value)).toHaveLength(11);
      }),
    );
  });
});

describe('firmwareVersion', () => {
  it('throws on what the parser refuses', () => {
    expect(firmwareVersion('4.6.0')).toEqual({ major: 4, minor: 6, patch: 0 });
    expect(() => firmwareVersion('4.6')).toThrow(TypeError);
  });
});

describe('compareFirmware', () => {
  it('compares numbers, not text', () => {
    expect(compareFirmware(firmwareVersion('4.10.0'), firmwareVersion('4.9.9'))).toBeGreaterThan(0);
    expect(compareFirmware(firmwareVersion('3.999.999'), firmwareVersion('4.0.0'))).toBeLessThan(0);
    expect(compareFirmware(firmwareVersion('V004.006.000'), firmwareVersion('4.6.0'))).toBe(0);
  });

  it('is a total order that agrees with the long form as text', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const sign = (x: FirmwareVersion, y: FirmwareVersion) => Math.sign(compareFirmware(x, y));
        const [la, lb] = [formatFirmwareLong(a), formatFirmwareLong(b)];
        expect(sign(a, b)).toBe(la < lb ? -1 : la > lb ? 1 : 0);
        expect(sign(a, b) + sign(b, a)).toBe(0);
        if (compareFirmware(a, b) <= 0 && compareFirmware(b, c) <= 0)
          expect(compareFirmware(a, c)).toBeLessThanOrEqual(0);
        expect(atLeast(a, b)).toBe(la >= lb);
      }),
    );
  });
});
