import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { atLeast, firmwareVersion } from '../shared/domain/firmware-version.ts';
import { judgePassword } from './settings/password-policy.ts';
import { COMPLEXITY, PASSWORD_RESULTS, type PasswordResultCode } from './settings/types.ts';
import type { Store } from './state.ts';

const DEFAULT_PASSWORD = '0';
const USER_COUNT = 50;
/** Longer passwords came with this firmware. Source: what's new in 4.0.0. */
const LONG_PASSWORDS_SINCE = firmwareVersion('4.0.0');

/** Source: release notes 7EN12-0483-00. */
const POLICY_SINCE = firmwareVersion('4.6.0');
const NO_POLICY = { complexity: COMPLEXITY.none, minimumLength: 1 } as const;

/** How a login ended. A locked user is refused whatever the password. */
type LoginResult = 'accepted' | 'refused' | 'locked';

/** USER1..USER50 with their passwords and lockouts, kept in the state of the meter. */
export interface Users {
  /** Wrong passwords count per user and channel ("sftp"); unknown users are refused and count nowhere. */
  login(user: string, password: string, channel: string): Promise<LoginResult>;
  /** Login of a client that has a secret of its own and is no user: wrong ones lock it out as they do a user. */
  loginWithSecret(client: string, right: boolean, channel: string): Promise<LoginResult>;
  /**
   * Sets a password when this firmware and its policy take it: 1..16 printable ASCII characters from 4.0.0, 1..6 before; the policy from 4.6.0. The
   * password holds at once; `stored` settles when it is on disk. Undefined when there is no such user.
   */
  setPassword(
    user: string,
    password: string,
  ): { readonly result: PasswordResultCode; readonly stored: Promise<void> } | undefined;
  /** Failed attempts until a user is locked (0 = never, at most 255) and for how many minutes. */
  setLockout(lockout: { readonly attempts: number; readonly minutes: number }): Promise<void>;
  /** Whether this firmware and its policy take a new password. */
  judge(password: string): PasswordResultCode;
  withDefaultPassword(): number;
  hasDefaultPassword(user: string): boolean;
  /** On any channel. */
  isLockedOut(user: string): boolean;
}

export const USER_NAMES: readonly string[] = Array.from({ length: USER_COUNT }, (_, index) => `USER${index + 1}`);
/** The user whom a person who is given a simulated meter logs in as. */
export const DEFAULT_CREDENTIALS = { user: 'USER1', password: DEFAULT_PASSWORD } as const;

export function createUsers(store: Store): Users {
  const known = new Set(USER_NAMES);

  function matches(user: string, password: string): boolean {
    const own = store.state.users.passwords[user];
    if (own === undefined) return password === DEFAULT_PASSWORD;
    return timingSafeEqual(derive(password, own.salt), Buffer.from(own.hash, 'hex'));
  }

  async function attempt(user: string, matches: () => boolean, channel: string): Promise<LoginResult> {
    const key = `${channel}:${user}`;
    const { attempts, minutes, failures } = store.state.users;
    const past = failures[key] ?? { count: 0, until: 0 };
    if (past.until > Date.now()) return 'locked';
    if (matches()) {
      if (past.count > 0)
        await store.update(({ users }) => ({ users: { ...users, failures: without(users.failures, key) } }));
      return 'accepted';
    }
    const count = past.count + 1;
    const locks = attempts > 0 && count >= attempts;
    const failure = locks ? { count: 0, until: Date.now() + minutes * 60_000 } : { count, until: 0 };
    const users = { ...store.state.users, failures: { ...failures, [key]: failure } };
    if (locks) await store.log('lockout', `${user} is locked out of ${channel} for ${minutes} minutes.`, { users });
    else await store.log('invalid-login', `Wrong password for ${user} over ${channel}.`, { users });
    return locks ? 'locked' : 'refused';
  }

  function judge(password: string): PasswordResultCode {
    const security = store.state.settings?.security;
    const policy = atLeast(store.firmware, POLICY_SINCE) && security !== undefined ? security : NO_POLICY;
    return judgePassword(password, { ...policy, longest: atLeast(store.firmware, LONG_PASSWORDS_SINCE) ? 16 : 6 });
  }

  return {
    async login(user, password, channel) {
      return known.has(user) ? attempt(user, () => matches(user, password), channel) : 'refused';
    },
    loginWithSecret: (client, right, channel) => attempt(client, () => right, channel),
    setPassword(user, password) {
      if (!known.has(user)) return undefined;
      const result = judge(password);
      if (result !== PASSWORD_RESULTS.accepted) return { result, stored: Promise.resolve() };
      const salt = randomBytes(8).toString('hex');
      const own = { salt, hash: derive(password, salt).toString('hex') };
      const stored = store.update(({ users }) => ({
        users: {
          ...users,
          passwords:
            password === DEFAULT_PASSWORD ? without(users.passwords, user) : { ...users.passwords, [user]: own },
        },
      }));
      return { result, stored };
    },
    setLockout: (lockout) => store.update(({ users }) => ({ users: { ...users, ...lockout, failures: {} } })),
    judge,
    hasDefaultPassword: (user) => store.state.users.passwords[user] === undefined,
    isLockedOut(user) {
      const now = Date.now();
      const failures = Object.entries(store.state.users.failures);
      return failures.some(([key, { until }]) => key.endsWith(`:${user}`) && until > now);
    },
    withDefaultPassword: () => USER_COUNT - Object.keys(store.state.users.passwords).length,
  };
}

function derive(password: string, salt: string): Buffer {
  return scryptSync(password, salt, 32, { N: 1024 });
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
