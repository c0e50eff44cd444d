import type { PasswordPolicy } from './policy.ts';

/** Who chose a new password. */
export const PASSWORD_ORIGINS = ['typed', 'generated'] as const;
export type PasswordOrigin = (typeof PASSWORD_ORIGINS)[number];

/**
 * Where the policy that new passwords were held to comes from. `stated`: a person named the one that the meter will have. `meter`: it was read.
 * `firmware`: the firmware has none. `assumed`: it could not be read, so the strictest one was taken: IEEE 1686-2013 with 8 characters.
 */
export const POLICY_SOURCES = ['stated', 'meter', 'firmware', 'assumed'] as const;
export type PolicySource = (typeof POLICY_SOURCES)[number];

/** What is taken where the policy of a meter is not known: what satisfies it satisfies the other standard, too. */
export const STRICTEST_POLICY: PasswordPolicy = { complexity: 'ieee1686_2013', minimumLength: 8 };

/**
 * What came of one new password.
 * - `written`: the meter says that it took it.
 * - `verified`: besides, one login with it worked.
 * - `refused`: the meter did not take it; the old one is valid.
 * - `cannot-be-verified`: it was sent, and whether it is valid is not known.
 * - `by-hand`: nothing was sent; it is on the change sheet.
 * - `not-tried`: nothing was sent, because something before it went wrong.
 */
export const PASSWORD_OUTCOMES = [
  'written',
  'verified',
  'refused',
  'cannot-be-verified',
  'by-hand',
  'not-tried',
] as const;
export type PasswordOutcome = (typeof PASSWORD_OUTCOMES)[number];

/** The outcome for one user, with the reason; never the password. */
export interface PasswordResult {
  readonly user: string;
  readonly outcome: PasswordOutcome;
  readonly because: string;
}
