import type { UpgradeRequest } from '../../../shared/contract/index.ts';
import type { BackupItemId } from '../../../shared/domain/backup.ts';
import type { Gate } from '../../../shared/domain/gate.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import type { UpgradeChannel, UpgradeTarget } from '../../../shared/domain/job.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { backupCounts } from '../../backup/counts.ts';
import { takeBackup } from '../../backup/take.ts';
import { verifyBackup } from '../../backup/verify.ts';
import type { FirmwarePackage } from '../../firmware/types.ts';
import { meterProfile } from '../../meter/profile.ts';
import type { Meter } from '../../meter/types.ts';
import { folderOf } from '../../upgrade/destination.ts';
import type { BackupFacts, FolderFacts, GateFacts, ReleaseFacts } from '../../upgrade/gates/facts.ts';
import { evaluateGates } from '../../upgrade/gates/index.ts';
import type { ProgressNote, SecuredBackup } from '../../upgrade/session.ts';
import { bagsOf, newestBag } from '../backups.ts';
import type { House } from '../house.ts';
import { recorderSources } from '../settings/recorder-sources.ts';

/** What the gates are asked about. */
export interface GateQuestion {
  readonly target: UpgradeTarget;
  readonly channel: UpgradeChannel;
  readonly firmware: Result<FirmwarePackage> | null;
  /** Size of the package or file. */
  readonly fileBytes: number;
  /** A bag named by the technician; else the newest of this meter in the data folder. */
  readonly backup: string | undefined;
  readonly ionSetup: UpgradeRequest['ionSetup'];
}

/** Room for a backup with its waveforms and for the records of the job; the package is archived beside them. */
const RECORDS_BYTES = 256 * 1024 * 1024;
/** How many of the newest bags are looked at before the answer is "none counts". */
const BAGS_TO_TRY = 3;

/** Reads everything the gates need, now, from the meter and this laptop. */
async function readGateFacts(
  house: House,
  meter: Meter,
  question: GateQuestion,
  signal?: AbortSignal,
): Promise<Result<GateFacts>> {
  const identity = await meter.identify(signal);
  if (!identity.ok) return identity;
  const clock = await meter.readClock(signal);
  if (!clock.ok) return clock;
  const { laptop } = house;
  const awake = await laptop.keepAwake('Checking whether this PC can be kept awake');
  await awake.release();
  return ok({
    identity: identity.value,
    package: question.firmware,
    target: question.target,
    channel: question.channel,
    folder: question.channel === 'ion-setup' ? null : await folderFacts(meter, question.target, signal),
    release: releaseFacts(question.firmware),
    revenueLock: await meter.readRevenueLock(signal),
    connections: await meter.readConnections(signal),
    defaultPasswords: await meter.readDefaultPasswords(signal),
    clock: clock.value,
    backup: await backupFact(house, identity.value, question.backup),
    ionSetup: await laptop.findIonSetup(question.ionSetup ?? {}),
    power: await laptop.power(),
    freeBytes: await laptop.freeBytes(house.paths.home),
    neededBytes: RECORDS_BYTES + question.fileBytes,
    keepAwakeAvailable: awake.active,
  });
}

/** Runs every gate on facts that are read now. */
export async function runGates(
  house: House,
  meter: Meter,
  question: GateQuestion,
  signal?: AbortSignal,
): Promise<Result<readonly Gate[]>> {
  const facts = await readGateFacts(house, meter, question, signal);
  return facts.ok ? ok(evaluateGates(facts.value)) : facts;
}

/** Looks for the folder of the target on the meter; without a login nobody is asked. */
async function folderFacts(meter: Meter, target: UpgradeTarget, signal?: AbortSignal): Promise<FolderFacts | null> {
  const path = folderOf({ target, folder: '' });
  const profile = meterProfile();
  const known = profile.ok ? profile.value.folder(path) : undefined;
  if (known === undefined) return null;
  const { provenance } = known;
  const session = await meter.sftp(signal);
  const found = session.ok ? await session.value.stat(path, signal) : session;
  if (!found.ok) return { path, provenance, listed: null, because: found.problem.because };
  return { path, provenance, listed: found.value?.kind === 'folder', because: '' };
}

function releaseFacts(firmware: Result<FirmwarePackage> | null): ReleaseFacts | null {
  if (firmware?.ok !== true || firmware.value.targetVersion === null) return null;
  const profile = meterProfile();
  const release = profile.ok ? profile.value.release(firmware.value.targetVersion) : undefined;
  return release ?? null;
}

/** The bag that counts, or the newest that does not and why; null where there is none at all. */
async function backupFact(
  house: House,
  identity: MeterIdentity,
  named: string | undefined,
): Promise<BackupFacts | null> {
  const bags =
    named !== undefined
      ? [named]
      : identity.serial === null
        ? []
        : (await bagsOf(house, identity.serial)).slice(0, BAGS_TO_TRY).map((listing) => listing.bag);
  let first: BackupFacts | null = null;
  for (const bag of bags) {
    const fact = await judgeBag(house, identity, bag);
    if (fact.counts) return fact;
    first ??= fact;
  }
  return first;
}

async function judgeBag(
  house: House,
  identity: Pick<MeterIdentity, 'serial' | 'firmware'>,
  bag: string,
): Promise<BackupFacts & { readonly fingerprint: string }> {
  const key = await house.key();
  // Only this installation's own signature proves that nobody rewrote the bag since it was taken.
  const verification = await verifyBackup(bag, { now: house.now, ...(key.ok ? { trustedKey: key.value } : {}) });
  await house.bagChecks.note(bag, verification);
  const judged = backupCounts(verification, { serial: identity.serial, firmware: identity.firmware, now: house.now() });
  return { ...judged, bag, fingerprint: verification.fingerprint ?? '' };
}

/** What a job needs to get its backup. */
export interface BackupWish {
  readonly backup: string | undefined;
  readonly attach: readonly string[];
  readonly waive: readonly { readonly item: BackupItemId; readonly reason: string }[];
  readonly by: string;
}

/**
 * Finds a backup that counts or takes one, and evaluates its gate. A bag that the technician named is never replaced by another: if it does
 * not count, the gate says why.
 */
export async function secureBackup(
  house: House,
  meter: Meter,
  question: GateQuestion,
  wish: BackupWish,
  progress: { readonly signal: AbortSignal; readonly note: (note: ProgressNote) => void },
): Promise<Result<SecuredBackup>> {
  const facts = await readGateFacts(house, meter, { ...question, backup: wish.backup }, progress.signal);
  if (!facts.ok) return facts;
  const gate = backupGate(facts.value);
  if (facts.value.backup?.counts === true || wish.backup !== undefined || gate.verdict === 'pass') {
    return secured(house, facts.value, gate);
  }
  const key = await house.key();
  if (!key.ok) return key;
  const taken = await takeBackup(
    meter,
    {
      out: house.paths.backups,
      attach: wish.attach,
      waive: wish.waive,
      by: wish.by,
      since: await newestBag(house, facts.value.identity.serial),
    },
    {
      signal: progress.signal,
      key: key.value,
      toolVersion: house.version,
      now: house.now,
      recorderSources: () => recorderSources(house, meter, progress.signal),
      onProgress: ({ message, bytes, rows }) =>
        progress.note({
          message,
          ...(bytes === undefined ? {} : { bytes }),
          ...(rows === undefined ? {} : { rows }),
        }),
    },
  );
  if (!taken.ok) return taken;
  const judged = await judgeBag(house, facts.value.identity, taken.value.bag);
  const after: GateFacts = { ...facts.value, backup: judged };
  return secured(house, after, backupGate(after));
}

async function secured(house: House, facts: GateFacts, gate: Gate): Promise<Result<SecuredBackup>> {
  const { backup } = facts;
  if (backup === null) return ok({ bag: '', fingerprint: '', gate });
  const { fingerprint } = await judgeBag(house, facts.identity, backup.bag);
  return ok({ bag: backup.bag, fingerprint, gate });
}

function backupGate(facts: GateFacts): Gate {
  const gate = evaluateGates(facts).find((candidate) => candidate.id === 'backup-fresh');
  return (
    gate ?? {
      id: 'backup-fresh',
      verdict: 'block',
      because: 'The backup could not be judged.',
      fix: 'Take a backup and check again.',
    }
  );
}
