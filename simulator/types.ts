import type { FeatureSet } from '../shared/domain/feature-set.ts';
import type { FirmwareVersion } from '../shared/domain/firmware-version.ts';
import type { Fault } from './faults.ts';

/** What a simulated meter is made with; everything it becomes later stands in its state folder. */
export interface SimulatedMeterOptions {
  readonly name: string;
  /** At most 24 ASCII characters. */
  readonly serial: string;
  readonly firmware: FirmwareVersion;
  /** Firmware it left the factory with: decides whether function code 43 gives a commercial reference. */
  readonly shipped: FirmwareVersion;
  readonly featureSet: Exclude<FeatureSet, 'unknown'>;
  /** Folder that survives restarts of the process. */
  readonly stateFolder: string;
  /** Seed of its data. */
  readonly seed: number;
  /** 0 = any free port. */
  readonly ports: {
    readonly modbus: number;
    readonly rtuOverTcp: number;
    readonly sftp: number;
    /** Default 0. */
    readonly dlms?: number;
    /** UDP; default 0. */
    readonly bacnet?: number;
    readonly control: number;
  };
  /** How long applying an image takes, with every port closed. */
  readonly applySeconds: number;
  /** Faults that are armed from the start. */
  readonly faults?: readonly Fault[];
  /** An SFTP session without a request for so long is closed; default 300. */
  readonly sftpIdleSeconds?: number;
  readonly dlms?: DlmsOptions;
  readonly bacnet?: BacnetOptions;
}

/** How the meter answers over BACnet/IP. */
export interface BacnetOptions {
  /** Whether it executes ReadPropertyMultiple, which a B-SS need not; default false. */
  readonly readMultiple?: boolean;
  /** Octets of the longest APDU that it takes and sends: 50, 128, 206, 480, 1024 or 1476, the default. */
  readonly maxApdu?: number;
  /** Time-to-live that it asks a BBMD for, 2..65,535 s; default 60. It renews after half of it. */
  readonly foreignSeconds?: number;
}

/** How the meter answers over DLMS. */
export interface DlmsOptions {
  /** How late each block of a log is; default 6 before firmware 4.6.0 and 2 from it. */
  readonly blockLatencyMs?: number;
  /** Rows that the Load Curve has when the meter is first started, 0..97,089; default 10,080, a week. */
  readonly loadCurveRows?: number;
  /** Rows that Hist Mean, High and Low have when the meter is first started, 0..3,360; default 2,880, 30 days. */
  readonly historicRows?: number;
  /** Whether the Load Curve sends null-data for a time that follows from the one before; default true. */
  readonly nullClock?: boolean;
}

export interface SimulatedMeterAddress {
  readonly name: string;
  readonly serial: string;
  readonly host: '127.0.0.1';
  readonly ports: {
    readonly modbus: number;
    readonly rtuOverTcp: number;
    readonly sftp: number;
    readonly dlms: number;
    /** UDP. Open from firmware 4.6.0 while BACnet/IP is enabled. */
    readonly bacnet: number;
  };
  readonly credentials: { readonly user: string; readonly password: string };
  /** `http://127.0.0.1:port/` */
  readonly control: string;
}

/** A running simulated meter. */
export interface SimulatedMeter {
  readonly address: SimulatedMeterAddress;
  /** Ends every connection and port and writes its state; idempotent. */
  stop(): Promise<void>;
}
