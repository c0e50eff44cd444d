import type { MeterClock } from './clock.ts';
import type { ControlledMeter } from './control-routes.ts';
import type { FaultBox } from './faults.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { RevenueLock } from './modbus/row.ts';
import { revenueLockOf } from './modbus/view.ts';
import type { Physics } from './physics.ts';
import type { SettingsBox } from './settings/settings.ts';
import { PASSWORD_RESULTS } from './settings/types.ts';
import type { MeterFiles } from './sftp/files.ts';
import type { MeterState, Store } from './state.ts';
import type { UpgradeAgent } from './upgrade/agent.ts';
import { USER_NAMES, type Users } from './users.ts';

export interface ControlledParts {
  readonly store: Store;
  readonly clock: MeterClock;
  readonly physics: Physics;
  readonly users: Users;
  readonly settings: SettingsBox;
  readonly files: MeterFiles;
  readonly faults: FaultBox;
  readonly agent: UpgradeAgent;
  readonly lifecycle: Lifecycle;
  readonly serial: () => string;
  readonly connections: () => Readonly<Record<string, unknown>>;
}

/** The meter as its control address moves it. */
export function createControlledMeter(parts: ControlledParts): ControlledMeter {
  const { store, clock, physics, users, settings, files, faults, agent, lifecycle } = parts;
  return {
    faults,
    losePower: lifecycle.losePower,
    disturbClock: clock.disturb,
    async lock({ revenueLock: lock, modbusProgramming, lockout }) {
      if (lockout !== undefined) await users.setLockout(lockout);
      await store.update((state) => ({
        ...(modbusProgramming === undefined ? {} : { modbusProgramming }),
        ...(lock === undefined ? {} : { revenueLock: changedLock(state.revenueLock.locked, lock) }),
      }));
    },
    async setPassword(user, password) {
      const results: boolean[] = [];
      for (const name of user === 'all' ? USER_NAMES : [user]) {
        const outcome = users.setPassword(name, password);
        await outcome?.stored;
        results.push(outcome?.result === PASSWORD_RESULTS.accepted);
      }
      return results.every(Boolean);
    },
    async upgrade(source) {
      if (lifecycle.power !== 'on') return 'off';
      const order = await agent.orderDirectly(source);
      if (order.accepted) await lifecycle.apply();
      return order;
    },
    async state() {
      // Password hashes stay inside.
      const { users: accounts, ...shown } = store.state;
      const energy = Object.entries(physics.energy(Date.now())).map(([name, value]) => [name, String(value)]);
      return {
        ...shown,
        serial: parts.serial(),
        power: lifecycle.power,
        revenueLock: revenueLockOf(store.state),
        clock: { ...shown.clock, now: new Date(clock.now()).toISOString() },
        users: {
          withDefaultPassword: users.withDefaultPassword(),
          lockout: { attempts: accounts.attempts, minutes: accounts.minutes },
          failures: accounts.failures,
        },
        connections: parts.connections(),
        comtradeFiles: (await files.list('COMTRADE')).length,
        energy: Object.fromEntries(energy),
        settings: settings.current,
        faults: faults.list(),
      };
    },
  };
}

/** `pending` turns the lock over at the next power cycle. */
function changedLock(locked: boolean, to: RevenueLock): MeterState['revenueLock'] {
  if (to === 'pending') return { locked, next: !locked };
  return { locked: to === 'locked', next: to === 'locked' };
}
