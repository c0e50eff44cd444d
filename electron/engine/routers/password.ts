import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/index.ts';
import type { PasswordApplyEvent } from '../../../shared/contract/password-calls.ts';
import type { MeterAddress } from '../../meter/types.ts';
import {
  type AppliedPasswords,
  applySealed,
  openPasswords,
  passwordTargets,
  sealPasswords,
} from '../../services/settings/passwords.ts';
import { areaReadingView } from '../../services/settings/views.ts';
import { outcomeStream } from '../outcome-stream.ts';
import { answer, mutable } from '../outgoing.ts';
import type { EngineParts } from '../parts.ts';

/** The calls of `passwords`. */
export function createPasswordRouter({ house, logins }: Pick<EngineParts, 'house' | 'logins'>) {
  const os = implement(contract);

  /** What is remembered has to be what is valid: a wrong login that is tried by itself counts towards a lockout. */
  function followLogin({ host, ports }: MeterAddress, login: AppliedPasswords['login']) {
    if (login === null) return 'as-it-was' as const;
    const door = { host, port: ports.sftp };
    if (login !== 'unknown') {
      logins.remember(door, login);
      return 'changed' as const;
    }
    logins.forget(door);
    return 'forgotten' as const;
  }

  return {
    passwords: {
      seal: os.passwords.seal.handler(async ({ input, signal }) => {
        const { addresses, users, clients, policy, length, file, passphrase, by } = input;
        const wishes = { users, clients, policy: policy ?? undefined, length: length ?? undefined };
        const accesses = addresses.map((address) => logins.access({ address }));
        return answer(await sealPasswords(house, accesses, wishes, { file, passphrase, by }, signal), mutable);
      }),
      open: os.passwords.open.handler(async ({ input }) => {
        const { file, passphrase, serial, by } = input;
        return answer(await openPasswords(house, file, passphrase, { serial: serial ?? undefined, by }), mutable);
      }),
      review: os.passwords.review.handler(async ({ input, signal }) => {
        const { address, file, passphrase } = input;
        const access = logins.access({ address });
        const found = await passwordTargets(house, access, { file, passphrase, assumeConfirmed: false }, signal);
        return answer(found, ({ identity, users }) => ({
          serial: identity.serial,
          users: users.map(({ user, way }) =>
            way.channel === 'modbus'
              ? { user, channel: way.channel, because: '', row: { name: way.row.name, register: way.row.register } }
              : { user, channel: way.channel, because: way.because, row: null },
          ),
        }));
      }),
      apply: os.passwords.apply.handler(({ input, signal }) =>
        // A page that goes away does not stop it: a person has agreed to all of it.
        outcomeStream<PasswordApplyEvent>(async ({ push }) => {
          const { address, ...wishes } = input;
          const applied = await applySealed(house, logins.access({ address }), {
            ...wishes,
            onProgress: (done, of, user) => push({ type: 'progress', done, of, user }),
          });
          const result = answer(applied, ({ run, results, handOff, after, problem, login }) => ({
            run,
            results: [...results],
            handOff: mutable(handOff),
            after: after === null ? null : areaReadingView(after),
            problem,
            login: followLogin(address, login),
          }));
          return { type: 'end', result };
        }, signal),
      ),
    },
  };
}
