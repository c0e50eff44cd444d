import { BACKUP_ITEM_IDS, isCovered } from '../../shared/domain/backup.ts';
import { compareFirmware, type FirmwareVersion, formatFirmware } from '../../shared/domain/firmware-version.ts';
import type { BackupEvidence, BackupVerification } from './types.ts';

const HOUR_MS = 3_600_000;
/** A PC whose clock is set right over the network may step back a little; more than this is a clock that was moved. */
const CLOCK_STEP_MS = 120_000;

export interface CountsRequest {
  /** As the meter gives it now; null when it does not. */
  readonly serial: string | null;
  readonly firmware: FirmwareVersion | null;
  /** Default 24. */
  readonly maxAgeHours?: number;
  readonly now: Date;
}

export interface BackupCounts {
  readonly counts: boolean;
  readonly because: string;
  /** What makes it count; empty when it does. */
  readonly fix: string;
}

/**
 * Whether a backup counts before an upgrade: verified after it was sealed, of this meter on this firmware, not older than the limit (counted
 * from its start) and not from the future, and every item saved or waived.
 */
export function backupCounts(verification: BackupVerification, request: CountsRequest): BackupCounts {
  const { evidence } = verification;
  const [first] = verification.problems;
  if (verification.verdict !== 'verified' || evidence === null) {
    const why = first === undefined ? 'It could not be verified.' : `${first.title}: ${first.because}`;
    return no(why, first?.nextStep ?? 'Take a new backup.');
  }
  return aboutMeter(evidence, request) ?? aboutTime(verification.at, evidence, request) ?? aboutItems(evidence);
}

function aboutMeter({ identity }: BackupEvidence, { serial, firmware }: CountsRequest): BackupCounts | undefined {
  if (serial === null || firmware === null) {
    return no('The meter does not say its serial number and firmware now.', 'Read the meter again, then check again.');
  }
  if (identity.serial !== serial) {
    return no(`It is of meter ${identity.serial ?? '(unknown)'}, not of ${serial}.`, 'Take a backup of this meter.');
  }
  if (identity.firmware === null || compareFirmware(identity.firmware, firmware) !== 0) {
    const was = identity.firmware === null ? 'unknown' : formatFirmware(identity.firmware);
    return no(`It was taken on firmware ${was}; the meter has ${formatFirmware(firmware)} now.`, 'Take a new backup.');
  }
  return undefined;
}

function aboutTime(verifiedAt: string, evidence: BackupEvidence, request: CountsRequest): BackupCounts | undefined {
  const now = request.now.getTime();
  const started = Date.parse(evidence.startedAt);
  const ended = Date.parse(evidence.endedAt);
  const verified = Date.parse(verifiedAt);
  if (ended - started < -CLOCK_STEP_MS || started > now + CLOCK_STEP_MS || ended > now + CLOCK_STEP_MS) {
    return no(
      `It was taken at ${evidence.startedAt}, which is in the future: the clock of this PC was moved.`,
      "Set this PC's clock right and take a new backup.",
    );
  }
  if (!(verified >= ended - CLOCK_STEP_MS && verified <= now + CLOCK_STEP_MS)) {
    return no('It was not verified after it was sealed.', 'Verify the backup again.');
  }
  const limit = request.maxAgeHours ?? 24;
  const hours = (now - started) / HOUR_MS;
  if (!(hours <= limit)) {
    return no(`It is ${Math.floor(hours)} hours old; ${limit} hours are the limit.`, 'Take a new backup.');
  }
  return undefined;
}

function aboutItems(evidence: BackupEvidence): BackupCounts {
  const open = BACKUP_ITEM_IDS.flatMap((id) => {
    const found = evidence.items.filter((item) => item.id === id);
    const [item] = found;
    if (item === undefined || found.length > 1) return [`${id} (not in the record)`];
    if (item.state === 'waived' && (item.waiver?.reason.trim() ?? '') === '')
      return [`${id} (waived without a reason)`];
    return isCovered(item) ? [] : [`${id} (${item.state})`];
  });
  if (open.length === 0) {
    const waived = evidence.items.filter((item) => item.state === 'waived').map((item) => item.id);
    const note = waived.length === 0 ? '' : ` Waived: ${waived.join(', ')}.`;
    return { counts: true, because: `Verified, of this meter and firmware, every item covered.${note}`, fix: '' };
  }
  return no(
    `Not saved and not waived: ${open.join(', ')}.`,
    'Take the backup again with what is missing, or waive each of these items by name with a reason.',
  );
}

function no(because: string, fix: string): BackupCounts {
  return { counts: false, because, fix };
}
