import type { BackupItem, BackupItemId } from '../../shared/domain/backup.ts';
import type { ClockReading, MeterIdentity } from '../../shared/domain/identity.ts';
import type { RowProgress } from '../../shared/domain/job.ts';
import type { LogReadout, RecorderInfo } from '../../shared/domain/log.ts';
import type { Problem } from '../../shared/domain/problem.ts';
import type { InstallationKey } from '../inventory/installation-key.ts';
import type { TransferProgress } from '../protocols/sftp/types.ts';
import type { RecorderSources } from './logs/sources.ts';

export interface BackupRequest {
  /** Folder in which the bag's folder is made. */
  readonly out: string;
  /** Files the technician attaches: exports of ION Setup and anything else. */
  readonly attach: readonly string[];
  readonly waive: readonly { readonly item: BackupItemId; readonly reason: string }[];
  /** Name of the person at the laptop, for waivers and the evidence record. */
  readonly by: string;
  /** Folder of an earlier bag of the same meter: of logs that go on from it only the new rows are read. Without it every log is read whole. */
  readonly since?: string | undefined;
}

/** What taking a backup needs besides the meter and the request. */
export interface BackupOptions {
  /** Ends the backup with `backup/cancelled`; nothing that could be taken for a backup stays on the disk. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BackupProgress) => void;
  /** Signs the bag. */
  readonly key: InstallationKey;
  readonly toolVersion: string;
  /** Clock of this PC; given in tests. */
  readonly now?: () => Date;
  /** How many sources the data recorders have; asked at most once, between other operations of the meter. Without it that is not known. */
  readonly recorderSources?: () => Promise<RecorderSources>;
}

/** What a person is told while a backup runs. */
export interface BackupProgress {
  readonly item: BackupItemId | 'seal' | 'verify';
  /** Step k of n, counted from 1. */
  readonly step: { readonly index: number; readonly count: number };
  readonly message: string;
  /** Only while the bytes of one file flow. */
  readonly bytes?: TransferProgress;
  /** Only while the rows of a log come. */
  readonly rows?: RowProgress;
}

export interface BackupResult {
  /** Absolute path of the sealed bag. */
  readonly bag: string;
  /** True only after everything was read back from disk and hashed again. */
  readonly verified: boolean;
  readonly items: readonly BackupItem[];
  /** SHA-256 of the tag manifest, hex: the one number that stands for the whole bag. */
  readonly fingerprint: string;
}

/** `evidence.json` in a bag: what an auditor reads. */
export interface BackupEvidence {
  readonly format: 'meterwright-backup/1';
  readonly tool: { readonly name: 'Meterwright'; readonly version: string };
  readonly by: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly host: string;
  readonly identity: MeterIdentity;
  readonly clock: ClockReading;
  readonly items: readonly BackupItem[];
  /** Everything that is not in the bag although the meter has it, in words. */
  readonly gaps: readonly string[];
  /** The logs of the meter, and how their readout went; absent in bags of versions that read none. */
  readonly logs?: readonly LogEvidence[];
  /** The logs that the meter shows and the bag does not have; absent in bags of older versions. */
  readonly missedLogs?: readonly MissedLog[];
}

/** A log that could not be read from the meter, or not to its end. */
export interface MissedLog {
  readonly id: string;
  readonly name: string | null;
  readonly kind: RecorderInfo['kind'];
  /** Rows that the meter counts in it. */
  readonly entries: number;
  readonly because: string;
}

/** A log in the bag. Times in ISO 8601 UTC. */
export interface LogEvidence {
  readonly id: string;
  readonly name: string | null;
  readonly kind: RecorderInfo['kind'];
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly gapCount: number;
  readonly columns: number;
  readonly columnsNotExported: number | null;
  /** Rows that were read from the meter this time, in how many milliseconds and round trips. */
  readonly readout: Pick<LogReadout, 'rows' | 'milliseconds' | 'roundTrips' | 'by' | 'missed'>;
  /** How it came into the bag, as a sentence. */
  readonly fetched: string;
}

/** What `backup verify` finds; `verified` needs no problem at all. */
export interface BackupVerification {
  readonly verdict: 'verified' | 'mismatch' | 'unknown';
  readonly problems: readonly Problem[];
  readonly fingerprint: string | null;
  readonly evidence: BackupEvidence | null;
  /** Time of the verification, ISO 8601 UTC. */
  readonly at: string;
  readonly files: number;
  readonly bytes: number;
}

export interface BackupDiff {
  /** Number of values that were compared. */
  readonly compared: number;
  readonly different: readonly {
    readonly id: string;
    readonly label: string;
    readonly a: string;
    readonly b: string;
  }[];
  readonly unread: readonly { readonly id: string; readonly label: string; readonly because: string }[];
}
