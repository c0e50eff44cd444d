import type { Gate } from '../../shared/domain/gate.ts';
import type { HandOff } from '../../shared/domain/hand-off.ts';
import type { JobProgress } from '../../shared/domain/job.ts';
import type { Result } from '../../shared/domain/problem.ts';
import type { ImageToSend } from '../firmware/channels/sftp-direct.ts';
import type { Meter } from '../meter/types.ts';
import type { UpgradeEvent, UpgradeJob } from './machine.ts';

/** How long each wait of an upgrade may take, in milliseconds. No document gives these times for a real meter, so they are generous. */
export interface UpgradeCaps {
  /** For the meter to check an image. */
  readonly acceptMs: number;
  /** From the apply (or the start of a hand-off) until the meter is back on another firmware. */
  readonly returnMs: number;
  /** How long a meter that answers on its old firmware after an apply is given to begin. */
  readonly graceMs: number;
  /** Between two questions to a meter that is awaited. */
  readonly pollMs: number;
  /** How often a broken transfer is taken up again before the job is left interrupted, and how long is waited in between. */
  readonly transferRetries: number;
  readonly retryWaitMs: number;
}

export const DEFAULT_CAPS: UpgradeCaps = {
  acceptMs: 10 * 60_000,
  returnMs: 60 * 60_000,
  graceMs: 2 * 60_000,
  pollMs: 1_000,
  transferRetries: 3,
  retryWaitMs: 2_000,
};

/** What a running job reports of itself, without the parts that the runner knows. */
export type ProgressNote = Pick<JobProgress, 'message'> &
  Partial<Pick<JobProgress, 'bytes' | 'rows' | 'secondsLeft' | 'waitUntil'>>;

/** A backup that stands for this job, and what the gate says of it. */
export interface SecuredBackup {
  readonly bag: string;
  readonly fingerprint: string;
  readonly gate: Gate;
}

/** What an upgrade needs from the rest of the house; one for each job. */
export interface UpgradePorts {
  readonly meter: Meter;
  /** The bytes of the plan, checked against the plan's hash. */
  readonly image: ImageToSend;
  /** Folder of this job: journal, snapshot before, saved remote files. */
  readonly folder: string;
  readonly caps: UpgradeCaps;
  readonly now: () => Date;
  readonly by: string;
  evaluateGates(signal: AbortSignal): Promise<Result<readonly Gate[]>>;
  /** Takes or finds the backup and evaluates its gate. */
  secureBackup(signal: AbortSignal, note: (note: ProgressNote) => void): Promise<Result<SecuredBackup>>;
  /** Asked once, at the point of no return; settles with false at the latest when the signal aborts. */
  confirmApply(job: UpgradeJob, signal: AbortSignal): Promise<boolean>;
  /** Shows the instructions of a hand-off and, where it can, starts ION Setup. */
  handOff(instructions: HandOff): Promise<void>;
  writeReport(job: UpgradeJob): Promise<Result<{ readonly file: string; readonly sha256: string }>>;
}

/** One effect at work. */
export interface EffectContext {
  readonly job: UpgradeJob;
  readonly ports: UpgradePorts;
  readonly signal: AbortSignal;
  readonly note: (note: ProgressNote) => void;
  /** Puts an event into the journal in the middle of an effect. Returns the job after it. */
  readonly emit: (event: UpgradeEvent) => Promise<UpgradeJob>;
}

/** An effect ends in the event that says how it went. */
export type EffectRun = (context: EffectContext) => Promise<UpgradeEvent>;
