import type { FirmwareVersion } from './firmware-version.ts';
import type { MeterIdentity } from './identity.ts';
import type { Problem } from './problem.ts';
import type { Finding, Verdict } from './verdict.ts';

/** How the image reaches the meter. */
export const UPGRADE_CHANNELS = ['sftp-direct', 'ion-setup'] as const;
export type UpgradeChannel = (typeof UPGRADE_CHANNELS)[number];

/** What is sent to the meter. The last three go into documented SFTP folders and restart nothing that we would wait for. */
export const UPGRADE_TARGETS = ['main', 'option-module', 'remote-display', 'web-pages', 'cid'] as const;
export type UpgradeTarget = (typeof UPGRADE_TARGETS)[number];

/** The names of the states of an upgrade; the last four are final except `interrupted`, from which a job is resumed. */
export const UPGRADE_STATES = [
  'prepared',
  'gated',
  'backed-up',
  'transferring',
  'transferred',
  'applying',
  'restarting',
  'returned',
  'verifying',
  'done',
  'interrupted',
  'failed',
  'cancelled',
] as const;
export type UpgradeStateName = (typeof UPGRADE_STATES)[number];

/** Safe to stop: the meter is whole. Unsafe: past the point of no return. */
export type StopSafety = 'safe' | 'too-late' | 'ended';

/** Rows of a log so far, of how many (null where that is not known), and how fast they come. */
export interface RowProgress {
  readonly done: number;
  readonly total: number | null;
  readonly perSecond: number;
}

/** What a person is told while a job runs; the same for the page and the terminal. */
export interface JobProgress {
  readonly job: string;
  readonly meter: string;
  readonly state: UpgradeStateName;
  /** Stage k of n, counted from 1. */
  readonly stage: { readonly index: number; readonly count: number; readonly label: string };
  readonly bytes?: { readonly done: number; readonly total: number; readonly perSecond: number };
  /** Only while the rows of a log come. */
  readonly rows?: RowProgress;
  /** Only while bytes flow. */
  readonly secondsLeft?: number;
  /** Only while something is waited for: when the wait gives up, ISO 8601. */
  readonly waitUntil?: string;
  readonly stop: StopSafety;
  readonly message: string;
}

/** How a job stands, as the list of jobs, the page and the CLI show it. */
export interface JobSummary {
  readonly job: string;
  readonly purpose: 'upgrade';
  readonly host: string;
  readonly meter: string;
  readonly serial: string | null;
  readonly simulated: boolean;
  readonly channel: UpgradeChannel;
  readonly target: UpgradeTarget;
  readonly state: UpgradeStateName;
  readonly verdict: Verdict | null;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly before: MeterIdentity | null;
  readonly after: MeterIdentity | null;
  readonly targetVersion: FirmwareVersion | null;
  readonly findings: readonly Finding[];
  readonly problem: Problem | null;
  readonly report: string | null;
  /** What a person has to answer before the job goes on: the point of no return. Null also when nobody works on the job. */
  readonly asks: 'apply' | null;
  /** Where an interrupted job stood; null in every other state. */
  readonly interruptedAt: UpgradeStateName | null;
  /** From here on nobody may say that the meter was not touched. */
  readonly pastNoReturn: boolean;
  /** Bag that stands for this job, an absolute path. */
  readonly bag: string | null;
  /** How the meter of the job is reached. */
  readonly address: MeterPlace;
  /** The package or file that is sent: its name and the hash of the whole file. */
  readonly file: { readonly name: string; readonly sha256: string };
  /** Minimum ION Setup as the package says it: "3.2.25037.01". */
  readonly minimumIonSetup: string | null;
  /** Of an interrupted job that was sending: the share of the image that is known to have reached the meter, 0..1. */
  readonly sent?: number;
  /** When the laptop slept last while the job was under way, ISO 8601 UTC. */
  readonly slept?: { readonly from: string; readonly until: string };
  /** Of an interrupted job: what its meter said when it was asked, which happens once after each start of the engine. */
  readonly meterAnswer?: MeterAnswer;
}

/** What a meter said that was only asked who it is, without a login. As old as `at` (ISO 8601 UTC). */
export interface MeterAnswer {
  readonly state: 'asking' | 'answers' | 'silent';
  readonly at: string;
  readonly firmware: FirmwareVersion | null;
  /** The serial number that answered; another one than the job's is another meter at the same address. */
  readonly serial: string | null;
  /** Why there is no answer; '' where there is one. */
  readonly because: string;
}

/** Where a meter is on the network. */
export interface MeterPlace {
  readonly host: string;
  readonly ports: { readonly modbus: number; readonly sftp: number; readonly dlms: number; readonly bacnet: number };
  readonly unit: number;
  readonly timeoutMs: number;
}
