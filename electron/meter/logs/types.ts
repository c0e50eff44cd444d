import type { LogReadout, RecorderInfo } from '../../../shared/domain/log.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import type { DeviationSign, ProfileRow, ProfileShape } from '../../protocols/dlms/types.ts';

/** How the association with a meter is made. Nothing that is not named here is ever tried: a wrong secret counts toward lockout. */
export interface DlmsAccess {
  /** `auto` asks over the TCP wrapper first and over HDLC only when the meter does not understand that. */
  readonly link: 'auto' | 'wrapper' | 'hdlc' | SerialLine;
  /** 16, the public client, unless the technician says otherwise. */
  readonly clientSap: number;
  /** 1, the management logical device, unless the technician says otherwise. */
  readonly serverSap: number;
  /** Secret of low-level security; in memory only. */
  readonly password?: string;
  readonly deviationSign: DeviationSign;
}

/** HDLC over an optical head or an RS-485 adapter. */
export interface SerialLine {
  readonly path: string;
  readonly baudRate: number;
  /** Physical address of the meter on the line: the unit id of its port. */
  readonly physicalAddress: number;
}

export const PUBLIC_DLMS: DlmsAccess = { link: 'auto', clientSap: 16, serverSap: 1, deviationSign: 'standard' };

/** A log of the meter, found through the object list of the association, with what reading it needs. */
export interface MeterRecorder extends RecorderInfo {
  readonly shape: ProfileShape;
}

/** A row as it is kept: values are scaled numbers, texts, or null where the meter had none. */
export interface LogRow {
  /** Milliseconds since 1970 UTC, or null. */
  readonly time: number | null;
  readonly rebuilt: boolean;
  /** In the order of the columns of the recorder. */
  readonly values: readonly (number | bigint | string | null)[];
  /** As it came, for those who want the bytes. */
  readonly raw: ProfileRow;
}

export interface LogReadOptions {
  /** Both ends included, milliseconds since 1970 UTC. Without them: everything. */
  readonly from?: number;
  readonly to?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: LogProgress) => void;
}

/** Rows so far, of how many (null when a range was asked for and the number is not known). */
export interface LogProgress {
  readonly rows: number;
  readonly of: number | null;
  readonly rowsPerSecond: number;
  readonly roundTrips: number;
}

/** The logs of one meter, over one association that its owner closes. */
export interface MeterLogs {
  /** What is exported now; asks for first and last times only where `times` says so, because that costs round trips. */
  recorders(options?: {
    readonly times?: boolean;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Result<readonly MeterRecorder[]>>;
  /**
   * Reads a log from its oldest to its newest row, in planned ranges; a lost connection is made again and the read goes on after the last row that was
   * handed over, without a row twice and without one missing. `onRows` is waited for, so that a whole log is never in memory.
   */
  read(
    recorder: MeterRecorder,
    onRows: (rows: readonly LogRow[]) => void | Promise<void>,
    options?: LogReadOptions,
  ): Promise<Result<LogReadout>>;
}
