import { type MapRow, row, word, writable } from '../modbus/row.ts';
import { UNMAPPED } from '../modbus/values.ts';
import { USER_NAMES } from '../users.ts';
import { asciiText, number } from './rows.ts';

const STATE = { exists: 1, defaultPassword: 2, lockedOut: 4 } as const;
const PASSWORD_REGISTERS = 8;

/**
 * Users over the setup registers: per user the state (bit 0 exists, bit 1 default password, bit 2 locked out), the rights and a new password that
 * can only be written; and what became of the last one. Provenance: simulated.
 */
export const userRows: readonly MapRow[] = [
  word('Password Change User', 61_204, ({ passwordResult }) => passwordResult.user),
  word('Password Change Result', 61_205, ({ passwordResult }) => passwordResult.code),
  ...USER_NAMES.map((name, index) =>
    word(`${name} State`, 61_300 + index, ({ user }) => {
      const { defaultPassword, lockedOut } = user(index + 1);
      return STATE.exists | (defaultPassword ? STATE.defaultPassword : 0) | (lockedOut ? STATE.lockedOut : 0);
    }),
  ),
  ...USER_NAMES.map((name, index) =>
    writable(
      word(`${name} Rights`, 61_350 + index, ({ user }) => user(index + 1).rights),
      number(0, 0x7f, (before, rights) => ({
        ...before,
        rights: before.rights.map((own, at) => (at === index ? rights : own)),
      })),
    ),
  ),
  ...USER_NAMES.map(
    (name, index): MapRow => ({
      ...row(
        `${name} New Password`,
        61_400 + PASSWORD_REGISTERS * index,
        PASSWORD_REGISTERS,
        'UTF8',
        '',
        () => UNMAPPED,
      ),
      writeOnly: true,
      write(words) {
        // What is no text is a password with characters that no password has.
        return { setting: 'password', user: index + 1, password: asciiText(words) ?? ' ' };
      },
    }),
  ),
];
