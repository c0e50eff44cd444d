import { fail, ok, type Result } from './problem.ts';

/**
 * Version of ION Setup: four integers, compared left to right. The third is usually a build date YYDDD
 * (25037 = day 37 of 2025, 3.2.25037.01 is what firmware 4.6.0 asks for).
 * The vendor once printed 3.2.30377.02 (FAQ of January 2021 for the ION8650), which is no date: it still compares numerically,
 * but it must not be trusted as "newer than 25037" without a word of warning.
 */
export interface IonSetupVersion {
  readonly parts: readonly [number, number, number, number];
  /** Set when the third number is no date of the form YYDDD with DDD in 1..366. */
  readonly warning?: string;
}

const SPELLING = /^[vV]?(\d{1,5})\.(\d{1,5})\.(\d{1,5})\.(\d{1,5})$/;

/** Reads "3.2.25037.01" (a leading V is allowed); refuses the rest with `ion-setup/unreadable-version`. */
export function parseIonSetupVersion(text: string): Result<IonSetupVersion> {
  const match = SPELLING.exec(text.trim());
  if (match === null) {
    return fail({
      code: 'ion-setup/unreadable-version',
      title: 'This is not an ION Setup version',
      because: `Expected four numbers like 3.2.25037.01, got ${JSON.stringify(text.slice(0, 40))}.`,
      nextStep: 'Read the version in ION Setup under Help > About and enter all four numbers.',
    });
  }
  const parts = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])] as const;
  const day = parts[2] % 1000;
  if (parts[2] >= 10_000 && day >= 1 && day <= 366) return ok({ parts });
  return ok({ parts, warning: `Build ${parts[2]} does not look like a date build (year and day of the year).` });
}

/** For constants in source; throws on anything {@link parseIonSetupVersion} refuses. */
export function ionSetupVersion(text: string): IonSetupVersion {
  const parsed = parseIonSetupVersion(text);
  if (!parsed.ok) throw new TypeError(parsed.problem.because);
  return parsed.value;
}

/** Negative when a is older than b, 0 when equal, positive when newer. */
export function compareIonSetup(a: IonSetupVersion, b: IonSetupVersion): number {
  for (const index of [0, 1, 2, 3] as const) {
    const difference = a.parts[index] - b.parts[index];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The vendor's form: the last number has two digits, "3.2.25037.01". */
export function formatIonSetup(version: IonSetupVersion): string {
  const [major, minor, build, revision] = version.parts;
  return `${major}.${minor}.${build}.${String(revision).padStart(2, '0')}`;
}
