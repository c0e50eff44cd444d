import type { GateVerdict } from '../../../shared/domain/gate.ts';
import type { BacnetFindingId } from '../../../shared/domain/settings/bacnet-finding.ts';
import type { BacnetClient, BacnetObjectId, BacnetPeer, BacnetTarget, IAm } from '../../protocols/bacnet/types.ts';

/** One thing that was looked at. `block`: the building automation cannot work with this. `unknown`: it could not be found out, and why. */
export interface BacnetFinding {
  readonly id: BacnetFindingId;
  readonly verdict: GateVerdict;
  readonly because: string;
}

/** An object as the meter gives it; texts are as they came and hostile. */
export interface BacnetObjectRow {
  readonly object: BacnetObjectId;
  /** "analog-input". */
  readonly typeName: string;
  /** Null where it could not be read. */
  readonly name: string | null;
  /** Optional in the standard, so null is nothing bad. */
  readonly description: string | null;
  /** As a text; null where the object has none or it could not be read. */
  readonly presentValue: string | null;
  /** "kWh"; empty without a unit. */
  readonly unit: string;
  /** Why the name or the present value is missing; null where nothing is. */
  readonly because: string | null;
}

/** The meter seen over BACnet at one moment: everything the building-automation colleague has to know. */
export interface BacnetSheet {
  /** ISO 8601, UTC, by the clock of this PC. */
  readonly takenAt: string;
  readonly address: BacnetPeer;
  readonly deviceId: number | null;
  readonly deviceName: string | null;
  readonly vendorId: number | null;
  readonly vendorName: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly applicationSoftware: string | null;
  readonly description: string | null;
  readonly location: string | null;
  readonly protocolRevision: number | null;
  /** Bytes. */
  readonly maxApdu: number | null;
  readonly segmentation: IAm['segmentation'] | null;
  /** How many objects the meter says it has; null where it does not say. `objects` has fewer where not all could be read. */
  readonly objectCount: number | null;
  /** Without the device itself, in the order of the meter. */
  readonly objects: readonly BacnetObjectRow[];
  readonly findings: readonly BacnetFinding[];
}

/** Where other devices are looked for, and for how long. */
export interface BacnetSearch {
  /** Default: the subnets of the adapters that the client is bound to. */
  readonly targets?: readonly BacnetTarget[];
  /** How long answers of a network are waited for, in milliseconds (1..60000). */
  readonly waitMs: number;
}

export interface CommissioningOptions {
  readonly client: BacnetClient;
  readonly device: BacnetPeer;
  /** What was configured; what is left out is only shown. */
  readonly expected: { readonly deviceId?: number; readonly deviceName?: string };
  readonly search: BacnetSearch;
  /** Also looks at the way over this BBMD, as a building automation in another subnet has to. */
  readonly foreign?: BacnetPeer & { readonly ttlSeconds: number };
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** Objects that were read, and how many there are. */
  readonly onProgress?: (done: number, of: number) => void;
}
