/** Password Complexity as the meter spells its choices: None, IEEE 1686-2013, NERC CIP-007-5. Source: PowerLogic Engineering Suite help. */
export const COMPLEXITIES = ['none', 'ieee1686_2013', 'nerc_cip_007_5'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

/** The two settings of a meter from 4.6.0 that new and changed passwords are held to. */
export interface PasswordPolicy {
  readonly complexity: Complexity;
  /** Characters, 1 to 16; at least 6 with a standard. */
  readonly minimumLength: number;
}
