import type { HandOff } from '../../shared/domain/hand-off.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';

/**
 * The sheet for ION Setup with which a person sets new passwords. It names users and the file in which their passwords are sealed, never a password.
 * Source: Siemens 9810 manual, p. 41 and 47; ION9000 help, changing the default password.
 */
export function passwordHandOff(
  users: readonly string[],
  meter: Pick<MeterIdentity, 'name' | 'serial'>,
  sealedFile: string,
): HandOff {
  return {
    title: 'Set passwords in ION Setup',
    steps: [
      {
        text: 'Open the sealed file on this PC when you need the passwords, with its passphrase: in the pane "Passwords and users", or with "passwords open". Check the serial number of the meter against it.',
        values: [{ label: 'Sealed file', value: sealedFile }],
      },
      {
        text: `Open ${meter.name ?? 'the meter'} (serial ${meter.serial ?? 'unknown'}) in ION Setup over its secure connection and log in as a user with Security Config Access.`,
        values: [],
      },
      {
        text: 'Open Setup Assistant > Security > Security Mode > Edit. Choose the .scf file that holds the present settings of this meter. Do not use the batch change under Diagnostics: it writes the new passwords into a text file.',
        values: [],
      },
      ...users.map((user) => ({
        // Never a value to copy where a password belongs: it would be pasted as one.
        text: `Set the new password of ${user}; see the sealed file.`,
        values: [{ label: 'User', value: user }],
      })),
      {
        text: 'Finish the wizard. It saves to an .scf file: save under a new name, and treat the file as a secret.',
        values: [],
      },
      {
        text: 'Try each new password once with what has to use it: front panel, web pages, SFTP, other ION programs. Some older ION programs cannot use more than 6 letters and digits. After a refusal do not try again before you know why: the meter counts failures and locks the user.',
        values: [],
      },
    ],
    watch:
      'Passwords cannot be read back. What can be verified is one login over SFTP for each user, when you ask for it; a lost password cannot be retrieved from the meter.',
  };
}
