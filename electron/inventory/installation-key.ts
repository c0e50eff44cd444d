import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { codeOf, diskProblem, syncFolder } from './durable.ts';
import { makeFolders } from './folders.ts';
import { homePaths } from './home.ts';

/** The Ed25519 key of this installation: it says which installation sealed a backup or wrote a report, not who sat in front of it. */
export interface InstallationKey {
  /** SPKI in PEM. */
  readonly publicKeyPem: string;
  /** `SHA256:` + base64 without padding of the SHA-256 of the SPKI in DER. */
  readonly fingerprint: string;
  /** Ed25519 (RFC 8032) signature, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

const FILE_NAME = 'installation.pem';
/** A key is far smaller; what is larger is no key of ours. */
const MAX_KEY_FILE = 4096;
/** How long to wait for another process that is just writing the key on a file system without links. */
const SETTLE_MS = 2_000;
const SETTLE_STEP_MS = 50;

/**
 * Loads the installation's key from `keys/` in the data folder; makes it on first use. Two processes that start at the same time end with the
 * same key. A key file that cannot be read is `inventory/key-unreadable`: it is never replaced, because everything signed so far
 * would lose its signer.
 */
export async function loadInstallationKey(home: string): Promise<Result<InstallationKey>> {
  const folder = homePaths(home).keys;
  const path = join(folder, FILE_NAME);
  try {
    const existing = await readKey(path);
    if (existing !== undefined) return existing;
    await makeFolders(folder, 0o700);
    await createKeyFile(folder, path);
    return (await readSettledKey(path)) ?? unreadable(path, 'The key file vanished just after it was made.');
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, path, 'opened') };
  }
}

/** Makes the key file unless there is one: written and synced under another name first, so that nobody ever reads half a key. */
async function createKeyFile(folder: string, path: string): Promise<void> {
  const temporary = join(folder, `.${FILE_NAME}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await linkOrCopy(temporary, path);
    await syncFolder(folder);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Gives the file its name only where the name is free; who comes second uses the key that is there. */
async function linkOrCopy(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return;
    if (!LINKS_NOT_OFFERED.has(codeOf(thrown))) throw thrown;
    await copyFile(temporary, path, constants.COPYFILE_EXCL).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}

/** FAT, exFAT and some network file systems have no hard links. */
const LINKS_NOT_OFFERED: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EISDIR',
  'EINVAL',
  'UNKNOWN',
]);

/** Reads a key that another process may be copying right now. */
async function readSettledKey(path: string): Promise<Result<InstallationKey> | undefined> {
  const attempts = SETTLE_MS / SETTLE_STEP_MS;
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    const key = await readKey(path);
    if (key?.ok) return key;
    await delay(SETTLE_STEP_MS);
  }
  return readKey(path);
}

async function readKey(path: string): Promise<Result<InstallationKey> | undefined> {
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
  if (pem.length > MAX_KEY_FILE) return unreadable(path, 'The file is too large for a key.');
  const privateKey = parse(pem);
  if (privateKey?.asymmetricKeyType !== 'ed25519')
    return unreadable(path, 'The file does not hold an Ed25519 private key.');
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return ok({
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint: `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`,
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  });
}

function parse(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem', type: 'pkcs8' });
  } catch {
    // What OpenSSL says of a damaged key may quote it; "no key" is all the caller needs.
    return undefined;
  }
}

function unreadable(path: string, because: string): Result<InstallationKey> {
  return fail({
    code: 'inventory/key-unreadable',
    title: 'The key of this installation cannot be read',
    because,
    meterState: METER_STATE.noMeter,
    nextStep:
      'Restore the file from a copy of the data folder. Only if there is none, move it away: a new key is made then, and what was signed before counts as signed by another installation.',
    details: { path },
  });
}
