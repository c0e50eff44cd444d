import type { LogColumn, LogGap, LogReadout, RecorderInfo } from '../../../shared/domain/log.ts';

/**
 * A log on disk is a CSV file (RFC 4180, UTF-8, CRLF) and a sidecar of the same name that ends in `.json`. First column `time` (ISO 8601 UTC with
 * milliseconds, empty where the meter gave none), second `origin` of that time (`meter`, `rebuilt`, `none`), then a column for each of
 * `columns`, headed by its id. Numbers are written so that reading them gives the same number; an empty field is null-data.
 */
export interface LogSidecar {
  readonly format: 'meterwright-log/1';
  readonly recorder: RecorderInfo;
  readonly columns: readonly LogColumn[];
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly gaps: readonly LogGap[];
  /** All gaps; `gaps` names the first 1,000. */
  readonly gapCount: number;
  readonly readout: LogReadout;
  readonly meter: { readonly serial: string | null; readonly firmware: string | null; readonly simulated: boolean };
  /** ISO 8601 UTC: clock of the PC when the readout began. */
  readonly readAt: string;
  /** When only new rows were fetched: which backup has the older ones, and how the two were proven to join. */
  readonly continues: LogContinuity | null;
  /** What of the log an export holds; absent where it holds all of it. */
  readonly part?: LogPart;
}

/** A part of a log: the rows whose time lies between two ends, both included, ISO 8601 UTC; null for no end. */
export interface LogPart {
  readonly from: string | null;
  readonly to: string | null;
  /** Rows that the export does not hold: those without a time, which are in no range, and those whose time lies outside. */
  readonly leftOut: { readonly undated: number; readonly outside: number };
}

/** Proof that a log goes on where an older backup of it ends. */
export interface LogContinuity {
  /** Name of the bag's folder, and its fingerprint. */
  readonly bag: string;
  readonly fingerprint: string;
  /** Rows that both have, compared value by value; at least one, else the log is fetched whole. */
  readonly overlap: number;
  readonly lastOfOlder: string;
}

/** A log read from disk, by columns, for tables and trends. */
export interface LogTable {
  readonly sidecar: LogSidecar;
  readonly rows: number;
  /** Milliseconds since 1970 UTC; NaN where a row has no time. */
  readonly times: Float64Array;
  /** Of each row where its time comes from: 0 it has none, 1 the meter gave it, 2 it was rebuilt from the interval. */
  readonly origins: Uint8Array;
  /** Numbers of a column; NaN where there is none. A column of texts has all NaN, see `texts`. */
  readonly numbers: readonly Float64Array[];
  /** Texts of a column that has any that is not a number; undefined for the others. */
  readonly texts: readonly (readonly (string | null)[] | undefined)[];
}
