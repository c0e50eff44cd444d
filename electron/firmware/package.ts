import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ok, type Problem, problem, type Result } from '../../shared/domain/problem.ts';
import { importSiteMap } from '../meter/site-map/site-map.ts';
import type { SiteMap } from '../meter/site-map/types.ts';
import { readZip, type ZipLimits } from '../protocols/zip/read-zip.ts';
import { byteSourceOf } from './byte-source.ts';
import { digestOf } from './digest.ts';
import { minimumIonSetup, type SimulatedImages, signatureOf, signatureProblems, targetFacts } from './facts.ts';
import { type CheckedMember, checkHashLists, type UnlistedMember } from './hash-check.ts';
import { extensionOf, isImageName, roleOf } from './member-role.ts';
import { readWholeFile, stopped } from './read-file.ts';
import { parseSimulatedImage, type SimulatedImage } from './simulated-image.ts';
import type { FirmwarePackage, MemberRole, PackageMember } from './types.ts';

/** Bounds of a firmware package. */
const LIMITS: ZipLimits = {
  /** A package has about a dozen members; with all web pages and templates some hundreds. */
  maxMembers: 1000,
  /** Room for any image; the whole file may not be larger either. */
  maxMemberBytes: 512 * 1024 * 1024,
  /** Everything is in memory at once, beside the archive itself. */
  maxTotalBytes: 512 * 1024 * 1024,
  /** Texts and workbooks reach 30 to 50, images hardly 3; a bomb of zeros has 1000. */
  maxRatio: 200,
};

export interface PackageOptions {
  readonly signal?: AbortSignal;
  /** The meter's model: where a package holds main images for several models, the one of this model is taken. */
  readonly expectedModel?: string;
}

type ImageRole = 'main-image' | 'option-module-image' | 'remote-display-image';
const IMAGE_ROLES: readonly MemberRole[] = ['main-image', 'option-module-image', 'remote-display-image'];

/** Members and problems of a file, whatever its format. */
interface Opened {
  readonly format: FirmwarePackage['format'];
  readonly members: readonly CheckedMember[];
  readonly images: SimulatedImages;
  readonly siteMap: SiteMap | null;
  readonly problems: readonly Problem[];
  /** Nothing of a refused archive is handed out. */
  readonly refused: boolean;
}

/**
 * Reads a firmware package: opens the file once, holds it in memory, and everything it says is about those bytes. Fails only when nothing
 * sensible can be said of the file (`package/unreadable`, `too-large`, `not-a-zip`, `truncated`, `too-many-members`, `encrypted-member`,
 * `cancelled`); everything else that is wrong stands in `problems`. From an archive that is built to deceive `image` gives nothing.
 */
export async function readFirmwarePackage(
  file: string,
  options: PackageOptions = {},
): Promise<Result<FirmwarePackage>> {
  const { signal } = options;
  const bytes = await readWholeFile(file, signal);
  if (!bytes.ok) return bytes;
  const sha256 = await digestOf(bytes.value, 'sha256');
  const name = basename(file);
  const bare = isImageName(name) || parseSimulatedImage(bytes.value) !== null;
  const opened =
    bare && bytes.value.length > 0 ? await openBare(name, bytes.value, sha256) : await openZip(bytes.value, signal);
  if (!opened.ok) return opened;
  return ok(describe(file, sha256, opened.value, options.expectedModel));
}

async function openBare(name: string, bytes: Buffer, sha256: string): Promise<Result<Opened>> {
  const image = parseSimulatedImage(bytes);
  const role = roleOf(name, bytes, image?.header?.kind ?? null);
  const known: MemberRole = IMAGE_ROLES.includes(role) ? role : 'main-image';
  const member: CheckedMember = {
    path: name,
    role: known,
    size: bytes.length,
    sha256,
    listed: 'not-listed',
    content: bytes,
  };
  return ok({
    format: 'bare-image',
    members: [member],
    images: image === null ? new Map() : new Map([[name, image]]),
    siteMap: null,
    problems: [bareImage()],
    refused: false,
  });
}

async function openZip(bytes: Buffer, signal: AbortSignal | undefined): Promise<Result<Opened>> {
  if (bytes.length === 0) return { ok: false, problem: emptyFile() };
  const zip = await readZip(bytes, { room: 'package', limits: LIMITS, signal });
  if (!zip.ok) return zip;
  const images = new Map<string, SimulatedImage>();
  const unlisted: UnlistedMember[] = [];
  for (const { path, content } of zip.value.members) {
    await nextTurn();
    if (signal?.aborted) return stopped();
    const image = isImageName(path) ? parseSimulatedImage(content) : null;
    if (image !== null) images.set(path, image);
    const role = roleOf(path, content, image?.header?.kind ?? null);
    unlisted.push({ path, role, size: content.length, sha256: await digestOf(content, 'sha256'), content });
  }
  const { members, problems } = await checkHashLists(unlisted, namesIn(zip.value.problems));
  const map = await siteMapOf(members);
  return ok({
    format: 'zip',
    members,
    images,
    siteMap: map.siteMap,
    problems: [...zip.value.problems, ...problems, ...map.problems],
    refused: zip.value.refused,
  });
}

/** File names of the members that could not be unpacked, lower case. */
function namesIn(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(
    problems.flatMap(({ details }) => {
      const member = details['member'];
      return typeof member === 'string' ? [member.slice(member.lastIndexOf('/') + 1).toLowerCase()] : [];
    }),
  );
}

/** The first Modbus map workbook that can be understood. */
async function siteMapOf(
  members: readonly CheckedMember[],
): Promise<{ readonly siteMap: SiteMap | null; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  for (const member of members) {
    if (member.role !== 'modbus-map') continue;
    const imported = await importSiteMap(member.content, member.path);
    if (imported.ok) return { siteMap: imported.value.map, problems };
    problems.push(imported.problem);
  }
  return { siteMap: null, problems };
}

function describe(file: string, sha256: string, opened: Opened, expectedModel: string | undefined): FirmwarePackage {
  const { members, images } = opened;
  const mains = members.filter((member) => member.role === 'main-image');
  const fitting = mains.filter((member) => expectedModel !== undefined && isFor(member, images, expectedModel));
  const main = fitting[0] ?? mains[0];
  const others = members.filter((member) => member.role !== 'main-image' && IMAGE_ROLES.includes(member.role));
  const target = targetFacts(basename(file), main, members, images);
  const problems = [...opened.problems, ...signatureProblems(images), ...target.problems];
  if (main === undefined && others.length === 0) problems.push(noImage(members));
  if (mains.length > 1 && fitting.length !== 1) problems.push(severalMains(mains));
  const pick = (role: ImageRole): CheckedMember | undefined =>
    role === 'main-image' ? main : others.find((member) => member.role === role);
  return {
    file,
    format: opened.format,
    sha256,
    members: members.map(withoutContent),
    ...target.facts,
    minimumIonSetup: minimumIonSetup(members),
    signature: signatureOf(main, others, images),
    simulated: images.size > 0 || opened.siteMap?.provenance === 'simulated',
    siteMap: opened.siteMap,
    problems,
    image(role) {
      const member = opened.refused ? undefined : pick(role);
      return member === undefined
        ? undefined
        : { member: withoutContent(member), source: byteSourceOf(member.content) };
    },
  };
}

function isFor(member: CheckedMember, images: SimulatedImages, model: string): boolean {
  const said = images.get(member.path)?.header?.model ?? member.path;
  return said.toUpperCase().includes(model.toUpperCase());
}

function withoutContent({ content: _content, ...member }: CheckedMember): PackageMember {
  return member;
}

function bareImage(): Problem {
  return problem({
    code: 'package/bare-image',
    title: 'This is a firmware image without its package',
    because:
      'Picked alone, an image does not say which version of ION Setup it needs. With one that is too old the image goes in, but the register values and the template of the meter are lost (vendor FAQ FA409164).',
    nextStep: 'Use the whole .zip package as the vendor publishes it.',
  });
}

function emptyFile(): Problem {
  return problem({
    code: 'package/truncated',
    title: 'The file is empty',
    because: 'It has no bytes, which is most often a download that did not finish.',
    nextStep: 'Get the firmware package again.',
  });
}

function noImage(members: readonly CheckedMember[]): Problem {
  const nested = members.find((member) => extensionOf(member.path) === 'zip');
  return problem({
    code: 'package/no-image',
    title: 'The package holds no firmware image',
    because:
      nested === undefined
        ? 'None of its members is a firmware image (.upx).'
        : `None of its members is a firmware image (.upx); it holds another archive, ${nested.path}.`,
    nextStep:
      nested === undefined
        ? 'Check that this is a firmware package for the meter.'
        : 'Take the inner archive out and use that as the package.',
  });
}

function severalMains(mains: readonly CheckedMember[]): Problem {
  return problem({
    code: 'package/several-main-images',
    title: 'The package holds several main images',
    because: `It cannot be told which of them is meant for the meter: ${mains
      .map((member) => member.path)
      .join(', ')
      .slice(0, 400)}.`,
    nextStep: 'Use the package that the vendor publishes for exactly this model.',
  });
}
