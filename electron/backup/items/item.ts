import type { BackupItem, BackupItemId } from '../../../shared/domain/backup.ts';
import type { ClockReading, MeterIdentity } from '../../../shared/domain/identity.ts';
import type { RowProgress } from '../../../shared/domain/job.ts';
import type { Problem, Result } from '../../../shared/domain/problem.ts';
import type { Meter } from '../../meter/types.ts';
import type { TransferProgress } from '../../protocols/sftp/types.ts';
import type { BagWriter, FileFacts } from '../bag/writer.ts';
import type { LogIndex } from '../logs/index-file.ts';
import type { OlderBag } from '../logs/older.ts';
import type { RecorderSources } from '../logs/sources.ts';
import type { BackupRequest, LogEvidence, MissedLog } from '../types.ts';

/** What every item is given. */
export interface ItemContext {
  readonly meter: Meter;
  /** Read at the start of this backup. */
  readonly identity: MeterIdentity;
  readonly bag: BagWriter;
  readonly request: BackupRequest;
  readonly signal: AbortSignal | undefined;
  readonly now: () => Date;
  readonly report: (message: string, bytes?: TransferProgress, rows?: RowProgress) => void;
  readonly logs: LogCollection;
  /** The clock of the meter at the start; undefined until it was read. */
  readonly clock: ClockReading | undefined;
}

/** What the items of one backup that are logs share. */
export interface LogCollection {
  /** The bag whose logs may be gone on with, or why there is none. Verified when it is first asked for. */
  older(): Promise<OlderBag | string>;
  /** How many sources the data recorders have. Not to be asked inside of `Meter.withLogs`: it waits for the end of that. */
  sources(): Promise<RecorderSources>;
  readonly saved: LogIndex['logs'];
  readonly missed: MissedLog[];
  readonly evidence: LogEvidence[];
}

/** How saving an item went, before waivers are looked at. */
export type ItemOutcome = Omit<BackupItem, 'id' | 'state' | 'waiver'> & {
  readonly state: Exclude<BackupItem['state'], 'waived'>;
};

/**
 * One thing that a backup saves. An item that cannot be saved is an outcome and lets the next one go on; a failed Result ends the whole
 * backup: the disk of this PC refuses, or it was cancelled.
 */
export interface ItemSource {
  readonly id: BackupItemId;
  save(context: ItemContext): Promise<Result<ItemOutcome>>;
}

/** The outcome for an item of which nothing could be saved. */
export function nothingSaved(state: 'failed' | 'unreachable', found: Problem): ItemOutcome {
  return { state, count: 0, bytes: 0, because: `${found.title}: ${found.because}`, problem: found };
}

/** Sum of the sizes of what was written. */
export function totalBytes(written: readonly Pick<FileFacts, 'size'>[]): number {
  return written.reduce((sum, file) => sum + file.size, 0);
}
