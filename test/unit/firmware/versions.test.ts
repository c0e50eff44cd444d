import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ionSetupIn, modelIn, versionInName, versionInText } from '../../../electron/firmware/versions.ts';
import { formatFirmware, formatFirmwareLong } from '../../../shared/domain/firmware-version.ts';
import { formatIonSetup } from '../../../shared/domain/ion-setup-version.ts';

const part = fc.integer({ min: 0, max: 999 });
const version = fc.record({ major: part, minor: part, patch: part });

function inName(name: string): string | null {
  const found = versionInName(name);
  return found === null ? null : formatFirmware(found);
}

describe('firmware version in a file name', () => {
  it('is found in every spelling', () => {
    fc.assert(
      fc.property(version, (value) => {
        const dotted = formatFirmware(value);
        const long = formatFirmwareLong(value);
        const names = [
          `ION7400_V${long}.upx`,
          `ION7400_v${dotted.replaceAll('.', '_')}.zip`,
          `ION7400-v${dotted.replaceAll('.', '-')}-hashes.txt`,
          `ION7400_${dotted.replaceAll('.', '_')}.upx`,
          `ION7400 ${dotted}.upx`,
          `folder/v9.9.9/PM8000_${dotted}.zip`,
        ];
        for (const name of names) expect(inName(name)).toBe(dotted);
      }),
    );
  });

  it('is not made up from dates, document numbers or longer versions', () => {
    for (const name of [
      'ION7400.upx',
      '2025_04_01.txt',
      '7EN12-0483-00.pdf',
      'ION_Setup_3.2.25037.01.exe',
      'a_1.2.3.4.zip',
      '10.20.zip',
      'PM8000',
    ]) {
      expect(inName(name)).toBeNull();
    }
  });
});

describe('firmware version in a text', () => {
  it('is the first one that the text calls so', () => {
    const notes =
      'PowerLogic™ ION7400 firmware version 4.6.0\nFirmware version 4.6.0 (V004.006.000) … before firmware version 4.0.0';
    expect(versionInText(notes)).toEqual({ major: 4, minor: 6, patch: 0 });
    expect(versionInText('firmware V004.006.000')).toEqual({ major: 4, minor: 6, patch: 0 });
    expect(versionInText('Install ION Setup v3.2.25037.01 or higher. Modbus 1.1.3')).toBeNull();
  });
});

describe('model in a name', () => {
  it('is found and nothing else is', () => {
    expect(modelIn('ION7400_V004.006.000.upx')).toBe('ION7400');
    expect(modelIn('fw-pm8000.zip')).toBe('PM8000');
    expect(modelIn('ION9000T_x.upx')).toBe('ION9000T');
    expect(modelIn('ION 7400 package.zip')).toBe('ION7400');
    expect(modelIn('VERSION7400')).toBeNull();
    expect(modelIn('OptionModule_V001.002.000.upx')).toBeNull();
  });
});

describe('minimum ION Setup in a text', () => {
  it('is the highest one that is named', () => {
    const found = ionSetupIn(
      'ION Setup 3.2.22341.01 … Install ION Setup v3.2.25037.01 or higher. ION Setup version 3.2.20218.01',
    );
    expect(found === null ? null : formatIonSetup(found)).toBe('3.2.25037.01');
    expect(ionSetupIn('ION SETUP V3.2.25037.01')?.parts).toEqual([3, 2, 25037, 1]);
    expect(ionSetupIn('ION Setup is needed.\nVersion 3.2.25037.01')).toBeNull();
    expect(ionSetupIn('Setup 3.2.25037.01')).toBeNull();
  });

  it('carries the warning of a build that is no date', () => {
    expect(ionSetupIn('ION Setup 3.2.30377.02')?.warning).toBeDefined();
  });
});

describe('texts made to be slow', () => {
  it('are read in no time', () => {
    const started = performance.now();
    for (const text of [
      `firmware${' '.repeat(1_000_000)}`,
      'ION Setup '.repeat(100_000),
      'ION '.repeat(250_000),
      '1.'.repeat(500_000),
    ]) {
      versionInText(text);
      versionInName(text);
      ionSetupIn(text);
      modelIn(text);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
