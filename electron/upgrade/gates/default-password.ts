import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { pass, warn } from './gate.ts';

const ID = 'default-password';

/** No user has the password that every meter leaves the factory with. A new password policy does not change it: only new passwords are checked. */
export function defaultPassword(facts: Pick<GateFacts, 'defaultPasswords'>): Gate {
  const count = facts.defaultPasswords;
  if (count === null || !(count >= 0)) {
    return pass(
      ID,
      'This meter does not say over open protocols whether users still have the default password "0"; check it in ION Setup.',
    );
  }
  if (count === 0) return pass(ID, 'No user of the meter has the default password.');
  return warn(
    ID,
    `${count} ${count === 1 ? 'user of the meter has' : 'users of the meter have'} the default password "0".`,
    'Change it, at most 6 characters where another program cannot use more, or say in the reason when it will be changed.',
  );
}
