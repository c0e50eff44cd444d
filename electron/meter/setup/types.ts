import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import type { SiteMap, SiteMapRow } from '../site-map/types.ts';

/** What a setup register holds. */
export interface SetupValue {
  readonly row: SiteMapRow;
  /** `unavailable`: the register is not mapped on this meter, cannot be read (passwords), or holds the not-available value of its type. */
  readonly value: number | bigint | string | 'unavailable';
}

/** A value for a row. */
export interface SetupItem {
  readonly row: SiteMapRow;
  readonly value: number | bigint | string;
}

/** What the meter says after a write that it took. */
export interface SetupWritten {
  readonly row: SiteMapRow;
  readonly before: SetupValue['value'];
  readonly after: SetupValue['value'];
  /** `verified` only when the register was read again and holds what was written. */
  readonly verdict: 'verified' | 'mismatch' | 'cannot-be-read-back';
}

/**
 * The setup registers of one meter through the imported map, over its one Modbus connection. Rows of a simulated map reach simulated meters only, and
 * nothing but rows of the map is ever written.
 */
export interface SetupSession {
  readonly identity: MeterIdentity;
  /** The map that was imported for this meter's firmware. */
  readonly map: SiteMap;
  /** In few requests, in the order of `rows`. */
  read(rows: readonly SiteMapRow[]): Promise<Result<readonly SetupValue[]>>;
  /**
   * Writes rows that follow each other without a gap in one FC16 (Modbus Application Protocol 1.1b3, 6.12: 123 registers at most), and reads each of
   * them again. Fails with `setup/not-permitted`, `setup/not-writable`, `setup/value-out-of-range`, `setup/not-together` (nothing was sent);
   * `setup/protected` (exception 02: Modbus programming is off), `setup/refused` (any other exception), `setup/unmapped` and `setup/not-taken` (no
   * answer, and the meter answers otherwise), `setup/not-read-back`; `modbus/…` when the meter is gone.
   */
  write(items: readonly SetupItem[]): Promise<Result<readonly SetupWritten[]>>;
  /**
   * Asks a second connection for the serial number, with the first one left open: whether a meter is still reached, after a change that may have cut
   * the way to it. `port` is the Modbus port to try.
   */
  tryWay(port: number): Promise<Result<void>>;
}
