import type { FirmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { ClockReading, MeterIdentity } from '../../../shared/domain/identity.ts';
import type { IonSetupVersion } from '../../../shared/domain/ion-setup-version.ts';
import type { UpgradeChannel, UpgradeTarget } from '../../../shared/domain/job.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import type { Provenance } from '../../../shared/domain/provenance.ts';
import type { FirmwarePackage } from '../../firmware/types.ts';
import type { IonSetupFinding, PowerState } from '../../laptop/types.ts';

/** What the meter profile says of the release that the package brings; null fields are "not known", never "no". */
export interface ReleaseFacts {
  readonly minimumStart: FirmwareVersion | null;
  readonly minimumIonSetup: IonSetupVersion | null;
  /** Whether the vendor requires `minimumIonSetup` or only recommends it; taken for required where nobody says. */
  readonly ionSetupIs: 'required' | 'recommended' | null;
  /** True when a meter on this release cannot go back to an earlier one. */
  readonly irreversible: boolean | null;
}

/** The folder on the meter that takes what is sent. */
export interface FolderFacts {
  readonly path: string;
  readonly provenance: Provenance;
  /** Whether the meter lists it; null where it could not be asked, and then why. */
  readonly listed: boolean | null;
  readonly because: string;
}

/** How a backup of this meter stands, judged by the backup room. */
export interface BackupFacts {
  /** True when it is verified, fresh, of this meter and complete enough to go on. */
  readonly counts: boolean;
  readonly because: string;
  /** What would make it count; not used when it does. */
  readonly fix: string;
  /** Path of the bag. */
  readonly bag: string;
}

/** Everything the gates look at. It was all read before; a gate asks nobody and changes nothing. */
export interface GateFacts {
  readonly identity: MeterIdentity;
  /** Null for web pages and CID files, which come without a firmware package. */
  readonly package: Result<FirmwarePackage> | null;
  readonly target: UpgradeTarget;
  readonly channel: UpgradeChannel;
  /** Folder of the meter into which the file would go; null for a hand-off, or when none is known. */
  readonly folder: FolderFacts | null;
  /** Null when nothing is known of the release, or the package names no version. */
  readonly release: ReleaseFacts | null;
  /** Null where this meter does not say over open protocols. */
  readonly revenueLock: 'locked' | 'unlocked' | 'pending' | null;
  /** Connections of the shared pool, or null where the meter does not say. */
  readonly connections: { readonly used: number; readonly of: number } | null;
  /** Users with the default password, or null where the meter does not say. */
  readonly defaultPasswords: number | null;
  readonly clock: ClockReading;
  /** Null when there is no backup of this meter. */
  readonly backup: BackupFacts | null;
  readonly ionSetup: IonSetupFinding;
  readonly power: PowerState;
  /** Free bytes where the job and the backup are written, null when unreadable. */
  readonly freeBytes: number | null;
  /** Bytes that the job and the backup may need there. */
  readonly neededBytes: number;
  /** False where this PC offers no way to be kept awake. */
  readonly keepAwakeAvailable: boolean;
}
