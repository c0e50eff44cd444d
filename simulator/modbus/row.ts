import type { FeatureSet } from '../../shared/domain/feature-set.ts';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { EnergyValues, LiveValues } from '../physics.ts';
import type { ForeignStatus, PasswordResult, Settings } from '../settings/types.ts';
import type { MeterValue, ValueType } from './values.ts';

/** What the map shows, taken once for each request so that the values of one answer belong together. */
export interface MapView {
  readonly name: string;
  readonly serial: string;
  readonly firmware: FirmwareVersion;
  readonly featureSet: Exclude<FeatureSet, 'unknown'>;
  readonly revenueLock: RevenueLock;
  readonly modbusProgramming: boolean;
  readonly defaultPasswords: number;
  readonly sharedConnections: { readonly used: number; readonly all: number };
  readonly baudRate: number;
  /** The meter's own clock, milliseconds since 1970. */
  readonly clock: number;
  /** Milliseconds since the meter was powered. */
  readonly uptime: number;
  readonly live: LiveValues;
  readonly energy: EnergyValues;
  /** Register numbers that a fault has made unavailable. */
  readonly unavailable: ReadonlySet<number>;
  readonly settings: Settings;
  readonly network: NetworkView;
  readonly lockout: { readonly attempts: number; readonly minutes: number };
  /** How BACnet stands with its BBMD. */
  readonly foreignStatus: ForeignStatus;
  /** What the last new password came to. */
  readonly passwordResult: PasswordResult;
  /** `number` counts from 1. */
  readonly user: (number: number) => UserView;
  /** Label and number of records of Data Recorder `number`, counted from 1. */
  readonly recorder: (number: number) => { readonly label: string; readonly records: number };
}

/** Addresses as 32-bit numbers, the first octet highest. */
export interface NetworkView {
  /** Twelve hexadecimal digits. */
  readonly mac: string;
  readonly address: number;
  readonly mask: number;
  readonly gateway: number;
  readonly modbusPort: number;
}

/** A user as the map shows it. */
export interface UserView {
  readonly defaultPassword: boolean;
  /** On any channel. */
  readonly lockedOut: boolean;
  /** Bits as {@link RIGHT_BITS} has them. */
  readonly rights: number;
}

/** `pending`: a change of the lock takes effect at the next power cycle. */
export type RevenueLock = 'unlocked' | 'locked' | 'pending';

/**
 * A write that the map accepts; `undefined` from {@link MapRow.write} means that the value is not allowed. Changes of `settings` that come in one
 * request are judged together, once all of them are made.
 */
export type SettingChange =
  | { readonly setting: 'clock'; readonly at: number }
  | { readonly setting: 'baudRate'; readonly value: number }
  | { readonly setting: 'settings'; readonly apply: (before: Settings) => Settings }
  /** What is left out stays. */
  | { readonly setting: 'lockout'; readonly attempts?: number; readonly minutes?: number }
  | { readonly setting: 'password'; readonly user: number; readonly password: string };

/** One row of the map: `register` is the vendor's number, the wire address is one less. */
export interface MapRow {
  readonly name: string;
  readonly register: number;
  readonly count: number;
  readonly type: ValueType;
  readonly unit: string;
  /** First firmware that has the row. */
  readonly since?: FirmwareVersion;
  /** Number of the Data Recorder that it belongs to: feature sets with fewer recorders do not have it. */
  readonly recorder?: number;
  /** Reads as if it were not mapped, whole or split. */
  readonly writeOnly?: true;
  read(view: MapView): MeterValue;
  write?(words: readonly number[]): SettingChange | undefined;
}

/** A row as the sheet "Detailed Modbus Map" shows it. */
export interface WorkbookRow {
  readonly name: string;
  /** Vendor's register number. */
  readonly register: number;
  /** Number of 16-bit registers. */
  readonly count: number;
  readonly type: ValueType;
  /** Empty where the value has none. */
  readonly unit: string;
  readonly permission: 'R' | 'RW' | 'W';
}

/** A row without a `write`: it can only be read. */
export function row(
  name: string,
  register: number,
  count: number,
  type: ValueType,
  unit: string,
  read: (view: MapView) => MeterValue,
): MapRow {
  return { name, register, count, type, unit, read };
}

/** A number of one register without a unit. */
export function word(name: string, register: number, read: (view: MapView) => number | null): MapRow {
  return row(name, register, 1, 'UINT16', '', read);
}

/** A measured value. */
export function float(name: string, register: number, unit: string, read: (view: MapView) => number | null): MapRow {
  return row(name, register, 2, 'FLOAT32', unit, read);
}

/** A text of `count` registers, two bytes each. */
export function text(name: string, register: number, count: number, read: (view: MapView) => string): MapRow {
  return row(name, register, count, 'UTF8', '', read);
}

/** A number of two registers. */
export function long(name: string, register: number, unit: string, read: (view: MapView) => number): MapRow {
  return row(name, register, 2, 'UINT32', unit, read);
}

/** A row that can be written too. */
export function writable(base: MapRow, write: (words: readonly number[]) => SettingChange | undefined): MapRow {
  return { ...base, write };
}
