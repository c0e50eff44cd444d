import type { MeterClock } from '../clock.ts';
import type { Applied, SettingsBox } from '../settings/settings.ts';
import { PASSWORD_RESULTS, type PasswordResult } from '../settings/types.ts';
import type { Store } from '../state.ts';
import { USER_NAMES, type Users } from '../users.ts';
import type { SettingChange } from './row.ts';

export interface ChangesParts {
  readonly store: Store;
  readonly clock: MeterClock;
  readonly users: Users;
  readonly settings: SettingsBox;
  /** Called after settings were changed. */
  applied(what: Applied): void;
  failed(thrown: unknown): void;
}

/** What writes over Modbus bring about. */
export interface Changes {
  /** Makes changes that came in one request, or none: false when the meter does not take them. */
  make(changes: readonly SettingChange[]): boolean;
  readonly passwordResult: PasswordResult;
}

export function createChanges({ store, clock, users, settings, applied, failed }: ChangesParts): Changes {
  let passwordResult: PasswordResult = { user: 0, code: PASSWORD_RESULTS.none };

  function makeOne(change: Exclude<SettingChange, { setting: 'settings' }>): Promise<void> {
    switch (change.setting) {
      case 'clock':
        return clock.set(change.at);
      case 'baudRate':
        return store.update(() => ({ baudRate: change.value }));
      case 'lockout': {
        const { attempts, minutes } = store.state.users;
        return users.setLockout({ attempts: change.attempts ?? attempts, minutes: change.minutes ?? minutes });
      }
      case 'password': {
        const name = USER_NAMES[change.user - 1] ?? '';
        // Both are on their way before anybody waits: a meter that is stopped now has them on disk.
        const stored = users.setPassword(name, change.password)?.stored;
        const logged = store.log('password-change', `The password of ${name} was changed over Modbus.`);
        return Promise.all([stored, logged]).then(() => undefined);
      }
    }
  }

  return {
    get passwordResult() {
      return passwordResult;
    },
    make(changes) {
      for (const change of changes) {
        if (change.setting !== 'password') continue;
        passwordResult = { user: change.user, code: users.judge(change.password) };
        if (passwordResult.code !== PASSWORD_RESULTS.accepted) return false;
      }
      const outcome = settings.apply(changes.filter((change) => change.setting === 'settings'));
      if (outcome === undefined) return false;
      outcome.stored.catch(failed);
      applied(outcome.applied);
      for (const change of changes) if (change.setting !== 'settings') makeOne(change).catch(failed);
      return true;
    },
  };
}
