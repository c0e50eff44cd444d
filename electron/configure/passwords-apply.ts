import type { HandOff } from '../../shared/domain/hand-off.ts';
import { fail, ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import type { PasswordOutcome, PasswordResult } from '../../shared/domain/settings/passwords/change.ts';
import type { PasswordEvent } from '../inventory/audit.ts';
import type { SetupSession, SetupValue } from '../meter/setup/types.ts';
import type { SiteMap, SiteMapRow } from '../meter/site-map/types.ts';
import type { Meter } from '../meter/types.ts';
import { createBinder } from './bindings.ts';
import { PASSWORD_CHANGE_ROWS, userStateRow } from './definitions/security.ts';
import { passwordHandOff } from './password-hand-off.ts';
import { ACCEPTED, REFUSALS } from './password-words.ts';
import { ownLast, passwordWay } from './passwords.ts';
import { readArea } from './read.ts';
import { stopBefore } from './stop.ts';
import type { AreaReading, Bindings } from './types.ts';

/** A new password on its way to one meter. */
interface NewPassword {
  readonly user: string;
  readonly secret: string;
}

export interface PasswordApplyOptions {
  /** Name of this application, unique. */
  readonly run: string;
  readonly by: string;
  /** The user that Meterwright logs in as; its password is changed last. */
  readonly own: string | null;
  /** The file that the passwords are sealed in, for the sheet of what is left. */
  readonly sealedFile: string;
  /** Tries one login with a new password; null: nobody asked for that. */
  readonly logIn: ((user: string, password: string) => Promise<Result<unknown>>) | null;
  readonly bindingsOf: (map: SiteMap) => Bindings;
  /** Puts lines into the audit trail; what they announce waits until they are on the disk. */
  readonly record: (events: readonly PasswordEvent[]) => Promise<Result<void>>;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number, user: string) => void) | undefined;
}

export interface PasswordsOutcome {
  readonly run: string;
  /** In the order in which they were worked on. */
  readonly results: readonly PasswordResult[];
  /** What is left to do by hand. */
  readonly handOff: HandOff | null;
  /** Policy and users read again after the last write; null where they could not be. */
  readonly after: AreaReading | null;
  /** What ended it early, if anything did. */
  readonly problem: Problem | null;
}

/** Problems that say that the setup registers are not to be had, not that the meter is away. */
const NO_REGISTERS: ReadonlySet<string> = new Set(['setup/no-map', 'setup/not-permitted']);
/** Nothing was sent: the request was refused on this side. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'setup/not-permitted',
  'setup/not-writable',
  'setup/value-out-of-range',
  'setup/not-together',
]);
const LOCKED_OUT = 4;
/** The problem of one request knows nothing of those before it. */
const STATE_OF_THE_REST =
  'Users that are listed as written or verified have their new password; of the one whose answer is missing it is not known; to the others nothing was sent.';

/**
 * Sets new passwords on a meter, one after the other, each announced in the audit trail before it is sent. Nothing is guessed or sent twice, a login is
 * tried once at most for each user, and the first one that is refused ends it: the meter counts failures and locks the user. A stop is obeyed between
 * two users, never while a password is on its way. What cannot be written comes back as a sheet for ION Setup. Fails as a whole only before anything was sent.
 */
export async function applyPasswords(
  meter: Meter,
  passwords: readonly NewPassword[],
  options: PasswordApplyOptions,
): Promise<Result<PasswordsOutcome>> {
  const identity = await meter.identify(options.signal);
  if (!identity.ok) return identity;
  const work = createWork(identity.value.serial ?? '', ownLast(passwords, options.own), options);
  const stop = stopBefore(options.signal);
  const written = identity.value.simulated
    ? await meter.withSetup((session) => writeAll(session, work, stop.begun, options), stop.signal)
    : await allByHand(work, passwordWay('', identity.value, undefined, undefined));
  const done =
    !written.ok && NO_REGISTERS.has(written.problem.code) && work.results.length === 0
      ? await allByHand(work, { channel: 'hand-off', because: written.problem.because })
      : written;
  if (!done.ok) return done;
  const left = work.results.filter(({ outcome }) => outcome === 'by-hand' || outcome === 'not-tried');
  const users = left.map(({ user }) => user);
  return ok({
    run: options.run,
    results: work.results,
    handOff: users.length === 0 ? null : passwordHandOff(users, identity.value, options.sealedFile),
    after: done.value,
    problem: work.ended ?? null,
  });
}

/** The state of one application. */
interface Work {
  readonly passwords: readonly NewPassword[];
  readonly results: PasswordResult[];
  /** After this nothing more is sent. */
  ended: Problem | undefined;
  announce(user: string): Promise<Result<void>>;
  /** Notes what came of a password, here and in the audit trail. */
  note(user: string, outcome: PasswordOutcome, because: string): Promise<void>;
}

function createWork(serial: string, passwords: readonly NewPassword[], options: PasswordApplyOptions): Work {
  const { run, by, record } = options;
  const common = { kind: 'password', run, by, serial } as const;
  const work: Work = {
    passwords,
    results: [],
    ended: undefined,
    announce: (user) => record([{ ...common, user, channel: 'modbus', outcome: 'announced', because: '' }]),
    async note(user, outcome, because) {
      work.results.push({ user, outcome, because });
      const channel = outcome === 'by-hand' || outcome === 'not-tried' ? 'hand-off' : 'modbus';
      const recorded = await record([{ ...common, user, channel, outcome, because }]);
      if (!recorded.ok) work.ended ??= recorded.problem;
    },
  };
  return work;
}

async function allByHand(work: Work, way: ReturnType<typeof passwordWay>): Promise<Result<null>> {
  const because = way.channel === 'hand-off' ? way.because : '';
  for (const { user } of work.passwords) await work.note(user, 'by-hand', because);
  return ok(null);
}

async function writeAll(
  session: SetupSession,
  work: Work,
  begun: () => void,
  options: PasswordApplyOptions,
): Promise<Result<AreaReading | null>> {
  const bindings = options.bindingsOf(session.map);
  const before = await readArea(session, 'security', bindings, options.now());
  if (!before.ok) return before;
  begun();
  for (const [index, password] of work.passwords.entries()) {
    if (options.signal?.aborted) work.ended ??= stopped();
    options.onProgress?.(index, work.passwords.length, password.user);
    if (work.ended === undefined) await setOne(session, bindings, password, work, options);
    else await work.note(password.user, 'not-tried', `Nothing was sent: ${work.ended.title}.`);
  }
  const after = await readArea(session, 'security', bindings, options.now());
  return ok(after.ok ? after.value.reading : null);
}

async function setOne(
  session: SetupSession,
  bindings: Bindings,
  { user, secret }: NewPassword,
  work: Work,
  options: PasswordApplyOptions,
): Promise<void> {
  const way = passwordWay(user, session.identity, session.map, bindings);
  if (way.channel === 'hand-off') return work.note(user, 'by-hand', way.because);
  const earlier = await readSaid(session, bindings, user);
  const announced = await work.announce(user);
  if (!announced.ok) {
    work.ended = announced.problem;
    return work.note(user, 'not-tried', `Nothing was sent: ${announced.problem.title}.`);
  }
  const sent = await session.write([{ row: way.row, value: secret }]);
  const said = await readSaid(session, bindings, user);
  const { outcome, because, ended } = judge(sent, earlier, said);
  if (ended !== undefined) work.ended = ended;
  const mayBeValid = outcome === 'written' || outcome === 'cannot-be-verified';
  if (!mayBeValid || options.logIn === null || work.ended !== undefined) return work.note(user, outcome, because);
  if (said.lockedOut) return work.note(user, outcome, `${because} No login was tried: the user is locked out now.`);
  const login = await options.logIn(user, secret);
  if (login.ok) return work.note(user, 'verified', `${because} One login over SFTP worked with it.`);
  // Refused or not reached, another login would be a second try of something that does not work.
  work.ended = login.problem;
  const refused = login.problem.code === 'sftp/wrong-credentials';
  return work.note(
    user,
    refused ? 'cannot-be-verified' : outcome,
    refused
      ? `${because} But the meter refused the one login that was tried with it.`
      : `${because} The login that was to verify it could not be tried: ${login.problem.title}.`,
  );
}

/** What the meter says of the last new password, where it says anything, and of the user. */
interface Said {
  /** What it said to a new password of this user; null where it was another user's, or where it does not say. */
  readonly code: number | null;
  readonly lockedOut: boolean;
}

async function readSaid(session: SetupSession, bindings: Bindings, user: string): Promise<Said> {
  const bind = createBinder(session.map, bindings);
  const names = [...PASSWORD_CHANGE_ROWS, userStateRow(user)];
  const rows = names.map((name) => bind(name).row);
  const read = await session.read(rows.flatMap((row) => row ?? []));
  const holds = (row: SiteMapRow | undefined): SetupValue['value'] =>
    (read.ok ? read.value.find((value) => value.row === row)?.value : undefined) ?? 'unavailable';
  const [last, code, state] = rows.map(holds);
  return {
    code: user === `USER${String(last)}` && typeof code === 'number' ? code : null,
    lockedOut: typeof state === 'number' && (state & LOCKED_OUT) !== 0,
  };
}

interface Judged {
  readonly outcome: PasswordOutcome;
  readonly because: string;
  readonly ended?: Problem;
}

function judge(sent: Result<unknown>, earlier: Said, { code }: Said): Judged {
  const refusal = code === null ? undefined : REFUSALS[code];
  if (sent.ok) {
    if (code === ACCEPTED) return { outcome: 'written', because: 'The meter says that it took the password.' };
    if (refusal !== undefined) return { outcome: 'refused', because: `The meter says that ${refusal}.` };
    return {
      outcome: 'cannot-be-verified',
      because: 'The meter acknowledged the write and does not say what became of it.',
    };
  }
  const { problem } = sent;
  if (problem.code === 'setup/refused') {
    return { outcome: 'refused', because: refusal === undefined ? problem.because : `The meter says that ${refusal}.` };
  }
  if (problem.code === 'setup/protected') return { outcome: 'by-hand', because: problem.because, ended: problem };
  if (NOT_SENT.has(problem.code)) return { outcome: 'by-hand', because: problem.because };
  // The answer is lost. An "accepted" that was not there before can only be the answer to this write.
  if (code === ACCEPTED && earlier.code !== ACCEPTED) {
    return { outcome: 'written', because: 'The answer was lost; the meter says that it took the password.' };
  }
  return {
    outcome: 'cannot-be-verified',
    because: `Whether the old or the new password is valid is not known: ${problem.because}`,
    ended: { ...problem, meterState: STATE_OF_THE_REST },
  };
}

function stopped(): Problem {
  return fail({
    code: 'aborted',
    title: 'Stopped',
    because: 'It was stopped between two users.',
    meterState: 'The passwords that are listed as written are in the meter; the others were not sent.',
    nextStep: 'Apply the same sealed file again when you are ready.',
  }).problem;
}
