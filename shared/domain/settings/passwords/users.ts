import type { RuleRow } from '../rule-row.ts';
import { type Right, rightsNeededBy } from './rights.ts';

/** The users of an ION7400; their names are fixed. Source: ION Reference, Security User module (module n is USERn); Siemens 9810 manual, p. 39. */
const USER_COUNT = 50;
export const METER_USERS: readonly string[] = Array.from({ length: USER_COUNT }, (_, index) => `USER${index + 1}`);

/**
 * What is known of a user's password; never the password. `default`: "0". `before-policy`: set before the policy was switched on, so nothing has
 * checked it. `under-policy`: set since.
 */
export const PASSWORD_STATES = ['default', 'before-policy', 'under-policy', 'unknown'] as const;
export type PasswordState = (typeof PASSWORD_STATES)[number];

/** A user as planned or read; null rights could not be read. */
export interface MeterUser {
  readonly name: string;
  readonly rights: readonly Right[] | null;
  readonly password: PasswordState;
}

/**
 * Users of one meter against each other, row by row. Fields: `<name>.rights`, `<name>.password`, and `users` for all together.
 *
 * @param complete false when the meter may have users that are not in the list: then a missing administrator is unknown, not blocked
 */
export function checkUsers(users: readonly MeterUser[], complete: boolean): readonly RuleRow[] {
  return [
    ...users.map((user, index) => nameRow(user, users.findIndex(({ name }) => name === user.name) < index)),
    ...users.flatMap(impliedRows),
    keptRow(users, complete, 'fullMeterConfig'),
    keptRow(users, complete, 'securityConfig'),
    ...users.map(passwordRow),
  ];
}

function nameRow({ name }: MeterUser, again: boolean): RuleRow {
  const known = METER_USERS.includes(name);
  return {
    field: name,
    rule: 'user-name',
    verdict: known && !again ? 'pass' : 'block',
    because: !known
      ? 'The meter has no user of this name: users are called USER1 to USER50, and that cannot be changed.'
      : again
        ? `${name} is in the list more than once.`
        : `${name} is a user of the meter.`,
    limit: 'USER1 to USER50',
  };
}

function impliedRows({ name, rights }: MeterUser): readonly RuleRow[] {
  const field = `${name}.rights`;
  if (rights === null) {
    const because = `The rights of ${name} could not be read.`;
    return [{ field, rule: 'right-implied', verdict: 'unknown', because, limit: '' }];
  }
  const missing = rights.flatMap((right) =>
    rightsNeededBy(right)
      .filter((needed) => !rights.includes(needed))
      .map((needed) => `${RIGHT_NAMES[right]} needs ${RIGHT_NAMES[needed]}`),
  );
  const consistent = missing.length === 0;
  return [
    {
      field,
      rule: 'right-implied',
      verdict: consistent ? 'pass' : 'block',
      because: consistent ? `The rights of ${name} go together.` : `${missing.join('; ')}.`,
      limit: '',
    },
  ];
}

/** Names of the rights as the vendor writes them. */
const RIGHT_NAMES: Readonly<Record<Right, string>> = {
  read: 'Read',
  peakDemandReset: 'Peak Demand Reset',
  timeSync: 'Time Sync',
  fullMeterConfig: 'Full Meter Config',
  testMode: 'Test Mode',
  securityConfig: 'Security Config',
  commConfig: 'Comm Config',
};

/** Without a user of full configuration the vendor's software refuses the change; without one of security nobody can change users again. */
function keptRow(users: readonly MeterUser[], complete: boolean, right: 'fullMeterConfig' | 'securityConfig'): RuleRow {
  const holder = users.find(({ rights }) => rights?.includes(right));
  const mayBeElsewhere = !complete || users.some(({ rights }) => rights === null);
  const name = RIGHT_NAMES[right];
  const full = right === 'fullMeterConfig';
  const row = {
    field: 'users',
    rule: full ? 'full-config-user' : 'security-user',
    limit: 'at least one user',
  } as const;
  if (holder !== undefined) return { ...row, verdict: 'pass', because: `${holder.name} keeps ${name}.` };
  if (mayBeElsewhere) {
    const because = `No user in the list has ${name}; whether another user of the meter has it is not known.`;
    return { ...row, verdict: 'unknown', because };
  }
  return full
    ? { ...row, verdict: 'block', because: `No user would keep ${name}: nobody could configure the meter.` }
    : { ...row, verdict: 'warn', because: `No user would have ${name}: nobody could change users and passwords.` };
}

const PASSWORD_ROWS: Readonly<Record<PasswordState, Pick<RuleRow, 'verdict'> & { readonly says: string }>> = {
  default: { verdict: 'block', says: 'still has the default password "0"; change it' },
  'before-policy': {
    verdict: 'warn',
    says: 'has a password from before the policy; it stays valid until it is changed',
  },
  'under-policy': { verdict: 'pass', says: 'has a password that the policy has checked' },
  unknown: { verdict: 'unknown', says: 'has a password of which nothing is known' },
};

/** Source: Engineering Suite help: a policy is applied to new and changed passwords only. */
function passwordRow({ name, password }: MeterUser): RuleRow {
  const { verdict, says } = PASSWORD_ROWS[password];
  const because = `${name} ${says}.`;
  return { field: `${name}.password`, rule: 'password-to-change', verdict, because, limit: '' };
}

/** The users whose password has to be changed before the policy protects the meter, those with the default one first. */
export function usersToChange(users: readonly MeterUser[]): readonly MeterUser[] {
  const ofState = (state: PasswordState) => users.filter(({ password }) => password === state);
  return [...ofState('default'), ...ofState('before-policy'), ...ofState('unknown')];
}
