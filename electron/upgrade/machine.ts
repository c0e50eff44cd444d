import type { BackupItemId } from '../../shared/domain/backup.ts';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { compareFirmware } from '../../shared/domain/firmware-version.ts';
import type { Gate, GateOverride } from '../../shared/domain/gate.ts';
import { openGates } from '../../shared/domain/gate.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import type { StopSafety, UpgradeChannel, UpgradeStateName, UpgradeTarget } from '../../shared/domain/job.ts';
import { METER_STATE, type Problem, problem } from '../../shared/domain/problem.ts';
import type { Finding, Verdict } from '../../shared/domain/verdict.ts';
import type { MeterAddress } from '../meter/types.ts';

/** What a job is to do; fixed when it is created. Holds no secret. */
export interface UpgradePlan {
  readonly job: string;
  readonly createdAt: string;
  readonly by: string;
  readonly address: MeterAddress;
  readonly channel: UpgradeChannel;
  readonly target: UpgradeTarget;
  /** Absolute path of the package or file as the technician gave it, and the hash of what was read from it. */
  readonly file: string;
  readonly fileSha256: string;
  /** The bytes that are to reach the meter. */
  readonly image: { readonly name: string; readonly size: number; readonly sha256: string };
  readonly targetVersion: FirmwareVersion | null;
  /** For the instructions of a hand-off: "3.2.25037.01", or null where nobody says. */
  readonly minimumIonSetup: string | null;
  /** Meter as it was when the job was made; a later answer with another serial ends the job. */
  readonly before: MeterIdentity;
  readonly overrides: readonly GateOverride[];
  /** What the person said of the backup that the job takes; kept, so that a resumed job does not ask for it again. */
  readonly attach: readonly string[];
  readonly waive: readonly { readonly item: BackupItemId; readonly reason: string }[];
  /** What the person said of ION Setup on this PC; kept for the same reason. Absent where nothing was said. */
  readonly ionSetup?: {
    readonly path?: string;
    readonly attested?: { readonly version: string; readonly by: string };
  };
  /** Subfolder of `web` for web pages; '' elsewhere. */
  readonly folder: string;
}

/** What the meter says of an image that lies in its upgrade folder. `unknown`: it does not say, or was not asked. */
export type ImageStatus = 'none' | 'checking' | 'accepted' | 'refused' | 'applying' | 'applied' | 'unknown';

/** Everything that can happen to an upgrade. Each is on disk before the effect that it announces is started. */
export type UpgradeEvent =
  | { readonly type: 'created'; readonly plan: UpgradePlan }
  | { readonly type: 'gates-evaluated'; readonly gates: readonly Gate[] }
  | { readonly type: 'backup-verified'; readonly bag: string; readonly fingerprint: string; readonly gate: Gate }
  | { readonly type: 'before-saved'; readonly file: string; readonly sha256: string }
  | { readonly type: 'transfer-progress'; readonly sent: number; readonly total: number }
  | { readonly type: 'transfer-completed'; readonly resumedFrom: number }
  | { readonly type: 'image-accepted'; readonly because: string }
  | { readonly type: 'apply-confirmed'; readonly by: string }
  | { readonly type: 'apply-sent' }
  | { readonly type: 'meter-gone' }
  | { readonly type: 'meter-returned'; readonly identity: MeterIdentity }
  | { readonly type: 'verification-started' }
  | {
      readonly type: 'compared';
      readonly findings: readonly Finding[];
      readonly verdict: Verdict;
      readonly after: MeterIdentity | null;
    }
  | { readonly type: 'reported'; readonly file: string; readonly sha256: string }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'cancel-requested' }
  | { readonly type: 'interrupted'; readonly because: string; readonly problem: Problem | null }
  | { readonly type: 'resumed'; readonly by: string }
  /** The laptop slept while the job was under way; ISO 8601 UTC. Says nothing of the meter, so it changes nothing. */
  | { readonly type: 'laptop-slept'; readonly from: string; readonly until: string }
  | {
      readonly type: 'meter-asked';
      readonly identity: MeterIdentity | null;
      readonly image: ImageStatus;
      readonly because: string;
    };

/** What the runner does next; the machine names at most one, so that nothing of a job ever runs twice at once. */
export type UpgradeEffect =
  | 'evaluate-gates'
  | 'secure-backup'
  | 'save-before'
  | 'transfer'
  | 'await-acceptance'
  | 'confirm-apply'
  | 'apply'
  | 'hand-off'
  | 'await-return'
  | 'verify'
  | 'report'
  | 'ask-meter';

/** State of one upgrade: a fold of its journal, nothing else. */
export interface UpgradeJob {
  readonly plan: UpgradePlan;
  readonly state: UpgradeStateName;
  readonly gates: readonly Gate[];
  readonly bag: { readonly path: string; readonly fingerprint: string } | null;
  readonly beforeFile: { readonly file: string; readonly sha256: string } | null;
  readonly sent: number;
  /** True from the moment `apply-confirmed` is on disk: from then on nobody may say that the meter was not touched. */
  readonly pastNoReturn: boolean;
  readonly after: MeterIdentity | null;
  readonly findings: readonly Finding[];
  readonly verdict: Verdict | null;
  readonly problem: Problem | null;
  readonly interruptedAt: UpgradeStateName | null;
  readonly report: { readonly file: string; readonly sha256: string } | null;
}

export interface Step {
  readonly job: UpgradeJob;
  readonly effect: UpgradeEffect | null;
}

/** First event of every journal. */
export function begin(plan: UpgradePlan): Step {
  return {
    job: {
      plan,
      state: 'prepared',
      gates: [],
      bag: null,
      beforeFile: null,
      sent: 0,
      pastNoReturn: false,
      after: null,
      findings: [],
      verdict: null,
      problem: null,
      interruptedAt: null,
      report: null,
    },
    effect: 'evaluate-gates',
  };
}

const FINAL: ReadonlySet<UpgradeStateName> = new Set(['done', 'failed', 'cancelled']);

/** True when nothing more will happen to this job. `interrupted` is not final: it is resumed. */
export function isFinal(state: UpgradeStateName): boolean {
  return FINAL.has(state);
}

/** Whether stopping now leaves the meter as it was. */
export function stopSafety(job: UpgradeJob): StopSafety {
  if (isFinal(job.state)) return 'ended';
  return job.pastNoReturn ? 'too-late' : 'safe';
}

/**
 * The upgrade as a pure function: same job, same event, same answer; no clock, no I/O. An event that does not fit the state changes nothing
 * (a late answer of an effect that was overtaken by a cancel must not bring a job back to life).
 */
export function advance(job: UpgradeJob, event: UpgradeEvent): Step {
  if (event.type === 'reported')
    return { job: { ...job, report: { file: event.file, sha256: event.sha256 } }, effect: null };
  if (isFinal(job.state)) return stay(job);
  switch (event.type) {
    case 'created':
    case 'laptop-slept':
      return stay(job);
    case 'gates-evaluated':
      return onGates(job, event.gates);
    case 'backup-verified':
      return onBackup(job, event);
    case 'before-saved':
      if (job.state !== 'backed-up') return stay(job);
      return startTransfer({ ...job, beforeFile: { file: event.file, sha256: event.sha256 } });
    case 'transfer-progress':
      return job.state === 'transferring' ? stay({ ...job, sent: event.sent }) : stay(job);
    case 'transfer-completed':
      if (job.state !== 'transferring') return stay(job);
      return go({ ...job, sent: job.plan.image.size }, 'transferred', 'await-acceptance');
    case 'image-accepted':
      if (job.state !== 'transferred') return stay(job);
      return job.plan.target === 'main' ? stepOn(job, 'confirm-apply') : go(job, 'returned', 'verify');
    case 'apply-confirmed':
      if (job.state !== 'transferred') return stay(job);
      return go({ ...job, pastNoReturn: true }, 'applying', 'apply');
    case 'apply-sent':
      return job.state === 'applying' ? stepOn(job, 'await-return') : stay(job);
    case 'meter-gone':
      return onGone(job);
    case 'meter-returned':
      return onReturned(job, event.identity);
    case 'verification-started':
      return job.state === 'returned' ? stay({ ...job, state: 'verifying' }) : stay(job);
    case 'compared':
      if (job.state !== 'verifying') return stay(job);
      return go(
        { ...job, findings: event.findings, verdict: event.verdict, after: event.after ?? job.after },
        'done',
        'report',
      );
    case 'failed':
      return onFailed(job, event.problem);
    case 'cancel-requested':
      return job.pastNoReturn ? stay(job) : go(job, 'cancelled', 'report');
    case 'interrupted':
      if (job.state === 'interrupted') return stay(job);
      return { job: { ...job, state: 'interrupted', interruptedAt: job.state, problem: event.problem }, effect: null };
    case 'resumed':
      return job.state === 'interrupted' ? stepOn(job, 'ask-meter') : stay(job);
    case 'meter-asked':
      return job.state === 'interrupted' ? onAsked(job, event) : stay(job);
  }
}

/** Folds a journal; refuses one that does not begin with `created`. */
export function replay(events: readonly UpgradeEvent[]): Step | undefined {
  const [first, ...rest] = events;
  if (first?.type !== 'created') return undefined;
  return rest.reduce<Step>((step, event) => advance(step.job, event), begin(first.plan));
}

function onGates(job: UpgradeJob, gates: readonly Gate[]): Step {
  if (job.state !== 'prepared') return stay(job);
  const open = openGates(gates, job.plan.overrides).filter((gate) => gate.id !== 'backup-fresh');
  const next = { ...job, gates };
  if (open.length > 0) return go({ ...next, problem: blockedBy(open) }, 'failed', 'report');
  return go(next, 'gated', 'secure-backup');
}

function onBackup(job: UpgradeJob, event: Extract<UpgradeEvent, { type: 'backup-verified' }>): Step {
  if (job.state !== 'gated') return stay(job);
  const gates = [...job.gates.filter((gate) => gate.id !== 'backup-fresh'), event.gate];
  const next: UpgradeJob = { ...job, gates, bag: { path: event.bag, fingerprint: event.fingerprint } };
  const open = openGates([event.gate], job.plan.overrides);
  if (open.length > 0) return go({ ...next, problem: blockedBy(open) }, 'failed', 'report');
  return go(next, 'backed-up', 'save-before');
}

function startTransfer(job: UpgradeJob): Step {
  return go(job, 'transferring', job.plan.channel === 'ion-setup' ? 'hand-off' : 'transfer');
}

/** The meter stopped answering: expected after an apply, and the first sign of ION Setup's work in a hand-off. */
function onGone(job: UpgradeJob): Step {
  if (job.state === 'applying') return stay({ ...job, state: 'restarting' });
  if (job.state === 'transferring' && job.plan.channel === 'ion-setup') {
    return stay({ ...job, state: 'restarting', pastNoReturn: true });
  }
  return stay(job);
}

function onReturned(job: UpgradeJob, identity: MeterIdentity): Step {
  const waiting = job.state === 'applying' || job.state === 'restarting';
  const handedOff = job.state === 'transferring' && job.plan.channel === 'ion-setup';
  if (!waiting && !handedOff) return stay(job);
  return go({ ...job, pastNoReturn: true, after: identity }, 'returned', 'verify');
}

/** Before the point of no return a failure ends the job; after it the meter has to be asked again, so the job stays open. */
function onFailed(job: UpgradeJob, cause: Problem): Step {
  if (job.state === 'interrupted') return stay({ ...job, problem: cause });
  if (job.pastNoReturn) return stay({ ...job, state: 'interrupted', interruptedAt: job.state, problem: cause });
  return go({ ...job, problem: cause }, 'failed', 'report');
}

/** After a crash the journal says what we meant to do; only the meter says what became of it. */
function onAsked(job: UpgradeJob, event: Extract<UpgradeEvent, { type: 'meter-asked' }>): Step {
  const at = job.interruptedAt ?? 'prepared';
  const asked: UpgradeJob = { ...job, interruptedAt: null, problem: null };
  const { identity } = event;
  if (identity === null) {
    if (!job.pastNoReturn) return stay({ ...job, problem: silentMeter(event.because) });
    return go({ ...asked, state: 'restarting' }, 'restarting', 'await-return');
  }
  if (
    identity.serial !== null &&
    job.plan.before.serial !== null &&
    identity.serial !== job.plan.before.serial &&
    !job.pastNoReturn
  ) {
    return go({ ...asked, problem: otherMeter(job.plan.before.serial, identity.serial) }, 'failed', 'report');
  }
  if (job.plan.target === 'main' && runsTarget(job.plan, identity)) {
    return go({ ...asked, pastNoReturn: true, after: identity }, 'returned', 'verify');
  }
  if (!job.pastNoReturn) return go(asked, 'prepared', 'evaluate-gates');
  return onAskedPastNoReturn(asked, at, event.image);
}

function onAskedPastNoReturn(job: UpgradeJob, at: UpgradeStateName, image: ImageStatus): Step {
  if (at === 'done' || at === 'verifying' || at === 'returned') return go(job, 'returned', 'verify');
  if (image === 'accepted') return go({ ...job, pastNoReturn: false }, 'transferred', 'confirm-apply');
  if (image === 'refused' || image === 'none') {
    return go({ ...job, pastNoReturn: false, problem: neverApplied(image) }, 'failed', 'report');
  }
  return go(job, 'restarting', 'await-return');
}

function runsTarget(plan: UpgradePlan, identity: MeterIdentity): boolean {
  const { targetVersion } = plan;
  if (targetVersion === null || identity.firmware === null) return false;
  const changed = plan.before.firmware === null || compareFirmware(plan.before.firmware, targetVersion) !== 0;
  return changed && compareFirmware(identity.firmware, targetVersion) === 0;
}

function stay(job: UpgradeJob): Step {
  return { job, effect: null };
}

function stepOn(job: UpgradeJob, effect: UpgradeEffect): Step {
  return { job, effect };
}

function go(job: UpgradeJob, state: UpgradeStateName, effect: UpgradeEffect): Step {
  return { job: { ...job, state }, effect };
}

function blockedBy(open: readonly Gate[]): Problem {
  const [first] = open;
  return problem({
    code: 'upgrade/blocked',
    title: open.length === 1 ? 'A check stands in the way' : `${open.length} checks stand in the way`,
    because: open.map((gate) => `${gate.id}: ${gate.because}`).join(' '),
    nextStep: first?.fix ?? '',
    details: { gates: open.map((gate) => `${gate.id}=${gate.verdict}`).join(', ') },
  });
}

function silentMeter(because: string): Problem {
  return problem({
    code: 'upgrade/meter-silent',
    title: 'The meter does not answer',
    because,
    meterState: 'The image was not applied by this tool; the meter runs what it ran before.',
    nextStep: 'Check power and network of the meter, then resume the job.',
  });
}

function otherMeter(expected: string, found: string): Problem {
  return problem({
    code: 'upgrade/other-meter',
    title: 'Another meter answers at this address',
    because: `The job is for serial number ${expected}; ${found} answers now.`,
    meterState: 'Nothing was written to the meter that answers now.',
    nextStep: 'Find out where the meter of this job went, and start a new job at its address.',
    details: { expected, found },
  });
}

function neverApplied(image: ImageStatus): Problem {
  return problem({
    code: 'upgrade/not-applied',
    title: 'The meter did not apply the image',
    because:
      image === 'refused'
        ? 'It answers on its old firmware and says that it refused the image.'
        : 'It answers on its old firmware and has no image in its upgrade folder.',
    meterState: METER_STATE.untouched,
    nextStep: 'Read the reason in the job, put it right and start a new upgrade.',
  });
}
