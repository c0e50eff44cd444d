import { formatFirmware } from '../../../../shared/domain/firmware-version.ts';
import { type Problem, problem } from '../../../../shared/domain/problem.ts';
import { policyAsRead } from '../../../../shared/domain/settings/as-read.ts';
import type { PasswordResult } from '../../../../shared/domain/settings/passwords/change.ts';
import type { PasswordClientId } from '../../../../shared/domain/settings/passwords/clients.ts';
import type { PasswordPolicy } from '../../../../shared/domain/settings/passwords/policy.ts';
import { usersToChange } from '../../../../shared/domain/settings/passwords/users.ts';
import { readSettings } from '../../../services/settings/configurations.ts';
import {
  applySealed,
  openPasswords,
  type PasswordTargets,
  passwordTargets,
  type SealedPlan,
  sealPasswords,
} from '../../../services/settings/passwords.ts';
import { confirmMap } from '../../../services/settings/site-maps.ts';
import { accessFor, type CommandContext, houseFor, personAtThisPc } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table, usageOutcome } from '../../terminal.ts';
import { askNewSecret, askPassphrase, askYes } from '../asking.ts';
import { handOffLines } from './configure-lines.ts';

/** `passwords audit HOST` */
export async function auditPasswords(context: CommandContext, host: string): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const read = await readSettings(house.value, access, 'security', context.signal);
  if (!read.ok) return failedOutcome(read.problem);
  const { reading } = read.value;
  const { users, trouble, identity, settings } = reading;
  const policy = policyAsRead(settings);
  const toChange = usersToChange(users);
  const document = {
    serial: identity.serial,
    firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
    policy: { complexity: policy.complexity ?? 'unread', minimumLength: policy.minimumLength ?? 'unread' },
    users: users.map(({ name, rights, password }) => ({ name, rights: rights ?? 'unread', password })),
    toChange: toChange.map(({ name }) => name),
    defaultPasswords: users.filter(({ password }) => password === 'default').map(({ name }) => name),
    unread: trouble === null ? [] : [{ id: 'users', because: trouble.because }],
  };
  const lines = [
    ...(trouble === null ? [] : [`${trouble.title}. ${trouble.because} ${trouble.nextStep}`]),
    `Policy: ${document.policy.complexity}, at least ${document.policy.minimumLength} characters`,
    ...(users.length === 0
      ? ['No user could be read.']
      : table(
          ['User', 'Password', 'Rights'],
          users.map(({ name, rights, password }) => [name, password.toUpperCase(), rights?.join(', ') ?? 'unread']),
        )),
    `${document.defaultPasswords.length} users still have the default password "0"; of ${users.length - document.defaultPasswords.length} nothing is known.`,
  ];
  return { exit: EXIT.done, document, lines };
}

export interface PlanPasswordsOptions {
  readonly users: readonly string[];
  readonly typed?: readonly string[];
  readonly seal: string;
  readonly length?: number;
  readonly clients?: readonly PasswordClientId[];
  readonly complexity?: PasswordPolicy['complexity'];
  readonly minimumLength?: number;
  readonly by?: string;
}

/** `passwords plan HOST... --users … --seal FILE` */
export async function planPasswords(
  context: CommandContext,
  hosts: readonly string[],
  options: PlanPasswordsOptions,
): Promise<Outcome> {
  const { complexity, minimumLength, typed = [] } = options;
  if ((complexity === undefined) !== (minimumLength === undefined)) {
    return usageOutcome('A policy has both --complexity and --minimum-length.', 'passwords');
  }
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const passphrase = await askPassphrase(true);
  if (!passphrase.ok) return failedOutcome(passphrase.problem);
  const users: { user: string; password: string | null }[] = options.users.map((user) => ({ user, password: null }));
  for (const user of typed) {
    const password = await askNewSecret(`New password for ${user}`);
    if (!password.ok) return failedOutcome(password.problem);
    users.push({ user, password: password.value });
  }
  const accesses = await Promise.all(hosts.map((host) => accessFor(host, context.options, false)));
  const sealed = await sealPasswords(
    house.value,
    accesses,
    {
      users,
      clients: options.clients ?? [],
      length: options.length,
      policy: complexity === undefined || minimumLength === undefined ? undefined : { complexity, minimumLength },
    },
    { file: options.seal, passphrase: passphrase.value, by: options.by ?? personAtThisPc() },
    context.signal,
  );
  return sealed.ok ? planOutcome(sealed.value) : failedOutcome(sealed.problem);
}

function planOutcome({ file, meters, failed }: SealedPlan): Outcome {
  const document = {
    file,
    meters: meters.map(({ host, identity, policy, policyFrom, users, handOff }) => ({
      host,
      serial: identity.serial,
      name: identity.name,
      firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
      policy: { ...policy, from: policyFrom },
      users,
      handOff,
    })),
    failed,
  };
  const lines = [
    ...meters.flatMap(({ host, identity, policy, policyFrom, users, handOff }) => [
      `${host}  ${identity.name ?? ''}  serial ${identity.serial ?? 'unknown'}`,
      `Held to: ${policy.complexity}, at least ${policy.minimumLength} characters (${policyFrom})`,
      ...table(
        ['User', 'New password', 'Before', 'Way', 'Because'],
        users.map(({ user, origin, state, channel, because }) => [user, origin, state, channel, because]),
      ),
      ...handOffLines(handOff),
      '',
    ]),
    ...failed.flatMap(({ host, problem: cause }) => [`${host}: not in the file`, ...problemLines(cause)]),
    `Sealed into ${file}, and opened again. Nothing was written to a meter. A lost passphrase cannot be recovered.`,
  ];
  const [first] = failed;
  if (first === undefined) return { exit: EXIT.done, document, lines };
  return { exit: EXIT.failed, document: { problem: first.problem, ...document }, lines };
}

export interface ApplyPasswordsOptions {
  readonly sealed: string;
  readonly verify: boolean;
  readonly yes: boolean;
  readonly by?: string;
}

/** `passwords apply HOST --sealed FILE` */
export async function applyPasswords(
  context: CommandContext,
  host: string,
  { sealed: file, verify, yes, by = personAtThisPc() }: ApplyPasswordsOptions,
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const access = await accessFor(host, context.options, false);
  const passphrase = await askPassphrase(false);
  if (!passphrase.ok) return failedOutcome(passphrase.problem);
  const opening = { file, passphrase: passphrase.value };
  const targets = await passwordTargets(house.value, access, { ...opening, assumeConfirmed: true }, context.signal);
  if (!targets.ok) return failedOutcome(targets.problem);
  const { identity, users } = targets.value;
  for (const line of targetLines(targets.value)) context.terminal.say(line);
  if (!yes && !(await askYes('Set these passwords, through these rows of the map?'))) {
    return failedOutcome(notConfirmed(), { users: users.map(({ user }) => user) }, EXIT.interrupted);
  }
  if (users.some(({ way }) => way.channel === 'modbus') && identity.firmware !== null) {
    // To say yes to the list of rows is the confirmation that writing asks for.
    const bound = await confirmMap(house.value, identity.firmware, { area: 'security', by });
    if (!bound.ok) return failedOutcome(bound.problem);
  }
  const applied = await applySealed(house.value, access, {
    ...opening,
    verify,
    by,
    signal: context.signal,
    onProgress: (done, of, user) =>
      context.terminal.progress({ meter: host, stage: 'write', message: `${user} (${done + 1} of ${of})` }),
  });
  if (!applied.ok) return failedOutcome(applied.problem);
  const { run, results, handOff, problem: ended, login } = applied.value;
  const of = (outcome: PasswordResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).map(({ user, because }) => ({ user, because }));
  const document = {
    written: of('written'),
    verified: of('verified'),
    refused: of('refused'),
    unconfirmed: of('cannot-be-verified'),
    byHand: of('by-hand'),
    notTried: of('not-tried'),
    handOff: handOff === null ? [] : [handOff],
    run,
  };
  const lines = [
    ...table(
      ['User', 'Outcome', 'Because'],
      results.map(({ user, outcome, because }) => [user, outcome, because]),
    ),
    ...(login === null
      ? []
      : ['METERWRIGHT_PASSWORD holds the old password of this user: change it before the next command.']),
    ...handOffLines(handOff),
  ];
  const cause = ended ?? (document.refused.length + document.unconfirmed.length > 0 ? notAll(document) : undefined);
  if (cause === undefined) return { exit: EXIT.done, document, lines };
  return {
    exit: cause.code === 'aborted' ? EXIT.interrupted : EXIT.failed,
    document: { problem: cause, ...document },
    lines: [...lines, '', ...problemLines(cause)],
  };
}

export interface OpenPasswordsOptions {
  readonly meter?: string;
  readonly reveal: boolean;
  readonly by?: string;
}

/** `passwords open FILE` */
export async function openSealed(
  context: CommandContext,
  file: string,
  { meter: serial, reveal, by = personAtThisPc() }: OpenPasswordsOptions,
): Promise<Outcome> {
  if (!reveal && (context.options.json || !process.stdout.isTTY)) {
    return usageOutcome(
      'Passwords are shown on a terminal; give --reveal to send them to a file or a program.',
      'passwords',
    );
  }
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const passphrase = await askPassphrase(false);
  if (!passphrase.ok) return failedOutcome(passphrase.problem);
  const opened = await openPasswords(house.value, file, passphrase.value, { serial, by });
  if (!opened.ok) return failedOutcome(opened.problem);
  const lines = table(
    ['Meter', 'Serial', 'User', 'Password'],
    opened.value.map(({ meter, serial: own, user, secret }) => [meter, own ?? 'unknown', user, secret]),
  );
  return { exit: EXIT.done, document: { secrets: opened.value }, lines };
}

function targetLines({ identity, users }: PasswordTargets): readonly string[] {
  return [
    `New passwords for ${identity.name ?? 'the meter'} (serial ${identity.serial ?? 'unknown'}):`,
    ...table(
      ['User', 'Way'],
      users.map(({ user, way }) => [
        user,
        way.channel === 'modbus' ? `${way.row.name} (${way.row.register})` : `by hand: ${way.because}`,
      ]),
    ),
  ];
}

function notAll(found: {
  readonly refused: readonly { user: string; because: string }[];
  readonly unconfirmed: readonly { user: string; because: string }[];
}): Problem {
  const left = [...found.refused, ...found.unconfirmed];
  return problem({
    code: 'passwords/not-all-set',
    title: `${left.length} of the passwords were not set, or nothing says that they were`,
    because: left.map(({ user, because }) => `${user}: ${because}`).join(' '),
    meterState:
      'Users that are listed as written or verified have their new password; those that were refused have the old one.',
    nextStep:
      'Seal other passwords for the users that were refused. Keep the sealed file: it has those that were taken.',
  });
}

function notConfirmed(): Problem {
  return problem({
    code: 'passwords/not-confirmed',
    title: 'Nothing was written',
    because: 'The new passwords were not confirmed.',
    nextStep: 'Apply again with --yes, or answer the question with y.',
  });
}
