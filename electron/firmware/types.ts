import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { IonSetupVersion } from '../../shared/domain/ion-setup-version.ts';
import type { Problem } from '../../shared/domain/problem.ts';
import type { SiteMap } from '../meter/site-map/types.ts';
import type { ByteSource } from '../protocols/sftp/types.ts';

/** What a member of a firmware package is, judged by its extension and, where that is not enough, its name. */
export const MEMBER_ROLES = [
  'main-image',
  'option-module-image',
  'remote-display-image',
  'hash-list',
  'template',
  'whats-new',
  'modbus-map',
  'security-config',
  'tou-program',
  'framework',
  'cid',
  'web-page',
  'other',
] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export interface PackageMember {
  /** As it stands in the archive; shown, never used as a path on disk. */
  readonly path: string;
  readonly role: MemberRole;
  readonly size: number;
  /** Hex, lower case. */
  readonly sha256: string;
  /** What the package's own hash list says of this member. */
  readonly listed: 'matches' | 'differs' | 'not-listed';
}

/**
 * `verified`: a simulated image whose signature was checked here. `invalid`: a simulated image whose signature is wrong or missing.
 * `meter-checks-it`: a vendor image; the meter checks its signature, no one else can.
 */
export type SignatureState = 'verified' | 'invalid' | 'meter-checks-it' | 'no-image';

/** A firmware package, read once: the bytes that were hashed are the bytes that `image` gives. */
export interface FirmwarePackage {
  readonly file: string;
  readonly format: 'zip' | 'bare-image';
  /** SHA-256 of the whole file, hex. */
  readonly sha256: string;
  readonly members: readonly PackageMember[];
  readonly targetVersion: FirmwareVersion | null;
  /** Where the version was found: "image header", "file name", "what's new". */
  readonly targetVersionFrom: string;
  readonly model: string | null;
  /** Oldest firmware that the image accepts, where it says so. */
  readonly minimumStart: FirmwareVersion | null;
  readonly minimumIonSetup: IonSetupVersion | null;
  readonly signature: SignatureState;
  readonly simulated: boolean;
  readonly siteMap: SiteMap | null;
  /** Everything that is wrong or odd with the package; the gates turn them into verdicts. */
  readonly problems: readonly Problem[];
  /** The bytes of a member, from memory; undefined when there is none of that role. */
  image(
    role: 'main-image' | 'option-module-image' | 'remote-display-image',
  ): { readonly member: PackageMember; readonly source: ByteSource } | undefined;
}
