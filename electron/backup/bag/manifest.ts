import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';

/** One line of a manifest: a file of the bag and its SHA-256. */
export interface ManifestEntry {
  /** Relative to the bag, segments joined with `/`, decoded. */
  readonly path: string;
  /** Hex, lower case. */
  readonly sha256: string;
}

/** A manifest of a backup has a few hundred lines; this many is no manifest of ours. */
const MAX_ENTRIES = 100_000;
const LINE = /^([0-9a-fA-F]{64})[ \t]+(\S.*)$/s;

/** Percent-encodes line feed, carriage return and the percent sign, and only those. Source: RFC 8493, 2.1.3. */
export function encodeBagPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The inverse of {@link encodeBagPath}; undefined when a percent sign starts anything but %25, %0D or %0A. */
export function decodeBagPath(text: string): string | undefined {
  if (/%(?!25|0[AaDd])/.test(text)) return undefined;
  return text.replace(/%(25|0[AaDd])/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The text of a manifest, in the form that `sha256sum -c` reads, too; sorted by path so that the same files give the same bytes. */
export function formatManifest(entries: readonly ManifestEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.map((entry) => `${entry.sha256}  ${encodeBagPath(entry.path)}\n`).join('');
}

/**
 * Reads a manifest (RFC 8493, 2.1.3; lines end with LF, CR or CRLF). Fails with `backup/manifest-changed` on a line that is none, on a path that
 * stands twice, on more than 100,000 lines, and with `backup/unsafe-path` on a path that leads out of the bag.
 */
export function parseManifest(text: string): Result<readonly ManifestEntry[]> {
  const entries = new Map<string, ManifestEntry>();
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > MAX_ENTRIES + 1) return malformed(`It has more than ${MAX_ENTRIES} lines.`);
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break;
    const match = LINE.exec(line);
    const path = decodeBagPath(match?.[2] ?? '');
    if (match?.[1] === undefined || path === undefined)
      return malformed(`Line ${index + 1} is not "<SHA-256>  <path>".`);
    if (!isSafeBagPath(path)) return unsafe(path);
    if (entries.has(path)) return malformed(`Line ${index + 1} repeats ${JSON.stringify(path.slice(0, 200))}.`);
    entries.set(path, { path, sha256: match[1].toLowerCase() });
  }
  return ok([...entries.values()]);
}

/**
 * True when a path stays inside the bag on every system: relative, no `.` or `..`, no empty segment, no backslash, drive, stream or NUL, and
 * no segment that Windows would read as another name (trailing dot or blank).
 */
export function isSafeBagPath(path: string): boolean {
  if (path === '' || path.length > 4096 || path.startsWith('~') || /[\\:\0]/.test(path)) return false;
  return path.split('/').every((segment) => segment !== '' && !/[. ]$/.test(segment));
}

function malformed(because: string): Result<never> {
  return fail({
    code: 'backup/manifest-changed',
    title: 'A list of files in the backup cannot be read',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Do not rely on this backup. Use another copy of it, or take a new one.',
  });
}

function unsafe(path: string): Result<never> {
  return fail({
    code: 'backup/unsafe-path',
    title: 'The backup lists a file outside of itself',
    because: `The path ${JSON.stringify(path.slice(0, 200))} is not a plain path inside the backup.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Do not open files of this backup; it was not made by Meterwright, or it was changed.',
  });
}
