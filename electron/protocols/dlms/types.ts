import type { Problem, Result } from '../../../shared/domain/problem.ts';
import type { CosemValue, ProfileCell } from './codec/values.ts';

/**
 * How a meter uses the deviation field of its date_times. `standard`: UTC = local time + deviation, Blue Book 4.1.6.1 (Paris in winter: -60).
 * `inverted`: UTC = local time - deviation, as in some markets. `ignore`: the clock fields are UTC whatever the deviation says.
 */
export type DeviationSign = 'standard' | 'inverted' | 'ignore';

/** What client and server call themselves, and how patient the client is; the same on every way to a meter. */
export interface DlmsSettings {
  /** `wrapper` is the TCP wrapper of IEC 62056-47, `hdlc` are HDLC frames of type 3 with 128-byte information fields. */
  readonly kind: 'wrapper' | 'hdlc';
  /** 1..65535 with the wrapper, 1..127 with HDLC. 16 is the public client, which needs no secret. */
  readonly clientSap: number;
  /** The logical device: 1..65535 with the wrapper, 1..16383 with HDLC. 1 is the management logical device. */
  readonly serverSap: number;
  /** HDLC only: the physical device, 0..16383; default 1. On a serial line of an ION7400 it is the unit id of that port. */
  readonly physicalAddress?: number;
  /** Secret of low-level security, 1..64 bytes of UTF-8; without it no authentication is asked for. It crosses the wire in clear. */
  readonly password?: string;
  /** Cap on connecting and on each round trip, in milliseconds (100..60000). */
  readonly timeoutMs: number;
  /** Default `standard`. */
  readonly deviationSign?: DeviationSign;
}

/** A meter on a TCP port. */
export interface DlmsEndpoint extends DlmsSettings {
  readonly host: string;
  readonly port: number;
}

/** An attribute of a COSEM object, such as class 8, "0.0.1.0.0.255", attribute 2. */
export interface CosemAttribute {
  readonly classId: number;
  /** Six numbers 0..255 with dots. */
  readonly obis: string;
  /** 0 asks for all attributes where the association grants it. */
  readonly attribute: number;
}

/**
 * Part of the buffer of a Profile Generic, Blue Book 4.3.6. Entries are counted from 1, the first entry of the buffer; `to` 0 is the last one.
 * Ranges are milliseconds since 1970 UTC, both ends included, on the clock column.
 */
export type ProfileSelection =
  | 'all'
  | { readonly kind: 'entry'; readonly from: number; readonly to: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

/** One element of capture_objects (attribute 3 of class 7). */
export interface CaptureObject extends CosemAttribute {
  readonly dataIndex: number;
}

/** What has to be known of a Profile Generic to read its rows. */
export interface ProfileShape {
  readonly obis: string;
  /** In the order of attribute 3. A row has exactly one cell for each. */
  readonly columns: readonly CaptureObject[];
  /** Seconds, attribute 4; 0 when rows are not periodic. Times that a meter leaves out are rebuilt with it. */
  readonly capturePeriod: number;
}

/** One row of a profile. The clock column, the first column of class 8 attribute 2, is told apart from the others. */
export interface ProfileRow {
  /** Milliseconds since 1970 UTC; null where the meter gave no time, or one that does not name an instant. */
  readonly time: number | null;
  /** The date_time as it came, 12 bytes; null when the meter left it out or the profile has no clock. */
  readonly clock: Uint8Array | null;
  /** The meter left the time out, and it is the time of the row before plus the capture period. */
  readonly rebuilt: boolean;
  /** The cells in the order of the columns, without the clock column. Null is null-data as it came. */
  readonly values: readonly ProfileCell[];
}

/** How a read of a profile went. */
export interface ProfileRead {
  readonly rows: number;
  /** Rows whose time was rebuilt, and rows that have none. */
  readonly rebuilt: number;
  readonly undated: number;
  readonly roundTrips: number;
  /** Of the encoded buffer, without framing. */
  readonly bytes: number;
}

/** What the two ends agreed on, Green Book 9.4.6. */
export interface DlmsAssociation {
  /** 24 bits, bit 0 is `action`. */
  readonly conformance: number;
  /** The same by name, such as `get` or `block-transfer-with-get`. */
  readonly services: readonly string[];
  /** Largest APDU that the meter takes, in bytes; 0 when it states no limit. */
  readonly maxPdu: number;
  readonly dlmsVersion: number;
}

/** Since connecting, and framing included. Only completed round trips count. */
export interface DlmsCounters {
  readonly roundTrips: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/**
 * One association with a meter, which has few: close it as soon as possible. One request at a time; calls made together wait for each
 * other in order. Every failure is a value with a code `dlms/…` or `aborted`. After `dlms/timeout`, or bytes that cannot be trusted, the
 * association is given up and every later call ends with `dlms/closed`: connect again. Nothing is ever sent twice by itself.
 */
export interface DlmsClient {
  /** For messages: "192.0.2.7:4059 client 16 server 1". */
  readonly endpoint: string;
  readonly association: DlmsAssociation;
  counters(): DlmsCounters;
  /**
   * GET, with block transfer where the meter uses it. At most `maxBytes` encoded bytes (default 1 MiB), else `dlms/too-large`. Attribute 0 is all
   * attributes of the object as a structure, where the association grants that, else `dlms/not-granted`; of a profile that is its whole buffer, too.
   */
  get(
    attribute: CosemAttribute,
    options?: {
      readonly selection?: ProfileSelection;
      readonly maxBytes?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<Result<CosemValue>>;
  /**
   * Reads rows of a profile's buffer, however many, in constant memory. `onRows` gets a few at a time, in the order of the
   * buffer; the next block is on its way meanwhile, and nothing more is asked for until a promise that it returns has resolved. Rows handed over before a
   * failure are good. What `onRows` throws comes out of this call. Other calls wait until the read is over: `onRows` must not wait for one.
   */
  readProfile(
    profile: ProfileShape,
    selection: ProfileSelection,
    onRows: (rows: readonly ProfileRow[]) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<Result<ProfileRead>>;
  /** SET without blocks. A failure after sending says that the state of the meter is not known. */
  set(attribute: CosemAttribute, value: CosemValue, signal?: AbortSignal): Promise<Result<void>>;
  /** Releases the association (RLRQ), then the connection; within about 2 seconds whatever the meter does. Idempotent. Ends waiting calls with `dlms/closed`. */
  close(): Promise<void>;
  /** Why the association ended by itself, if it did. */
  ended(): Problem | undefined;
}
