import { compareFirmware, type FirmwareVersion } from './firmware-version.ts';
import type { Advisory } from './identity.ts';

/** How the firmware of a meter stands against what is known. */
export const FIRMWARE_STATUSES = ['current', 'upgrade-available', 'below-security-floor', 'unknown'] as const;
export type FirmwareStatus = (typeof FIRMWARE_STATUSES)[number];

/**
 * `below-security-floor` when an advisory of severity danger hits this firmware; `unknown` when either version is not known. A firmware newer
 * than the newest one known is unknown as well: nothing is known about it.
 */
export function firmwareStatus(
  version: FirmwareVersion | null,
  newest: FirmwareVersion | null,
  advisories: readonly Pick<Advisory, 'severity'>[],
): FirmwareStatus {
  if (version === null) return 'unknown';
  if (advisories.some(({ severity }) => severity === 'danger')) return 'below-security-floor';
  if (newest === null) return 'unknown';
  const order = compareFirmware(version, newest);
  return order < 0 ? 'upgrade-available' : order === 0 ? 'current' : 'unknown';
}
