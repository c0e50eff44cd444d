import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import {
  checkUserList,
  type MeterPasswords,
  type PasswordWay,
  type PasswordWishes,
  passwordWay,
  planPasswords,
} from '../../configure/passwords.ts';
import { applyPasswords, type PasswordsOutcome } from '../../configure/passwords-apply.ts';
import { isFree, sealAndOpen } from '../../configure/sealed-file.ts';
import { type Secret, whyWeak } from '../../configure/secrets.ts';
import { readSecretsFile } from '../../configure/secrets-file.ts';
import { recordAudit } from '../../inventory/audit.ts';
import type { Credentials, MeterAddress } from '../../meter/types.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';
import { newRun } from './configuration-record.ts';
import { readSettings } from './configurations.ts';
import { bindingsOf, confirmedBindings } from './site-maps.ts';

/** One meter of a sealed plan; the passwords themselves are in the file. */
export interface SealedMeter extends Omit<MeterPasswords, 'secrets'> {
  readonly host: string;
  readonly identity: MeterIdentity;
}

/** New passwords, sealed into a file that was opened again; nothing was written to a meter. */
export interface SealedPlan {
  readonly file: string;
  readonly meters: readonly SealedMeter[];
  /** Meters that are not in the file, and why. */
  readonly failed: readonly { readonly host: string; readonly problem: Problem }[];
}

/** How a file of new passwords is closed, and for whom. */
interface Seal {
  /** A file that does not exist yet. */
  readonly file: string;
  readonly passphrase: string;
  readonly by: string;
}

/**
 * Plans new passwords for one or many meters and seals all of them into one file, which is opened again before this returns. Nothing is written to a
 * meter. A meter that cannot be planned is named with its problem and is not in the file; fails when none can, and before any meter is asked for a
 * weak passphrase (`secrets/weak-passphrase`), a file that exists (`passwords/file-exists`) or a list of users that is not usable.
 */
export async function sealPasswords(
  house: House,
  accesses: readonly Access[],
  wishes: PasswordWishes,
  { file, passphrase, by }: Seal,
  signal?: AbortSignal,
): Promise<Result<SealedPlan>> {
  const usable = checkUserList(wishes.users);
  if (!usable.ok) return usable;
  const weak = whyWeak(passphrase);
  if (weak !== undefined) return { ok: false, problem: weak };
  const apart = await outsideBags(file);
  if (!apart.ok) return apart;
  const free = await isFree(file);
  if (!free.ok) return free;
  const meters: SealedMeter[] = [];
  const secrets: Secret[] = [];
  const failed: { host: string; problem: Problem }[] = [];
  for (const access of accesses) {
    const { host } = access.address;
    const planned = await planFor(house, access, wishes, basename(file), signal);
    if (!planned.ok) failed.push({ host, problem: planned.problem });
    else if (meters.some(({ identity }) => identity.serial === planned.value.meter.identity.serial)) {
      failed.push({ host, problem: sameMeter(host, planned.value.meter.identity.serial ?? '') });
    } else {
      meters.push(planned.value.meter);
      secrets.push(...planned.value.secrets);
    }
    if (signal?.aborted) break;
  }
  const [first] = failed;
  if (first !== undefined && (meters.length === 0 || signal?.aborted)) return { ok: false, problem: first.problem };
  const sealed = await sealAndOpen(file, secrets, passphrase);
  if (!sealed.ok) return sealed;
  const run = newRun(house, 'passwords');
  const recorded = await recordAudit(
    house.paths,
    meters.map(({ identity, users }) => ({
      kind: 'password',
      run,
      by,
      serial: identity.serial ?? '',
      user: users.map(({ user }) => user).join(', '),
      channel: 'file',
      outcome: 'sealed',
      because: basename(file),
    })),
    house.now,
  );
  return recorded.ok ? ok({ file, meters, failed }) : recorded;
}

/** Opens a sealed file, of one meter or all; that it was opened, and by whom, goes into the audit trail before anything is shown. */
export async function openPasswords(
  house: House,
  file: string,
  passphrase: string,
  { serial, by }: { readonly serial?: string | undefined; readonly by: string },
): Promise<Result<readonly Secret[]>> {
  const opened = await readSecretsFile(file, passphrase);
  if (!opened.ok) return opened;
  const secrets = opened.value.filter((secret) => serial === undefined || secret.serial === serial);
  if (secrets.length === 0) return noSecrets(serial ?? '');
  const recorded = await recordAudit(
    house.paths,
    [
      {
        kind: 'password',
        run: newRun(house, 'open'),
        by,
        serial: serial ?? '',
        user: [...new Set(secrets.map(({ user }) => user))].join(', '),
        channel: 'file',
        outcome: 'opened',
        because: basename(file),
      },
    ],
    house.now,
  );
  return recorded.ok ? ok(secrets) : recorded;
}

/** How the new passwords of a meter would reach it, for a person to agree to. */
export interface PasswordTargets {
  readonly identity: MeterIdentity;
  readonly users: readonly { readonly user: string; readonly way: PasswordWay }[];
}

/**
 * Opens a sealed file and says how its passwords would reach a meter. `passwords/none-for-meter` where it holds none for it.
 *
 * @param assumeConfirmed look at it as if a person had confirmed the rows of the map
 */
export async function passwordTargets(
  house: House,
  access: Access,
  { file, passphrase, assumeConfirmed }: { file: string; passphrase: string; assumeConfirmed: boolean },
  signal?: AbortSignal,
): Promise<Result<PasswordTargets>> {
  const opened = await readSecretsFile(file, passphrase);
  if (!opened.ok) return opened;
  const identity = await withMeter(house, access, (meter) => meter.identify(signal));
  if (!identity.ok) return identity;
  const own = secretsFor(opened.value, identity.value);
  if (!own.ok) return own;
  const wayOf = await ways(house, identity.value, assumeConfirmed);
  return ok({ identity: identity.value, users: own.value.map(({ user }) => ({ user, way: wayOf(user) })) });
}

/** What came of new passwords, and what the login of this meter is now. */
export interface AppliedPasswords extends PasswordsOutcome {
  readonly identity: MeterIdentity;
  /**
   * The login that is valid now where the user was changed that Meterwright logs in as; `unknown` where it may have changed: the old one must not be tried
   * again. Null: as it was.
   */
  readonly login: Credentials | 'unknown' | null;
}

/** Sends the passwords that a sealed file holds for a meter; see `applyPasswords`. Nothing is sent when the file does not open. */
export async function applySealed(
  house: House,
  access: Access,
  options: {
    readonly file: string;
    readonly passphrase: string;
    /** Try one login over SFTP with each new password. */
    readonly verify: boolean;
    readonly by: string;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((done: number, of: number, user: string) => void) | undefined;
  },
): Promise<Result<AppliedPasswords>> {
  const opened = await readSecretsFile(options.file, options.passphrase);
  if (!opened.ok) return opened;
  return withMeter(house, access, async (meter) => {
    const identity = await meter.identify(options.signal);
    if (!identity.ok) return identity;
    const passwords = secretsFor(opened.value, identity.value);
    if (!passwords.ok) return passwords;
    const own = access.credentials?.user ?? null;
    const applied = await applyPasswords(meter, passwords.value, {
      run: newRun(house, 'passwords'),
      by: options.by,
      own,
      sealedFile: basename(options.file),
      logIn: options.verify ? (user, password) => logInOnce(house, access.address, { user, password }) : null,
      bindingsOf: await confirmedBindings(house, identity.value),
      record: (events) => recordAudit(house.paths, events, house.now),
      now: house.now,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    if (!applied.ok) return applied;
    return ok({ ...applied.value, identity: identity.value, login: loginAfter(applied.value, passwords.value, own) });
  });
}

/** An object of its own for each login: the one that is open has the old password. */
function logInOnce(house: House, address: MeterAddress, credentials: Credentials): Promise<Result<null>> {
  return withMeter(house, { address, credentials }, async (meter) => {
    const session = await meter.sftp();
    return session.ok ? ok(null) : session;
  });
}

function loginAfter(
  { results }: PasswordsOutcome,
  secrets: readonly Secret[],
  own: string | null,
): AppliedPasswords['login'] {
  const result = results.find(({ user }) => user === own);
  const secret = secrets.find(({ user }) => user === own);
  if (result === undefined || secret === undefined) return null;
  if (result.outcome === 'cannot-be-verified') return 'unknown';
  const changed = result.outcome === 'written' || result.outcome === 'verified';
  return changed ? { user: secret.user, password: secret.secret } : null;
}

async function planFor(
  house: House,
  access: Access,
  wishes: PasswordWishes,
  sealedFile: string,
  signal: AbortSignal | undefined,
): Promise<Result<{ readonly meter: SealedMeter; readonly secrets: readonly Secret[] }>> {
  const read = await readSettings(house, access, 'security', signal);
  if (!read.ok) return read;
  const { reading } = read.value;
  const wayOf = await ways(house, reading.identity, false);
  const own = access.credentials?.user ?? null;
  const planned = planPasswords(reading, wishes, { wayOf, randomBytes, sealedFile, own });
  if (!planned.ok) return planned;
  const { secrets, ...meter } = planned.value;
  return ok({ meter: { ...meter, host: access.address.host, identity: reading.identity }, secrets });
}

async function ways(
  house: House,
  identity: MeterIdentity,
  assumeConfirmed: boolean,
): Promise<(user: string) => PasswordWay> {
  const { firmware } = identity;
  const map = firmware === null ? undefined : house.siteMapOf(firmware);
  if (firmware === null || map === undefined) return (user) => passwordWay(user, identity, undefined, undefined);
  const stored = await bindingsOf(house, firmware, map);
  const looked = { by: '', at: house.now().toISOString() };
  const bindings = assumeConfirmed ? { ...stored, confirmed: { ...stored.confirmed, security: looked } } : stored;
  return (user) => passwordWay(user, identity, map, bindings);
}

/** The secrets of one meter, by its serial number. */
function secretsFor(secrets: readonly Secret[], { serial }: MeterIdentity): Result<readonly Secret[]> {
  const own = serial === null ? [] : secrets.filter((secret) => secret.serial === serial);
  const twice = own.find(({ user }, index) => own.findIndex((other) => other.user === user) < index);
  if (twice !== undefined) return checkUserList(own) as Result<never>;
  return own.length === 0 ? noSecrets(serial ?? 'unknown') : ok(own);
}

function noSecrets(serial: string): Result<never> {
  return fail({
    code: 'passwords/none-for-meter',
    title: 'The sealed file holds no password for this meter',
    because: serial === '' ? 'It is empty.' : `None of its passwords is for the serial number ${serial}.`,
    nextStep: 'Choose the file that was sealed for this meter.',
    details: { serial },
  });
}

function sameMeter(host: string, serial: string): Problem {
  return fail({
    code: 'passwords/same-meter',
    title: `${host} is a meter that is in the list already`,
    because: `The serial number ${serial} was found at two addresses.`,
    nextStep: 'Name each meter once.',
    details: { serial },
  }).problem;
}
