import { COMPLEXITIES } from '../../../shared/domain/settings/passwords/policy.ts';
import { RIGHTS } from '../../../shared/domain/settings/passwords/rights.ts';
import { METER_USERS } from '../../../shared/domain/settings/passwords/users.ts';
import type { SettingDefinition } from '../types.ts';
import { bits, choice, oneRow, wholeNumber } from './coding.ts';

const area = 'security';

/** The password policy (Engineering Suite help, password complexity and length settings) and the rights of users. The length comes first: a standard needs 6. */
export const securitySettings: readonly SettingDefinition[] = [
  oneRow({
    id: 'minimumLength',
    area,
    label: 'setting.security.minimumLength',
    row: 'Password Minimum Length',
    coding: wholeNumber,
  }),
  oneRow({
    id: 'complexity',
    area,
    label: 'setting.security.complexity',
    row: 'Password Complexity',
    coding: choice(COMPLEXITIES),
  }),
  ...METER_USERS.map((user) =>
    oneRow({
      id: `${user}.rights`,
      area,
      label: 'setting.security.rights',
      row: `${user} Rights`,
      coding: bits(RIGHTS),
    }),
  ),
];

/** Row that says of a user whether it exists (bit 0) and still has the default password (bit 1). The bits are those of simulated meters. */
export function userStateRow(user: string): string {
  return `${user} State`;
}

/** Row that a new password of a user is written to; it cannot be read. */
export function newPasswordRow(user: string): string {
  return `${user} New Password`;
}

/** Rows that say whose password was written last (1 to 50), and what the meter said to it. The codes are those of simulated meters. */
export const PASSWORD_CHANGE_ROWS = ['Password Change User', 'Password Change Result'] as const;
