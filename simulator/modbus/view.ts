import { atLeast, firmwareVersion, formatFirmwareLong } from '../../shared/domain/firmware-version.ts';
import type { MeterClock } from '../clock.ts';
import type { FaultBox } from '../faults.ts';
import type { Physics } from '../physics.ts';
import type { RecorderBook } from '../recorders/book.ts';
import { macOf, type SettingsBox } from '../settings/settings.ts';
import type { ForeignStatus, PasswordResult } from '../settings/types.ts';
import type { MeterState, Store } from '../state.ts';
import { USER_NAMES, type Users } from '../users.ts';
import type { Identification } from './identification.ts';
import { IDENTITY_TEXTS } from './map.ts';
import type { MapView, RevenueLock } from './row.ts';

/** Meters shipped with this firmware or later give their commercial reference. Source: release notes 7EN12-0483-00. */
const COMMERCIAL_REFERENCE_SINCE = firmwareVersion('4.6.0');
/** What the meter says of its network: it has the host's loopback and nothing else. */
const LOOPBACK = { address: 0x7f00_0001, mask: 0xff00_0000, gateway: 0 };

export interface ViewParts {
  readonly store: Store;
  readonly clock: MeterClock;
  readonly physics: Physics;
  readonly users: Users;
  readonly settings: SettingsBox;
  readonly recorders: RecorderBook;
  readonly faults: FaultBox;
  /** What changes while the meter runs. */
  now(): {
    readonly serial: string;
    /** Milliseconds since 1970 of the host's clock; undefined before the first start. */
    readonly poweredAt: number | undefined;
    readonly modbusPort: number;
    readonly sharedConnections: MapView['sharedConnections'];
    readonly foreignStatus: ForeignStatus;
    readonly passwordResult: PasswordResult;
  };
}

/** Takes what the register map shows from the meter. */
export function createView(parts: ViewParts): () => MapView {
  const { store, clock, physics, users, settings, recorders, faults } = parts;
  return () => {
    const at = Date.now();
    const { name, seed, featureSet, modbusProgramming, baudRate } = store.state;
    const { poweredAt, modbusPort, ...now } = parts.now();
    return {
      ...now,
      name,
      firmware: store.firmware,
      featureSet,
      revenueLock: revenueLockOf(store.state),
      modbusProgramming,
      defaultPasswords: users.withDefaultPassword(),
      baudRate,
      clock: clock.now(),
      uptime: at - (poweredAt ?? at),
      live: physics.live(at),
      energy: physics.energy(at),
      unavailable: faults.unavailable(),
      settings: settings.current,
      network: { mac: macOf(seed), ...LOOPBACK, modbusPort },
      lockout: store.state.users,
      user(number) {
        const user = USER_NAMES[number - 1] ?? '';
        return {
          defaultPassword: users.hasDefaultPassword(user),
          lockedOut: users.isLockedOut(user),
          rights: settings.current.rights[number - 1] ?? 0,
        };
      },
      recorder: recorders.of,
    };
  };
}

/** What function code 43 says of the meter. */
export function identificationOf({ state, firmware }: Store): Identification {
  return new Map([
    [0x00, IDENTITY_TEXTS.manufacturer],
    ...(atLeast(firmwareVersion(state.shipped), COMMERCIAL_REFERENCE_SINCE)
      ? [[0x01, IDENTITY_TEXTS.commercialReference] as const]
      : []),
    [0x02, formatFirmwareLong(firmware)],
    [0x05, IDENTITY_TEXTS.model],
    [0x06, state.name],
  ]);
}

export function revenueLockOf({ revenueLock: { locked, next } }: MeterState): RevenueLock {
  if (locked !== next) return 'pending';
  return locked ? 'locked' : 'unlocked';
}
