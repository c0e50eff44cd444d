import { create } from 'zustand';
import type { PasswordsOutcomeView, SealedPlanView } from '../../../../shared/contract/password-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { engine } from '../../../engine/client.ts';
import { lost } from '../../ask.ts';
import { readArea } from '../store.ts';

/** New passwords on their way to a meter. */
export type Setting =
  | { readonly state: 'none' }
  | { readonly state: 'busy'; readonly done: number; readonly of: number; readonly user: string }
  | { readonly state: 'ended'; readonly outcome: PasswordsOutcomeView }
  | { readonly state: 'failed'; readonly problem: Problem };

/** What is on the screen for the passwords of one meter. There is no password and no passphrase in it: those go with the screen. */
interface Passwords {
  /** Users that get a new password. */
  readonly chosen: readonly string[];
  /** What was sealed last. */
  readonly sealed: SealedPlanView | null;
  /** The sealed file that is worked with. */
  readonly file: string;
  readonly setting: Setting;
}

const FRESH: Passwords = { chosen: [], sealed: null, file: '', setting: { state: 'none' } };
const useAll = create<{ readonly meters: ReadonlyMap<string, Passwords> }>(() => ({ meters: new Map() }));

/** The passwords of a meter: what was chosen is still there when the person comes back from another screen. */
export function usePasswords(meter: string): Passwords {
  return useAll(({ meters }) => meters.get(meter) ?? FRESH);
}

function of(meter: string): Passwords {
  return useAll.getState().meters.get(meter) ?? FRESH;
}

function put(meter: string, part: Partial<Passwords>): void {
  useAll.setState(({ meters }) => ({ meters: new Map(meters).set(meter, { ...of(meter), ...part }) }));
}

/** Chooses the users that get a new password. */
export function chooseUsers(meter: string, chosen: readonly string[]): void {
  put(meter, { chosen });
}

/** Works with another sealed file. */
export function takeFile(meter: string, file: string): void {
  put(meter, { file, setting: { state: 'none' } });
}

/** Notes what was sealed; its file is the one to work with. */
export function noteSealed(meter: string, sealed: SealedPlanView): void {
  put(meter, { sealed, file: sealed.file, setting: { state: 'none' } });
}

/** Sends the passwords of a sealed file. It goes on while the person looks at another screen. */
export async function setPasswords(
  { id, address }: Pick<ListedMeter, 'id' | 'address'>,
  wishes: { readonly file: string; readonly passphrase: string; readonly verify: boolean; readonly by: string },
): Promise<void> {
  if (of(id).setting.state === 'busy') return;
  const failed = (problem: Problem) => put(id, { setting: { state: 'failed', problem } });
  put(id, { setting: { state: 'busy', done: 0, of: 0, user: '' } });
  try {
    for await (const event of await engine.passwords.apply({ address, ...wishes })) {
      if (event.type === 'progress') {
        const { done, of: all, user } = event;
        put(id, { setting: { state: 'busy', done, of: all, user } });
      } else if (event.result.ok) put(id, { setting: { state: 'ended', outcome: event.result.value } });
      else failed(event.result.problem);
    }
  } catch (thrown) {
    failed(lost(thrown));
  }
  if (of(id).setting.state === 'busy') failed(lost(new Error('The stream ended.')));
  await readArea({ id, address }, 'security');
}
