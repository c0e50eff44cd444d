import type { Problem, Result } from '../../../shared/domain/problem.ts';

/** A UDP end of BACnet/IP; IPv4 only. Source: ANSI/ASHRAE 135, Annex J. */
export interface BacnetPeer {
  /** IPv4 address with dots, or a host name where a caller gives it. */
  readonly host: string;
  /** 1..65535; 47808 (0xBAC0) unless the site chose another one. */
  readonly port: number;
}

/** Where a device takes requests. Answers are accepted from exactly here. */
export interface BacnetAddress extends BacnetPeer {
  /** The device is behind a BACnet router at `host`: its network 1..65534 and its address there, in hex. Source: 135, clause 6.2.2. */
  readonly routed?: { readonly network: number; readonly mac: string };
}

/** Type 0..1023 (0 analog input, 8 device), instance 0..4194303; 4194303 of a device is "whichever you are". Source: 135, clause 12. */
export interface BacnetObjectId {
  readonly type: number;
  readonly instance: number;
}

/**
 * One element of a value, by its application tag (135, clause 20.2.1.4). `string`: `exact` is false where the character set is one that is not
 * decoded, or bytes do not fit it; U+FFFD stands for what was lost. `date` and `time` are four bytes each as they came (255 is
 * "any"). `raw` is a constructed value or a reserved tag, with its tags.
 */
export type BacnetValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'unsigned'; readonly value: number | bigint }
  | { readonly kind: 'signed'; readonly value: number | bigint }
  | { readonly kind: 'real'; readonly value: number }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'octets'; readonly bytes: Uint8Array }
  | { readonly kind: 'string'; readonly text: string; readonly charset: number; readonly exact: boolean }
  | { readonly kind: 'bit-string'; readonly bits: readonly boolean[] }
  | { readonly kind: 'enumerated'; readonly value: number }
  | { readonly kind: 'date'; readonly bytes: Uint8Array }
  | { readonly kind: 'time'; readonly bytes: Uint8Array }
  | { readonly kind: 'object-id'; readonly object: BacnetObjectId }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** What a device says of itself, 135, clause 16.10. */
export interface IAm {
  readonly deviceId: number;
  /** The originator, also where a BBMD forwarded the message. */
  readonly address: BacnetAddress;
  /** The BBMD that forwarded the message, if one did. */
  readonly via?: BacnetPeer;
  /** Bytes. */
  readonly maxApdu: number;
  readonly segmentation: 'both' | 'transmit' | 'receive' | 'none';
  readonly vendorId: number;
}

/** A device has an object, 135, clause 16.9. */
export interface IHave {
  readonly deviceId: number;
  readonly address: BacnetAddress;
  readonly via?: BacnetPeer;
  readonly object: BacnetObjectId;
  readonly name: string;
}

/**
 * Whom a Who-Is or Who-Has reaches. `broadcast`: the subnets of the adapters that the client is bound to, at UDP `port` (default 47808).
 * `foreign`: the networks behind the BBMD that this client is registered with. `device`: one address, which also answers across routers.
 */
export type BacnetTarget =
  | { readonly kind: 'broadcast'; readonly port?: number }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'device'; readonly address: BacnetAddress };

/** How long answers are gathered: `waitMs` 1..60000, all of it unless `enough` answers came before. */
export interface BacnetGathering {
  readonly target: BacnetTarget;
  readonly waitMs: number;
  /** Default: no such number, so the whole time is waited for. */
  readonly enough?: number;
  readonly signal?: AbortSignal;
}

/** `low` and `high` are device instances 0..4194303, given both or not at all. */
export interface WhoIsQuestion extends BacnetGathering {
  readonly low?: number;
  readonly high?: number;
}

export interface WhoHasQuestion extends BacnetGathering {
  /** An object by its name (1..255 bytes of UTF-8), or by its id. */
  readonly what: { readonly name: string } | { readonly object: BacnetObjectId };
  readonly low?: number;
  readonly high?: number;
}

/** A property 0..4194303 (85 Present_Value); `arrayIndex` 0 is the number of elements. */
export interface PropertyReference {
  readonly object: BacnetObjectId;
  readonly property: number;
  readonly arrayIndex?: number;
}

/** What came of one property of many. A device that refuses one property still gives the others. */
export interface PropertyReading {
  readonly reference: PropertyReference;
  readonly result: Result<readonly BacnetValue[]>;
}

/** Something that was heard without being asked for, or was thrown away. For a log that a person reads. */
export type BacnetIncident =
  | { readonly kind: 'i-am'; readonly iAm: IAm }
  | { readonly kind: 'i-have'; readonly iHave: IHave }
  | { readonly kind: 'dropped'; readonly from: BacnetPeer; readonly because: string };

/** Since opening. `dropped` are datagrams that are not valid BACnet/IP, `strays` valid answers that nothing waited for. */
export interface BacnetCounters {
  readonly sent: number;
  readonly received: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Confirmed requests that were answered, by whatever answer. */
  readonly roundTrips: number;
  readonly retries: number;
  readonly timeouts: number;
  readonly dropped: number;
  readonly strays: number;
}

/** The registration with a BBMD, 135, clause J.5. `lost`: a renewal failed; it is still tried. */
export interface ForeignRegistration {
  readonly bbmd: BacnetPeer;
  readonly ttlSeconds: number;
  readonly state: 'registered' | 'lost';
  readonly problem?: Problem;
}

/** What the client is bound to. */
export interface BacnetBinding {
  readonly address: string;
  readonly port: number;
  /** Set where not everything was possible, such as UDP 47808 being taken: says what this costs. */
  readonly warning?: Problem;
}

export interface BacnetOptions {
  /** Default: all adapters, port 47808. An address of one adapter sends broadcasts there only. Port 0 is any free one. */
  readonly bind?: { readonly address: string; readonly port: number };
  /** Cap on each try of a confirmed request, in milliseconds (50..60000). 3000 is usual. */
  readonly timeoutMs: number;
  /** How often a confirmed request is sent again without an answer, 0..10. 3 is usual. */
  readonly retries: number;
  /** Ends opening; each request takes its own. */
  readonly signal?: AbortSignal;
}

/**
 * Reads from BACnet/IP devices; there is no way to write. At most one request at a time per device and 16 in all, the rest wait in order.
 * Every failure is a value: `bacnet/timeout`, `bacnet/error`, `bacnet/reject`, `bacnet/abort`, `bacnet/malformed`, `bacnet/unreachable`,
 * `bacnet/bad-request`, `bacnet/foreign-refused`, `bacnet/foreign-unanswered`, `bacnet/not-registered`, `bacnet/closed` or `aborted`.
 */
export interface BacnetClient {
  readonly binding: BacnetBinding;
  counters(): BacnetCounters;
  /** Who-Is (135, clause 16.10): the devices that answered, each address once, in the order of their answers. */
  whoIs(question: WhoIsQuestion): Promise<Result<readonly IAm[]>>;
  /** Who-Has (135, clause 16.9). */
  whoHas(question: WhoHasQuestion): Promise<Result<readonly IHave[]>>;
  /** ReadProperty (135, clause 15.5). An array or list comes as its elements. */
  readProperty(
    device: BacnetAddress,
    reference: PropertyReference,
    signal?: AbortSignal,
  ): Promise<Result<readonly BacnetValue[]>>;
  /**
   * Reads many properties: by ReadPropertyMultiple where the device's Protocol_Services_Supported has it, in smaller parts where an answer does
   * not fit, else one by one. Readings come in the order of the references; the whole call fails only when the device stops answering or
   * the call is stopped. `onProgress` gets how many of the references are done.
   */
  readMultiple(
    device: BacnetAddress,
    references: readonly PropertyReference[],
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void },
  ): Promise<Result<readonly PropertyReading[]>>;
  /** Registers with a BBMD and renews at half of `ttlSeconds` (1..65535; 300 is usual) until {@link close}, which takes the registration back. One BBMD at a time. */
  registerForeignDevice(
    bbmd: BacnetPeer & { readonly ttlSeconds: number },
    signal?: AbortSignal,
  ): Promise<Result<ForeignRegistration>>;
  /** The registration as it is now. */
  foreign(): ForeignRegistration | undefined;
  /** Calls back for what comes in; returns the way to stop it. */
  watch(listener: (incident: BacnetIncident) => void): () => void;
  /** Idempotent; ends waiting calls with `bacnet/closed` and releases the port. */
  close(): Promise<void>;
}
