import type { AreaReadingView } from '../../../../shared/contract/settings-calls.ts';
import type { SecurityPlan } from '../../../../shared/domain/change.ts';
import type { FirmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { policyAsRead } from '../../../../shared/domain/settings/as-read.ts';
import { minimumLengths, type PasswordPolicy } from '../../../../shared/domain/settings/passwords/policy.ts';
import {
  RIGHTS,
  type Right,
  rightsNeededBy,
  withImplied,
  withoutRight,
} from '../../../../shared/domain/settings/passwords/rights.ts';
import { METER_USERS, type MeterUser } from '../../../../shared/domain/settings/passwords/users.ts';

/** Users as the table shows them: those of the meter, or all names where the meter does not say. */
export function usersToShow(reading: Pick<AreaReadingView, 'users'>): readonly MeterUser[] {
  if (reading.users.length > 0) return reading.users;
  return METER_USERS.map((name) => ({ name, rights: null, password: 'unknown' }));
}

/** The plan with another wish for the policy. What the meter has already is no wish; with another complexity the length moves into its range. */
export function wishPolicy(
  plan: SecurityPlan,
  now: Partial<PasswordPolicy>,
  wish: Partial<PasswordPolicy>,
  firmware: FirmwareVersion,
): SecurityPlan {
  const { complexity: _c, minimumLength: _m, ...rest } = plan;
  const { complexity, minimumLength } = { ...now, ...plan, ...wish };
  // While a length is typed, its first digit may be out of range: the field moves it when it is left.
  const length = wish.minimumLength ?? clamped(minimumLength, complexity, firmware);
  return {
    ...rest,
    ...(complexity === undefined || complexity === now.complexity ? {} : { complexity }),
    ...(length === undefined || length === now.minimumLength ? {} : { minimumLength: length }),
  };
}

function clamped(
  length: number | undefined,
  complexity: PasswordPolicy['complexity'] | undefined,
  firmware: FirmwareVersion,
): number | undefined {
  if (complexity === undefined) return length;
  const { shortest, longest } = minimumLengths(complexity, firmware);
  return length === undefined ? shortest : Math.min(longest, Math.max(shortest, length));
}

/** The plan with exactly these rights for a user; the rights that he has already are no wish. */
export function wishRights(
  plan: SecurityPlan,
  now: readonly Right[] | null,
  user: string,
  rights: readonly Right[],
): SecurityPlan {
  const { [user]: _, ...others } = plan.users ?? {};
  const wanted = RIGHTS.filter((right) => rights.includes(right));
  const same = now !== null && wanted.join() === RIGHTS.filter((right) => now.includes(right)).join();
  const users = same ? others : { ...others, [user]: { rights: wanted } };
  const { users: _before, ...policy } = plan;
  return Object.keys(users).length === 0 ? policy : { ...policy, users };
}

/** The rights after one box was ticked or cleared: what it needs comes with it, what needs it goes with it. */
export function toggled(rights: readonly Right[], right: Right): readonly Right[] {
  return rights.includes(right) ? withoutRight(rights, right) : withImplied([...rights, right]);
}

/** The rights of a user that bring this one along. */
export function impliedBy(rights: readonly Right[], right: Right): readonly Right[] {
  return rights.filter((other) => rightsNeededBy(other).includes(right));
}

/** The policy that new passwords will meet: as planned, else as read; undefined while a part of it is not known. */
export function policyAhead(
  plan: SecurityPlan,
  reading: Pick<AreaReadingView, 'settings'>,
): PasswordPolicy | undefined {
  const { complexity, minimumLength } = { ...policyAsRead(reading.settings), ...plan };
  return complexity === undefined || minimumLength === undefined ? undefined : { complexity, minimumLength };
}

/** Whether the plan changes the policy: then new passwords are held to what will be, not to what is. */
export function changesPolicy({ complexity, minimumLength }: SecurityPlan): boolean {
  return complexity !== undefined || minimumLength !== undefined;
}
