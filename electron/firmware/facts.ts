import { compareFirmware, type FirmwareVersion, formatFirmware } from '../../shared/domain/firmware-version.ts';
import { compareIonSetup, type IonSetupVersion } from '../../shared/domain/ion-setup-version.ts';
import { type Problem, problem } from '../../shared/domain/problem.ts';
import type { CheckedMember } from './hash-check.ts';
import { isTextMember } from './member-role.ts';
import type { SimulatedImage } from './simulated-image.ts';
import { decodeText } from './text.ts';
import type { FirmwarePackage, SignatureState } from './types.ts';
import { ionSetupIn, modelIn, versionInName, versionInText } from './versions.ts';

/** Simulated images of a package by path of the member; vendor images are not in it. */
export type SimulatedImages = ReadonlyMap<string, SimulatedImage>;

type TargetFacts = Pick<FirmwarePackage, 'targetVersion' | 'targetVersionFrom' | 'model' | 'minimumStart'>;

/** One place that names a version. */
interface Evidence {
  readonly from: string;
  readonly version: FirmwareVersion;
}

/**
 * What the package brings a meter to, from the best source that says so: the header of the main image, its file name, the name of the
 * package, the what's-new text. Sources that contradict each other are a problem; so is a version that nobody names.
 */
export function targetFacts(
  packageName: string,
  main: CheckedMember | undefined,
  members: readonly CheckedMember[],
  images: SimulatedImages,
): { readonly facts: TargetFacts; readonly problems: readonly Problem[] } {
  const header = main === undefined ? null : (images.get(main.path)?.header ?? null);
  const evidence: Evidence[] = [];
  const note = (from: string, version: FirmwareVersion | null | undefined): void => {
    if (version !== null && version !== undefined) evidence.push({ from, version });
  };
  note('image header', header?.version);
  if (main !== undefined) note('file name', versionInName(main.path));
  note('package name', versionInName(packageName));
  for (const member of members) {
    if (member.role !== 'whats-new') continue;
    note("what's new", versionInName(member.path));
    if (isTextMember(member.path)) note("what's new", versionInText(decodeText(member.content)));
  }
  const best = evidence[0];
  const model = header?.model ?? (main === undefined ? null : modelIn(main.path)) ?? modelIn(packageName);
  const facts = {
    targetVersion: best?.version ?? null,
    targetVersionFrom: best?.from ?? 'nowhere',
    model,
    minimumStart: header?.minimumStart ?? null,
  };
  if (main === undefined) return { facts, problems: [] };
  if (best === undefined) return { facts, problems: [versionUnknown()] };
  const other = evidence.find((candidate) => compareFirmware(candidate.version, best.version) !== 0);
  return { facts, problems: other === undefined ? [] : [contradiction(best, other)] };
}

/** The highest ION Setup version that any text of the package asks for, or null. */
export function minimumIonSetup(members: readonly CheckedMember[]): IonSetupVersion | null {
  let highest: IonSetupVersion | null = null;
  for (const member of members) {
    if (!isTextMember(member.path)) continue;
    const found = ionSetupIn(decodeText(member.content));
    if (found !== null && (highest === null || compareIonSetup(found, highest) > 0)) highest = found;
  }
  return highest;
}

/**
 * One word for all images: `invalid` as soon as one simulated image is invalid, else that of the main image, else that of any image.
 */
export function signatureOf(
  main: CheckedMember | undefined,
  others: readonly CheckedMember[],
  images: SimulatedImages,
): SignatureState {
  if ([...images.values()].some((image) => image.signature === 'invalid')) return 'invalid';
  const judged = main ?? others[0];
  if (judged === undefined) return 'no-image';
  return images.get(judged.path)?.signature ?? 'meter-checks-it';
}

/** One problem for each simulated image whose signature does not hold. */
export function signatureProblems(images: SimulatedImages): readonly Problem[] {
  return [...images].flatMap(([path, image]) =>
    image.signature === 'verified'
      ? []
      : [
          problem({
            code: 'package/bad-signature',
            title: 'The signature of a firmware image does not hold',
            because: `${path}: ${image.because}.`,
            nextStep: 'Do not use this package: a meter would refuse the image. Get it again.',
            details: { member: path },
          }),
        ],
  );
}

function versionUnknown(): Problem {
  return problem({
    code: 'package/version-unknown',
    title: 'The package does not say which firmware version it brings',
    because: "Neither the image nor a file name nor a what's-new text names a version.",
    nextStep: 'Compare with the release page of the vendor, and use the package under its original name.',
  });
}

function contradiction(best: Evidence, other: Evidence): Problem {
  const [one, two] = [formatFirmware(best.version), formatFirmware(other.version)];
  return problem({
    code: 'package/contradictory-versions',
    title: 'The package contradicts itself about its firmware version',
    because: `The ${best.from} says ${one}, the ${other.from} says ${two}.`,
    nextStep: 'Do not use this package before you know which is true. Get it again from the vendor.',
    details: { [best.from]: one, [other.from]: two },
  });
}
