import { releases as ion7400 } from '../../assets/meter-profiles/ion7400.json';
import { compareFirmware, type FirmwareVersion, parseFirmwareVersion } from '../../shared/domain/firmware-version.ts';

/**
 * The newest main firmware in the table of releases of the ION7400; null where one of its versions cannot be read. Of the whole profile only this is
 * needed for the first picture of a page, so it is not checked as a whole here.
 */
export function newestFirmware(releases: readonly { readonly version: string }[] = ion7400): FirmwareVersion | null {
  let newest: FirmwareVersion | null = null;
  for (const { version } of releases) {
    const parsed = parseFirmwareVersion(version);
    if (!parsed.ok) return null;
    if (newest === null || compareFirmware(parsed.value, newest) > 0) newest = parsed.value;
  }
  return newest;
}
