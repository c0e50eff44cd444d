import type { FirmwareVersion } from '../../firmware-version.ts';
import { clientLimit, type PasswordClientId } from './clients.ts';
import { kindsNeeded, longestPassword, type PasswordPolicy, passwordsAreNumbers } from './policy.ts';

/**
 * The rules of the checklist; each has a text in `rules:password`. Those of {@link ADVICE} never refuse a password. `client` stands once for
 * every client with a documented limit.
 */
export const PASSWORD_RULE_IDS = [
  'characters',
  'minimum-length',
  'maximum-length',
  'kinds',
  'leading-zero',
  'client',
  'not-default',
  'no-user-name',
  'not-common',
  'compatible-length',
] as const;
export type PasswordRuleId = (typeof PASSWORD_RULE_IDS)[number];

/** One line of the checklist. */
export interface PasswordRule {
  readonly id: PasswordRuleId;
  /** Key of its text, without the namespace: `password.<id>`. */
  readonly text: string;
  readonly met: boolean;
  /** `required`: the meter or a client that must be able to use the password would refuse it. */
  readonly kind: 'required' | 'advice';
  /** The number in the text: characters or kinds that are allowed or needed. */
  readonly count?: number;
  /** Whose limit it is, of rule `client`. */
  readonly client?: PasswordClientId;
}

/** What a password is held to. */
export interface PasswordUse {
  readonly firmware: FirmwareVersion;
  /** Before 4.6.0 the meter enforces none; a stricter one may still be asked for here. */
  readonly policy: PasswordPolicy;
  /** What must be able to use it. */
  readonly clients: readonly PasswordClientId[];
  /** Names that should not be part of it: the user's, the meter's. */
  readonly names: readonly string[];
}

/** The password that every user has when a meter leaves the factory. Source: ION9000 help, changing the default password. */
const DEFAULT_PASSWORD = '0';
/** Longer passwords lock out some ION clients. Source: ION9000 help, changing the default password. */
const COMPATIBLE_LENGTH = 6;
/** Names shorter than this are part of too many passwords by chance. */
const SHORTEST_NAME = 3;
/** Passwords that satisfy every complexity and stand in every list that attackers use, in lower case; and the obvious ones of this meter. */
const COMMON: ReadonlySet<string> = new Set([
  '1',
  '1234',
  '12345',
  '123456',
  '12345678',
  '00000000',
  '11111111',
  'admin',
  'admin123!',
  'ion7400',
  'ion7400!',
  'meter',
  'p@ssw0rd',
  'p@ssw0rd1',
  'passw0rd',
  'passw0rd!',
  'password',
  'password1',
  'password1!',
  'password123!',
  'qwerty1!',
  'schneider',
  'schneider1!',
  'welcome1!',
]);

/** Rule by rule what a password is worth; every rule that applies stands in the list, met or not. */
export function checkPassword(password: string, use: PasswordUse): readonly PasswordRule[] {
  const digitsOnly = /^\d+$/.test(password);
  const longest = longestPassword(use.firmware)[digitsOnly ? 'digits' : 'others'];
  // A policy that is no whole number is refused elsewhere; here it must not let an empty password through.
  const shortest = Math.max(1, Number.isFinite(use.policy.minimumLength) ? use.policy.minimumLength : 1);
  const kinds = kindsNeeded(use.policy.complexity);
  const leadingZero = digitsOnly && password.length > 1 && password.startsWith('0');
  const numbers = passwordsAreNumbers(use.firmware);
  return [
    required('characters', /^[!-~]*$/.test(password)),
    { ...required('minimum-length', password.length >= shortest), count: shortest },
    { ...required('maximum-length', password.length <= longest), count: longest },
    ...(kinds === 0 ? [] : [{ ...required('kinds', kindsIn(password) >= kinds), count: kinds }]),
    ...(numbers || digitsOnly ? [{ ...rule('leading-zero', !leadingZero, numbers ? 'required' : 'advice') }] : []),
    ...use.clients.flatMap((client) => clientRules(password, client)),
    advice('not-default', password !== DEFAULT_PASSWORD),
    advice('no-user-name', !containsName(password, use.names)),
    advice('not-common', !COMMON.has(password.toLowerCase())),
    { ...advice('compatible-length', password.length <= COMPATIBLE_LENGTH), count: COMPATIBLE_LENGTH },
  ];
}

/** True when no required rule is broken; advice does not count. */
export function isAllowed(rules: readonly PasswordRule[]): boolean {
  return rules.every(({ met, kind }) => met || kind === 'advice');
}

/** How many of the four kinds a password has: A to Z, a to z, digits, other printable ASCII. */
export function kindsIn(password: string): number {
  return [/[A-Z]/, /[a-z]/, /[0-9]/, /[!-/:-@[-`{-~]/].filter((kind) => kind.test(password)).length;
}

function clientRules(password: string, client: PasswordClientId): readonly PasswordRule[] {
  const limit = clientLimit(client);
  if (limit.kind !== 'limited') return [];
  const characters = limit.characters === 'digits' ? /^(?:0|[1-9]\d*)?$/ : /^[A-Za-z0-9]*$/;
  const met = characters.test(password) && password.length <= limit.maximumLength;
  return [{ ...required('client', met), client, count: limit.maximumLength }];
}

function containsName(password: string, names: readonly string[]): boolean {
  const text = password.toLowerCase();
  return names.some((name) => {
    const word = name.trim().toLowerCase();
    return word.length >= SHORTEST_NAME && text.includes(word);
  });
}

function rule(id: PasswordRuleId, met: boolean, kind: PasswordRule['kind']): PasswordRule {
  return { id, text: `password.${id}`, met, kind };
}

function required(id: PasswordRuleId, met: boolean): PasswordRule {
  return rule(id, met, 'required');
}

function advice(id: PasswordRuleId, met: boolean): PasswordRule {
  return rule(id, met, 'advice');
}
