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
