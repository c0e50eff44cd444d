import type { Capability } from '../../shared/domain/capability.ts';
import type { Advisory, ClockReading, MeterIdentity } from '../../shared/domain/identity.ts';
import type { Result } from '../../shared/domain/problem.ts';
import type { Provenance } from '../../shared/domain/provenance.ts';
import type { Unit } from '../../shared/domain/units.ts';
import { WORD_TYPES, type WordType } from '../protocols/modbus/decode.ts';
import type { SftpClient } from '../protocols/sftp/types.ts';
import type { ClockSet, ClockSource } from './logs/set-clock.ts';
import type { MeterLogs } from './logs/types.ts';
import type { SetupSession } from './setup/types.ts';

/** Ports of a meter that differ from the defaults are given by the technician. */
export interface MeterPorts {
  readonly modbus: number;
  readonly sftp: number;
  readonly dlms: number;
  readonly bacnet: number;
}

export const DEFAULT_PORTS: MeterPorts = { modbus: 502, sftp: 22, dlms: 4059, bacnet: 47808 };

/** How a meter is reached. Credentials live in memory only. */
export interface MeterAddress {
  readonly host: string;
  readonly ports: MeterPorts;
  /** Modbus unit id; 255 is the meter itself. */
  readonly unit: number;
  readonly timeoutMs: number;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export const REGISTER_GROUPS = ['identity', 'clock', 'live', 'energy', 'io', 'setup'] as const;
export type RegisterGroup = (typeof REGISTER_GROUPS)[number];

/** How the words of a register row are decoded. */
export const REGISTER_TYPES = WORD_TYPES;
export type RegisterType = WordType;

/** One row of a register map: data, with who vouches for it. */
export interface RegisterRow {
  /** Stable id, kebab case: "current-a", "active-energy-delivered". */
  readonly id: string;
  /** Vendor's register number; the wire address is one less. */
  readonly register: number;
  /** Number of 16-bit registers. */
  readonly count: number;
  readonly type: RegisterType;
  readonly unit: Unit;
  readonly group: RegisterGroup;
  readonly label: string;
  readonly provenance: Provenance;
  readonly source: string;
}

/** A value read from the meter; `raw` are its words as they came, so that a backup can be decoded again later. */
export interface RegisterValue {
  readonly row: RegisterRow;
  readonly raw: readonly number[];
  /** `unavailable`: the meter answered with the not-available sentinel of the type, or the register is not mapped on this meter. */
  readonly value: number | bigint | string | 'unavailable';
  readonly unavailable: boolean;
}

/** A register that could not be read at all, and why. */
export interface UnreadRegister {
  readonly row: RegisterRow;
  readonly because: string;
}

export interface RegisterSnapshot {
  /** PC time in UTC before the first and after the last request. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly values: readonly RegisterValue[];
  readonly unread: readonly UnreadRegister[];
  readonly requests: number;
}

/**
 * One ION7400 as its protocols show it. Holds at most one Modbus connection and one SFTP session, opened when needed; `close` releases both.
 */
export interface Meter {
  readonly address: MeterAddress;
  identify(signal?: AbortSignal): Promise<Result<MeterIdentity>>;
  readClock(signal?: AbortSignal): Promise<Result<ClockReading>>;
  readGroup(group: RegisterGroup | 'all', signal?: AbortSignal): Promise<Result<RegisterSnapshot>>;
  probe(signal?: AbortSignal): Promise<readonly Capability[]>;
  advisories(identity: MeterIdentity): readonly Advisory[];
  /** `locked` | `unlocked` | `pending`, or null where this meter does not say over open protocols. */
  readRevenueLock(signal?: AbortSignal): Promise<'locked' | 'unlocked' | 'pending' | null>;
  /** Connections of the shared pool (8 in all) in use, or null where the meter does not say. */
  readConnections(signal?: AbortSignal): Promise<{ readonly used: number; readonly of: number } | null>;
  /** How many users still have the default password "0", or null where the meter does not say. */
  readDefaultPasswords(signal?: AbortSignal): Promise<number | null>;
  /**
   * Reads and writes setup registers through the Modbus map that was imported for this firmware; `setup/no-map` without one. A write to a simulated
   * meter needs a simulated map, one to a real meter the vendor's.
   */
  withSetup<T>(work: (session: SetupSession) => Promise<Result<T>>, signal?: AbortSignal): Promise<Result<T>>;
  /**
   * Makes a DLMS association with what the technician allowed, runs `work` with the logs of the meter, and releases the association on every path: a meter
   * has one. A secret that was refused is remembered and never tried again by this object. `dlms/…`, or what `work` gives.
   */
  withLogs<T>(work: (logs: MeterLogs) => Promise<Result<T>>, signal?: AbortSignal): Promise<Result<T>>;
  /** Sets the clock of the meter over DLMS and reads it again. Nothing else in this program sets a clock. */
  setClock(utc: ClockSource, signal?: AbortSignal): Promise<Result<ClockSet>>;
  /** Opens (or returns the open) SFTP session; wrong credentials are remembered and never retried by this object. */
  sftp(signal?: AbortSignal): Promise<Result<SftpClient>>;
  close(): Promise<void>;
}
