import type { Provenance } from './provenance.ts';
import type { BacnetSettings } from './settings/bacnet.ts';
import type { PasswordPolicy } from './settings/passwords/policy.ts';
import type { Right } from './settings/passwords/rights.ts';
import type { RecorderSettings } from './settings/recorders/recorder.ts';

/** The parts of a meter that are set up after an upgrade; each has its pane, its plan file and its word on the command line. */
export const SETTING_AREAS = ['bacnet', 'security', 'recorders', 'clock'] as const;
export type SettingArea = (typeof SETTING_AREAS)[number];

/** A value as people read it. A list (the sources of a recorder) is text with one item a line; null is "none". */
export type SettingValue = string | number | boolean | null;

/** One setting of a meter as it is now. */
export interface Setting {
  /**
   * Unique within its area: a key of the plan file ("deviceId"); of a recorder "<number>.<key>" ("3.depth"), of a user's rights
   * "<name>.rights" ("USER2.rights").
   */
  readonly id: string;
  readonly area: SettingArea;
  /** Key of the page's text for its name within the namespace `rules`: "setting.bacnet.deviceId". */
  readonly label: string;
  /** `unread` when no permitted channel could read it; `because` then says why. Never a default in place of a reading. */
  readonly value: SettingValue | 'unread';
  readonly unit?: string;
  /** Who vouches for the place that the value was read from. */
  readonly provenance?: Provenance;
  readonly because?: string;
}

/** How a change reaches the meter: written by this tool, or by a person with the vendor's software. */
export const CHANGE_CHANNELS = ['modbus', 'dlms', 'hand-off'] as const;
export type ChangeChannel = (typeof CHANGE_CHANNELS)[number];

/** A log that a change erases. Changing any setup register or input of a Data Recorder clears its log. Source: ION Reference, Data Recorder module. */
export interface ErasedLog {
  /** Number of the Data Recorder, from 1. */
  readonly recorder: number;
  /** Records in the log now; null where that could not be read. */
  readonly records: number | null;
  /** `missing` blocks the change: the log has to be backed up first. */
  readonly backup: 'fresh' | 'missing';
}

/** One difference between a meter and a plan, with what it brings about. */
export interface Change {
  /** The {@link Setting.id} that changes. */
  readonly id: string;
  readonly from: SettingValue | 'unread';
  readonly to: SettingValue;
  readonly channel: ChangeChannel;
  readonly destroys: readonly ErasedLog[];
  /** The way to the meter may be gone afterwards: it is tested with a second connection and rolled back when that fails. */
  readonly mayCutConnection: boolean;
  /** Keys of texts within `rules:consequence`. */
  readonly consequences: readonly ConsequenceId[];
}

/** What a change brings about besides the new value; every one has a text. */
export const CONSEQUENCE_IDS = [
  'bacnet-no-authentication',
  'bacnet-off-for-clients',
  'bacnet-id-must-be-unique',
  'bacnet-clients-lose-device',
  'bacnet-name-changes-dhcp-dns-dpws',
  'bacnet-registers-with-bbmd',
  'policy-for-new-passwords-only',
  'policy-below-recommended-length',
  'rights-may-lock-out',
  'recorder-log-erased',
  'recorder-less-history',
  'recorder-heavy-logging',
  'recorder-zero-filled-energy',
  'recorder-dlms-shows-16',
  'clock-interval-split',
  'clock-event-logged',
  'clock-records-repeat',
  'clock-records-gap',
  'clock-time-source-wins',
] as const;
export type ConsequenceId = (typeof CONSEQUENCE_IDS)[number];

/** What came of one change. `cannot-be-read-back`: it was sent or done by hand and nothing can confirm it. */
export const CHANGE_OUTCOMES = ['written', 'skipped', 'failed', 'cannot-be-read-back'] as const;
export type ChangeOutcome = (typeof CHANGE_OUTCOMES)[number];

/** A change that was tried, or deliberately not; `after` comes from reading the meter again. */
export interface ChangeResult {
  readonly id: string;
  readonly outcome: ChangeOutcome;
  readonly because: string;
  readonly before: SettingValue | 'unread';
  readonly after: SettingValue | 'unread';
}

/**
 * Settings of one area as a plan file has them. What is left out stays as it is. A plan carries no secret: passwords are never part of
 * it.
 */
export type Plan =
  | { readonly area: 'bacnet'; readonly settings: BacnetPlan }
  | { readonly area: 'security'; readonly settings: SecurityPlan }
  | { readonly area: 'recorders'; readonly settings: RecordersPlan }
  | { readonly area: 'clock'; readonly settings: ClockPlan };

/** A plan for one of the areas that stand in setup registers. */
export type SetupPlan = Exclude<Plan, { readonly area: 'clock' }>;

/** Any of the BACnet/IP settings. */
export type BacnetPlan = Partial<BacnetSettings>;

/** The password policy, and the rights of users by their fixed name ("USER1" to "USER50"): all rights of a user that is named. */
export interface SecurityPlan {
  readonly complexity?: PasswordPolicy['complexity'];
  readonly minimumLength?: PasswordPolicy['minimumLength'];
  readonly users?: Readonly<Record<string, { readonly rights: readonly Right[] }>>;
}

/** Data Recorders by number ("1" to "64"). */
export interface RecordersPlan {
  readonly recorders: Readonly<Record<string, Partial<RecorderSettings>>>;
}

/** `true`: the time of this PC at the moment of writing; else a time in UTC, ISO 8601 ("2026-11-22T22:30:00Z"). */
export interface ClockPlan {
  readonly set: true | string;
}
