import { fail, ok, type Result } from './problem.ts';

/**
 * Firmware version of a meter: three integers 0..999, compared left to right. It is not semver: there are no
 * pre-releases and no build metadata, and "4.6.0" and "V004.006.000" are the same version.
 * Source: both spellings stand in the vendor's release notes ("4.6.0 (V004.006.000)").
 */
export interface FirmwareVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

const SPELLING = /^[vV]?(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * Reads "4.6.0", "V4.6.0", "004.006.000" or "V004.006.000"; blanks and NULs at the ends are ignored because registers are padded
 * with them. Everything else is refused with `firmware/unreadable-version`.
 */
export function parseFirmwareVersion(text: string): Result<FirmwareVersion> {
  const match = SPELLING.exec(trimPadding(text));
  if (match === null) {
    return fail({
      code: 'firmware/unreadable-version',
      title: 'This is not a firmware version',
      because: `Expected a text like 4.6.0 or V004.006.000, got ${JSON.stringify(text.slice(0, 40))}.`,
      nextStep: 'Check where the text comes from; a version has three numbers of up to three digits.',
    });
  }
  const [, major, minor, patch] = match;
  return ok({ major: Number(major), minor: Number(minor), patch: Number(patch) });
}

/** For constants in source and data that a test has read already; throws on anything {@link parseFirmwareVersion} refuses. */
export function firmwareVersion(text: string): FirmwareVersion {
  const parsed = parseFirmwareVersion(text);
  if (!parsed.ok) throw new TypeError(parsed.problem.because);
  return parsed.value;
}

/** Negative when a is older than b, 0 when equal, positive when newer. */
export function compareFirmware(a: FirmwareVersion, b: FirmwareVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** True when `version` is `floor` or newer. */
export function atLeast(version: FirmwareVersion, floor: FirmwareVersion): boolean {
  return compareFirmware(version, floor) >= 0;
}

/** The one form that people see: "4.6.0". */
export function formatFirmware(version: FirmwareVersion): string {
  return `${version.major}.${version.minor}.${version.patch}`;
}

/** The vendor's long form, as registers carry it: "004.006.000" (11 characters). */
export function formatFirmwareLong(version: FirmwareVersion): string {
  return [version.major, version.minor, version.patch].map((part) => String(part).padStart(3, '0')).join('.');
}

/** Removes blanks and NULs from both ends. */
function trimPadding(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0 || code === 0x20;
}
