import { z } from 'zod';

/** BACnet Device Mode as the map codes it. */
export const DEVICE_MODE = { normal: 0, foreign: 1 } as const;
/** Highest instance of a Device that is in use; 4194303 means "not set". Source: vendor's BACnet/IP settings page. */
export const HIGHEST_DEVICE_ID = 4_194_302;
/** UDP port that BACnet/IP uses. Source: ANSI/ASHRAE 135, Annex J.1. */
export const BACNET_PORT = 47_808;
/** Longest Ethernet Device Name. Source: vendor's BACnet/IP settings page. */
export const LONGEST_DEVICE_NAME = 49;
/** Password Complexity as the map codes it: None, IEEE 1686-2013, NERC CIP-007-5. */
export const COMPLEXITY = { none: 0, ieee: 1, nerc: 2 } as const;
/** Longest password, and so the longest minimum. Source: what's new in 4.0.0. */
export const LONGEST_PASSWORD = 16;
/** Sources of a Data Recorder from 4.6.0. Source: release notes 7EN12-0483-00. */
export const MOST_SOURCES = 50;
/** Longest interval of a Data Recorder, seconds. */
export const LONGEST_INTERVAL = 86_400;
/** Lockout in minutes, at most. Source: Siemens 9410 manual, p. 49, session timeout. */
export const LONGEST_LOCKOUT = 43_200;

const whole = z.number().int().min(0);

const recorderSchema = z.object({
  /** Seconds between records; 0 = something else triggers them. */
  interval: whole.max(LONGEST_INTERVAL),
  /** Records in the log; 0 = nothing is recorded. */
  depth: whole,
  /** Records in the short-term buffer; 0 only where nothing is recorded. */
  bufferDepth: whole,
  preTrigger: whole.max(65_535),
  postTrigger: whole.max(65_535),
  insertOutageRecords: z.boolean(),
  stopWhenFull: z.boolean(),
  /** Numbers of the linked sources in their places; 0 = nothing is linked. None at the end is 0. */
  sources: z.array(whole.max(65_535)).max(MOST_SOURCES),
  /** No records from before this moment of the meter's clock, milliseconds since 1970. */
  since: z.number().finite(),
});
/** Setup of one Data Recorder. */
export type RecorderSetup = Readonly<z.infer<typeof recorderSchema>>;

/** The settings of a meter that its setup registers move, as they stand in its state. */
export const settingsSchema = z.object({
  bacnet: z.object({
    enabled: z.boolean(),
    deviceId: whole.max(HIGHEST_DEVICE_ID),
    mode: z.union([z.literal(DEVICE_MODE.normal), z.literal(DEVICE_MODE.foreign)]),
    /** 0 = none. */
    bbmdAddress: whole.max(0xffff_ffff),
    bbmdPort: whole.min(1).max(65_535),
  }),
  deviceName: z.string().min(1).max(LONGEST_DEVICE_NAME),
  security: z.object({
    complexity: whole.max(COMPLEXITY.nerc),
    minimumLength: whole.min(1).max(LONGEST_PASSWORD),
  }),
  /** Rights of USER1, USER2, ... */
  rights: z.array(whole.max(0x7f)).length(50),
  /** Index 0 is Data Recorder 1; those behind the last are not set up. */
  recorders: z.array(recorderSchema).max(64),
  /** 0 = the port that the meter was started with. */
  modbusPort: whole.max(65_535),
});
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** Bits of a user's rights. Source of the rights: ION Reference, Security User module; Siemens 9810 manual, p. 49. */
export const RIGHT_BITS = {
  read: 1,
  peakDemandReset: 2,
  timeSync: 4,
  fullMeterConfig: 8,
  testMode: 16,
  securityConfig: 32,
  commConfig: 64,
} as const;

/** What the meter says of its registration with a BBMD, as the map codes it. */
export const FOREIGN_STATUS = { off: 0, waiting: 1, registered: 2, refused: 3 } as const;
export type ForeignStatus = (typeof FOREIGN_STATUS)[keyof typeof FOREIGN_STATUS];

/** What a new password came to, as the map codes it. */
export const PASSWORD_RESULTS = {
  none: 0,
  accepted: 1,
  tooShort: 2,
  tooLong: 3,
  badCharacter: 4,
  tooSimple: 5,
} as const;
export type PasswordResultCode = (typeof PASSWORD_RESULTS)[keyof typeof PASSWORD_RESULTS];

/** The last new password that came over the setup registers. */
export interface PasswordResult {
  /** 1..50; 0 = there was none since the meter was powered. */
  readonly user: number;
  readonly code: PasswordResultCode;
}
