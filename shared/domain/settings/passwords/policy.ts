import { atLeast, type FirmwareVersion, firmwareVersion, formatFirmware } from '../../firmware-version.ts';
import type { RuleRow } from '../rule-row.ts';

/** Password Complexity as the meter spells its choices: None, IEEE 1686-2013, NERC CIP-007-5. Source: PowerLogic Engineering Suite help. */
export const COMPLEXITIES = ['none', 'ieee1686_2013', 'nerc_cip_007_5'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

/** The two settings of a meter from 4.6.0 that new and changed passwords are held to. */
export interface PasswordPolicy {
  readonly complexity: Complexity;
  /** Characters, 1 to 16; at least 6 with a standard. */
  readonly minimumLength: number;
}

/** Names of the standards as people write them. */
const STANDARDS: Readonly<Record<Complexity, string>> = {
  none: 'None',
  ieee1686_2013: 'IEEE 1686-2013',
  nerc_cip_007_5: 'NERC CIP-007-5',
};
/** Of the four kinds of characters, how many a password needs. Source: Engineering Suite help, password complexity. */
const KINDS_NEEDED: Readonly<Record<Complexity, number>> = { none: 0, ieee1686_2013: 4, nerc_cip_007_5: 3 };
/** Shortest minimum length that the meter accepts with a standard. Source: Engineering Suite help. */
const SHORTEST_WITH_STANDARD = 6;
/** What both standards recommend; NERC CIP-007 R5.5 says "the lesser of 8 and the maximum the asset supports". */
export const RECOMMENDED_LENGTH = 8;
/** Longest password from 4.0.0. Source: what's new in 4.0.0. */
const LONGEST = 16;
/** First firmware with a policy. Source: release notes 7EN12-0483-00. */
export const POLICY_SINCE = firmwareVersion('4.6.0');
const LONG_PASSWORDS_SINCE = firmwareVersion('4.0.0');

/** How many kinds of characters (upper case, lower case, digits, others) the policy asks for: 0, 3 or 4. */
export function kindsNeeded(complexity: Complexity): number {
  return KINDS_NEEDED[complexity];
}

/** Longest passwords that a firmware takes: 16 characters from 4.0.0; before, 8 digits or 6 characters of which one is no digit. */
export function longestPassword(firmware: FirmwareVersion): { readonly digits: number; readonly others: number } {
  return atLeast(firmware, LONG_PASSWORDS_SINCE) ? { digits: LONGEST, others: LONGEST } : { digits: 8, others: 6 };
}

/** Before 4.0.0 a password of digits is a number: it has no leading zero. Source: vendor's FAQ FA279497. */
export function passwordsAreNumbers(firmware: FirmwareVersion): boolean {
  return !atLeast(firmware, LONG_PASSWORDS_SINCE);
}

/** Minimum lengths that a meter takes with a complexity: from 1, or from 6 with a standard, to the longest password. */
export function minimumLengths(
  complexity: Complexity,
  firmware: FirmwareVersion,
): { readonly shortest: number; readonly longest: number } {
  const shortest = complexity === 'none' ? 1 : SHORTEST_WITH_STANDARD;
  return { shortest, longest: longestPassword(firmware).others };
}

/** Whether a policy can be set on a meter with this firmware, rule by rule. Fields: `complexity`, `minimumLength`. */
export function checkPolicy(policy: PasswordPolicy, firmware: FirmwareVersion): readonly RuleRow[] {
  return [policyFirmware(firmware), policyLength(policy, firmware), ...recommendedLength(policy)];
}

function policyFirmware(firmware: FirmwareVersion): RuleRow {
  const known = atLeast(firmware, POLICY_SINCE);
  return {
    field: 'complexity',
    rule: 'firmware',
    verdict: known ? 'pass' : 'block',
    because: known
      ? 'The meter holds new and changed passwords to a policy from firmware 4.6.0 on.'
      : `Firmware ${formatFirmware(firmware)} has no password policy; it comes with 4.6.0.`,
    limit: '4.6.0 or newer',
  };
}

function policyLength({ complexity, minimumLength }: PasswordPolicy, firmware: FirmwareVersion): RuleRow {
  const { shortest, longest } = minimumLengths(complexity, firmware);
  const limit = `${shortest} to ${longest}`;
  const row = { field: 'minimumLength', rule: 'minimum-length', limit } as const;
  if (!Number.isInteger(minimumLength)) {
    return { ...row, verdict: 'block', because: 'The minimum length is a whole number of characters.' };
  }
  if (minimumLength >= shortest && minimumLength <= longest) {
    return { ...row, verdict: 'pass', because: `A minimum length of ${minimumLength} can be set.` };
  }
  const withStandard = minimumLength >= 1 && minimumLength <= longest;
  return {
    ...row,
    verdict: 'block',
    because: withStandard
      ? `With ${STANDARDS[complexity]} the meter takes no minimum length below ${shortest}.`
      : `The minimum length is ${shortest} to ${longest} characters.`,
  };
}

/** Nothing to say without a standard, or about a length that another rule blocks. */
function recommendedLength({ complexity, minimumLength }: PasswordPolicy): readonly RuleRow[] {
  if (complexity === 'none' || !(minimumLength >= SHORTEST_WITH_STANDARD)) return [];
  const enough = minimumLength >= RECOMMENDED_LENGTH;
  const name = STANDARDS[complexity];
  return [
    {
      field: 'minimumLength',
      rule: 'recommended-length',
      verdict: enough ? 'pass' : 'warn',
      because: enough
        ? `${name} recommends at least ${RECOMMENDED_LENGTH} characters.`
        : `${name} recommends at least ${RECOMMENDED_LENGTH} characters; the meter accepts ${minimumLength}, which falls short of the standard.`,
      limit: `${RECOMMENDED_LENGTH} or more`,
    },
  ];
}
