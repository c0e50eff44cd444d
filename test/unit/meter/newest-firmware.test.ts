import { describe, expect, it } from 'vitest';
import { newestFirmware } from '../../../electron/meter/newest-firmware.ts';
import { meterProfile } from '../../../electron/meter/profile.ts';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';

describe('the newest firmware', () => {
  it('is the last release of the checked profile', () => {
    const profile = meterProfile();
    if (!profile.ok) throw new Error(profile.problem.because);
    expect(newestFirmware()).toEqual(profile.value.releases.at(-1)?.version);
  });

  it('is told by number and not by place or text', () => {
    const newest = newestFirmware([{ version: '4.6.0' }, { version: '10.0.0' }, { version: '4.10.1' }]);
    expect(newest === null ? null : formatFirmware(newest)).toBe(formatFirmware({ major: 10, minor: 0, patch: 0 }));
  });

  it('is not known where a version cannot be read, or where there is none', () => {
    expect(newestFirmware([{ version: '4.6.0' }, { version: 'soon' }])).toBeNull();
    expect(newestFirmware([])).toBeNull();
  });
});
