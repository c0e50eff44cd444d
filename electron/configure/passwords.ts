import { atLeast, type FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { HandOff } from '../../shared/domain/hand-off.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { policyAsRead } from '../../shared/domain/settings/as-read.ts';
import {
  type PasswordOrigin,
  type PolicySource,
  STRICTEST_POLICY,
} from '../../shared/domain/settings/passwords/change.ts';
import { checkPassword, isAllowed, type PasswordRule } from '../../shared/domain/settings/passwords/check.ts';
import {
  type PasswordClientId,
  type PasswordLimits,
  passwordLimits,
} from '../../shared/domain/settings/passwords/clients.ts';
import { generatePassword, type RandomBytes } from '../../shared/domain/settings/passwords/generate.ts';
import { checkPolicy, type PasswordPolicy, POLICY_SINCE } from '../../shared/domain/settings/passwords/policy.ts';
import { METER_USERS, type PasswordState } from '../../shared/domain/settings/passwords/users.ts';
import type { SiteMap, SiteMapRow } from '../meter/site-map/types.ts';
import { createBinder } from './bindings.ts';
import { newPasswordRow } from './definitions/security.ts';
import { passwordHandOff } from './password-hand-off.ts';
import { brokenRules } from './password-words.ts';
import type { Secret } from './secrets.ts';
import type { AreaReading, Bindings } from './types.ts';

/** Which users get a new password, and what it is held to. */
export interface PasswordWishes {
  /** `password` is what a person typed; null: one is generated. */
  readonly users: readonly { readonly user: string; readonly password: string | null }[];
  /** What must be able to use the passwords. */
  readonly clients: readonly PasswordClientId[];
  /** Characters of generated passwords; the most that is allowed where it is left out. */
  readonly length?: number | undefined;
  /** The policy that the meter will have when the passwords are entered; else the one that it has. */
  readonly policy?: PasswordPolicy | undefined;
}

/** How a new password reaches a meter. */
export type PasswordWay =
  | { readonly channel: 'modbus'; readonly row: SiteMapRow }
  | { readonly channel: 'hand-off'; readonly because: string };

/** A new password as everybody may see it. */
export interface PlannedPassword {
  readonly user: string;
  readonly origin: PasswordOrigin;
  /** What is known of the password that it replaces. */
  readonly state: PasswordState;
  readonly channel: PasswordWay['channel'];
  /** Why it is done by hand; empty otherwise. */
  readonly because: string;
  readonly rules: readonly PasswordRule[];
}

/** The new passwords of one meter. `secrets` goes into a sealed file and nowhere else. */
export interface MeterPasswords {
  readonly policy: PasswordPolicy;
  readonly policyFrom: PolicySource;
  readonly users: readonly PlannedPassword[];
  readonly secrets: readonly Secret[];
  readonly handOff: HandOff;
}

const NO_POLICY: PasswordPolicy = { complexity: 'none', minimumLength: 1 };

/**
 * The new passwords of a meter, each held to the firmware, the policy and the clients that were named. `passwords/…` where the meter does not say who it is
 * or has no such user, `password/not-allowed` for a typed one that breaks a rule, `password/impossible` where none can be generated.
 *
 * @param facts.own the user that Meterwright itself logs in as; it comes last on the sheet
 */
export function planPasswords(
  reading: AreaReading,
  wishes: PasswordWishes,
  facts: {
    readonly wayOf: (user: string) => PasswordWay;
    readonly randomBytes: RandomBytes;
    readonly sealedFile: string;
    readonly own: string | null;
  },
): Result<MeterPasswords> {
  const { identity } = reading;
  const { firmware, serial } = identity;
  if (firmware === null || serial === null) return unknownMeter(firmware === null ? 'firmware' : 'serial number');
  const stranger = wishes.users.find(({ user }) => !isUser(user, reading));
  if (stranger !== undefined) return noSuchUser(stranger.user);
  const { policy, from } = policyFor(reading, firmware, wishes.policy);
  const blocked =
    from === 'stated' ? checkPolicy(policy, firmware).find(({ verdict }) => verdict === 'block') : undefined;
  if (blocked !== undefined) return policyImpossible(blocked.because);
  const limits = shortened(passwordLimits(firmware, wishes.clients), wishes.length);
  const planned: PlannedPassword[] = [];
  const secrets: Secret[] = [];
  for (const { user, password: typed } of ownLast(wishes.users, facts.own)) {
    const chosen = typed === null ? generatePassword(policy, limits, facts.randomBytes) : ok(typed);
    if (!chosen.ok) return chosen;
    const names = [user, identity.name ?? '', serial];
    const rules = checkPassword(chosen.value, { firmware, policy, clients: wishes.clients, names });
    if (!isAllowed(rules)) return notAllowed(user, rules);
    const way = facts.wayOf(user);
    planned.push({
      user,
      origin: typed === null ? 'generated' : 'typed',
      state: reading.users.find(({ name }) => name === user)?.password ?? 'unknown',
      channel: way.channel,
      because: way.channel === 'hand-off' ? way.because : '',
      rules,
    });
    secrets.push({ meter: identity.name ?? serial, serial, user, secret: chosen.value });
  }
  const users = planned.map(({ user }) => user);
  const handOff = passwordHandOff(users, identity, facts.sealedFile);
  return ok({ policy, policyFrom: from, users: planned, secrets, handOff });
}

/**
 * Whether Meterwright may write a new password itself: on simulated meters, through a row that a person has confirmed. On a real meter never: Modbus would
 * carry the password in clear over the network, and no document names a register for it.
 */
export function passwordWay(
  user: string,
  identity: MeterIdentity,
  map: SiteMap | undefined,
  bindings: Bindings | undefined,
): PasswordWay {
  const byHand = (because: string): PasswordWay => ({ channel: 'hand-off', because });
  if (!identity.simulated || (map !== undefined && map.provenance !== 'simulated')) return byHand(REAL_METER);
  if (map === undefined || bindings === undefined) return byHand('No Modbus map was imported for its firmware.');
  const { row } = createBinder(map, bindings)(newPasswordRow(user));
  if (row === undefined) return byHand(`The imported map has no row "${newPasswordRow(user)}".`);
  if (!row.writable) return byHand(`The imported map does not mark "${row.name}" as writable.`);
  if (bindings.mapSha256 !== map.sha256 || bindings.confirmed.security === undefined) {
    return byHand('Nobody has confirmed the rows of the map for passwords and users.');
  }
  return { channel: 'modbus', row };
}

const REAL_METER =
  'On a real meter passwords are entered in ION Setup: Modbus would carry them in clear over the network, and no document names registers for them.';

/** The user that one is logged in as comes last: until then the old way in is there. */
export function ownLast<T extends { readonly user: string }>(users: readonly T[], own: string | null): readonly T[] {
  return [...users.filter(({ user }) => user !== own), ...users.filter(({ user }) => user === own)];
}

function isUser(user: string, { users }: AreaReading): boolean {
  return METER_USERS.includes(user) && (users.length === 0 || users.some(({ name }) => name === user));
}

function policyFor(
  { settings }: AreaReading,
  firmware: FirmwareVersion,
  stated: PasswordPolicy | undefined,
): { readonly policy: PasswordPolicy; readonly from: PolicySource } {
  if (stated !== undefined) return { policy: stated, from: 'stated' };
  const { complexity, minimumLength } = policyAsRead(settings);
  if (complexity !== undefined && minimumLength !== undefined) {
    return { policy: { complexity, minimumLength }, from: 'meter' };
  }
  if (!atLeast(firmware, POLICY_SINCE)) return { policy: NO_POLICY, from: 'firmware' };
  const least = Math.max(STRICTEST_POLICY.minimumLength, minimumLength ?? 0);
  return { policy: { ...STRICTEST_POLICY, minimumLength: least }, from: 'assumed' };
}

function shortened(limits: PasswordLimits, length: number | undefined): PasswordLimits {
  if (length === undefined) return limits;
  return { ...limits, digits: Math.min(limits.digits, length), others: Math.min(limits.others, length) };
}

function unknownMeter(what: string): Result<never> {
  return fail({
    code: 'passwords/meter-unknown',
    title: 'No password was planned for this meter',
    because: `It does not say its ${what}; ${what === 'firmware' ? 'which passwords it takes is not known' : 'a sealed password could be entered at the wrong meter'}.`,
    nextStep: 'Read the meter again, or change its passwords in ION Setup.',
  });
}

function noSuchUser(user: string): Result<never> {
  return fail({
    code: 'passwords/no-such-user',
    title: `The meter has no user "${user.slice(0, 40)}"`,
    because: 'Users of the meter are called USER1 to USER50; some meters have fewer.',
    nextStep: 'Name users that the audit of the meter lists.',
  });
}

function policyImpossible(because: string): Result<never> {
  return fail({
    code: 'passwords/policy-impossible',
    title: 'The meter cannot have this password policy',
    because,
    nextStep: 'Name a policy that its firmware takes, or none.',
  });
}

function notAllowed(user: string, rules: readonly PasswordRule[]): Result<never> {
  const broken = brokenRules(rules);
  return fail({
    code: 'password/not-allowed',
    title: `The password for ${user} breaks a rule`,
    because: `It has to have: ${broken.join('; ')}.`,
    nextStep:
      'Choose another password, or have one generated. Where the policy was assumed, name the one that the meter has.',
    details: {
      user,
      rules: rules
        .filter(({ met, kind }) => !met && kind === 'required')
        .map(({ id }) => id)
        .join(' '),
    },
  });
}

/** Users that are named once each, at least one. */
export function checkUserList(users: readonly { readonly user: string }[]): Result<void> {
  const twice = users.find(({ user }, index) => users.findIndex((other) => other.user === user) < index);
  if (users.length > 0 && twice === undefined) return ok(undefined);
  return fail({
    code: 'passwords/users',
    title: 'The list of users is not usable',
    because: twice === undefined ? 'No user was named.' : `${twice.user.slice(0, 40)} was named twice.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Name each user that gets a new password once.',
  });
}
