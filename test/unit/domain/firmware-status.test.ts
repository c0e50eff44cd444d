import { describe, expect, it } from 'vitest';
import { firmwareStatus } from '../../../shared/domain/firmware-status.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';

const v = firmwareVersion;
const danger = [{ severity: 'danger' as const }];
const warning = [{ severity: 'warning' as const }];

describe('the status of a firmware', () => {
  it('is unknown where either version is', () => {
    expect(firmwareStatus(null, v('4.6.0'), danger)).toBe('unknown');
    expect(firmwareStatus(v('4.6.0'), null, [])).toBe('unknown');
  });

  it('is below the security floor whenever a danger hits it, newest or not', () => {
    expect(firmwareStatus(v('2.1.0'), v('4.6.0'), danger)).toBe('below-security-floor');
    expect(firmwareStatus(v('4.6.0'), v('4.6.0'), danger)).toBe('below-security-floor');
    expect(firmwareStatus(v('2.1.0'), null, danger)).toBe('below-security-floor');
  });

  it('is about versions otherwise', () => {
    expect(firmwareStatus(v('4.0.0'), v('4.6.0'), warning)).toBe('upgrade-available');
    expect(firmwareStatus(v('4.6.0'), v('4.6.0'), [])).toBe('current');
  });

  it('claims nothing about a firmware that is newer than any known one', () => {
    expect(firmwareStatus(v('5.0.0'), v('4.6.0'), [])).toBe('unknown');
  });
});
