import { atLeast, type FirmwareVersion, firmwareVersion } from '../../firmware-version.ts';

/** What a full log does: the newest record replaces the oldest, or new records are dropped. */
export const RECORD_MODES = ['circular', 'stop-when-full'] as const;
export type RecordMode = (typeof RECORD_MODES)[number];

/** A Data Recorder as it is set up. */
export interface RecorderSettings {
  /** The label of the module; absent where none was given. */
  readonly name?: string;
  /** Seconds between records (period of the Periodic Timer at the Record input); null when something else triggers the records. */
  readonly interval: number | null;
  /** Records in the log. */
  readonly depth: number;
  /** Records in the short-term buffer. */
  readonly bufferDepth: number;
  /** Labels of the linked sources, in their order. */
  readonly sources: readonly string[];
  /** Fill intervals that were missed in an outage with zeros. */
  readonly insertOutageRecords: boolean;
  readonly mode: RecordMode;
  /** Records before the trigger; 0 is off. */
  readonly preTrigger: number;
  /** Records after the trigger; 0 is off. */
  readonly postTrigger: number;
}

/** Data Recorders by their number, from 1. */
export type Recorders = ReadonlyMap<number, RecorderSettings>;

/** Bytes that one recorder may use: 10 MB. Source: vendor's FAQ000277884. */
export const RECORDER_BYTES = 10_485_760;
/** Sources that a DLMS Log Export shows. Source: ION Reference, DLMS Log Export module. */
export const DLMS_COLUMNS = 16;
const FEWER_SOURCES = 16;
const MORE_SOURCES = 50;
/** Source: release notes 7EN12-0483-00. */
export const MORE_SOURCES_SINCE = firmwareVersion('4.6.0');
/** The vendor's own figure for 16 sources, one below its formula; the smaller one is safe. Source: vendor's FAQ000277884. */
const PRINTED_DEPTHS: ReadonlyMap<number, number> = new Map([[16, 97_089]]);

/** True when records before or after a trigger are kept. */
export function isBurst({ preTrigger, postTrigger }: Pick<RecorderSettings, 'preTrigger' | 'postTrigger'>): boolean {
  return preTrigger !== 0 || postTrigger !== 0;
}

/** Sources that a recorder can have: 16 before 4.6.0 and with pre- or post-trigger records, else 50. Source: release notes 7EN12-0483-00. */
export function maximumSources(firmware: FirmwareVersion, burst: boolean): number {
  return burst || !atLeast(firmware, MORE_SOURCES_SINCE) ? FEWER_SOURCES : MORE_SOURCES;
}

/** Bytes of one record of n sources, 0 to 50: 5n + 28. Approximate, says the vendor. Source: vendor's FAQ000277884. */
export function recordBytes(sources: number): number {
  return 5 * sources + 28;
}

/** Records that fit into the 10 MB of a recorder with n sources: 1 -> 317,750; 4 -> 218,453; 16 -> 97,089; 50 -> 37,718. */
export function maximumDepth(sources: number): number {
  return PRINTED_DEPTHS.get(sources) ?? Math.floor(RECORDER_BYTES / recordBytes(sources));
}

/** Records of one trigger: pre + post + 1. Depth and buffer depth are multiples of it. Source: ION7400 help, burst data. */
export function burstSize({ preTrigger, postTrigger }: Pick<RecorderSettings, 'preTrigger' | 'postTrigger'>): number {
  return preTrigger + postTrigger + 1;
}

/** The greatest depth of a recorder that is a multiple of its burst; 0 when not even one burst fits or it is no burst. */
export function maximumDepthOf(recorder: Pick<RecorderSettings, 'sources' | 'preTrigger' | 'postTrigger'>): number {
  const burst = burstSize(recorder);
  if (!(burst >= 1)) return 0;
  return Math.floor(maximumDepth(recorder.sources.length) / burst) * burst;
}

/** True for a quantity that is counted up over time (kWh, kVARh, VAh): a zero in its log looks like a huge consumption afterwards. */
export function isEnergy(source: string): boolean {
  return /(?:^|[^a-z])[kMG]?(?:W|VAR|VA)h(?:[^a-z]|$)/i.test(source);
}
