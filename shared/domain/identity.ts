import type { FeatureSet } from './feature-set.ts';
import type { FirmwareVersion } from './firmware-version.ts';

/** Who a meter says it is; every field is read from the meter, and what could not be read is null. */
export interface MeterIdentity {
  readonly name: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firmware: FirmwareVersion | null;
  /** Modbus product id (register 90; 18000..18019 are reserved for this platform). */
  readonly productId: number | null;
  /**
   * Object 0x01 of function code 43. Available only on meters that were shipped with 4.6.0 or later; a meter that was
   * upgraded to 4.6.0 does not have it. Source: release notes 7EN12-0483-00.
   */
  readonly commercialReference: string | null;
  readonly manufacturer: string | null;
  readonly featureSet: FeatureSet;
  /** True when the meter itself says that it is a simulated one. */
  readonly simulated: boolean;
}

/** How the clock of a meter stands against the clock of this PC. */
export interface ClockReading {
  /** Meter time in UTC, ISO 8601 with milliseconds, or null when it could not be read. */
  readonly meterUtc: string | null;
  /** PC time in UTC at the middle of the request. */
  readonly pcUtc: string;
  /** Meter minus PC, in seconds; null when the meter time could not be read. */
  readonly offsetSeconds: number | null;
  /** Half the round trip plus the resolution of the source: the true offset lies within ± this many seconds. */
  readonly uncertaintySeconds: number | null;
  readonly source: 'unix-time-register' | 'date-time-registers' | 'none';
  readonly because: string;
}

/** A published weakness that hits the firmware of a meter. */
export interface Advisory {
  readonly id: string;
  readonly title: string;
  readonly severity: 'info' | 'warning' | 'danger';
  readonly fixedIn: string;
  readonly advice: string;
  readonly source: string;
}
