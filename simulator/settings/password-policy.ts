import { COMPLEXITY, PASSWORD_RESULTS, type PasswordResultCode } from './types.ts';

/** What a firmware and its settings ask of a new password. */
export interface PasswordRules {
  readonly complexity: number;
  /** Characters. */
  readonly minimumLength: number;
  readonly longest: number;
}

const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/];

/**
 * Judges a new password: printable ASCII without blanks, length, and at least one character of each of the four categories (IEEE 1686-2013) or of three of
 * them (NERC CIP-007-5). Source: PowerLogic Engineering Suite help, password complexity and length settings.
 */
export function judgePassword(
  password: string,
  { complexity, minimumLength, longest }: PasswordRules,
): PasswordResultCode {
  if (!/^[!-~]*$/.test(password)) return PASSWORD_RESULTS.badCharacter;
  if (password.length < Math.max(1, minimumLength)) return PASSWORD_RESULTS.tooShort;
  if (password.length > longest) return PASSWORD_RESULTS.tooLong;
  const present = CLASSES.filter((category) => category.test(password)).length;
  const needed = complexity === COMPLEXITY.ieee ? 4 : complexity === COMPLEXITY.nerc ? 3 : 0;
  return present < needed ? PASSWORD_RESULTS.tooSimple : PASSWORD_RESULTS.accepted;
}
