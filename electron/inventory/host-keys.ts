import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import type { HostKeyStore } from '../protocols/sftp/types.ts';
import { codeOf, diskProblem, writeFileDurably } from './durable.ts';

/** The file, readable and editable by people: to forget a host, its entry is removed. */
interface HostKeyFile {
  readonly format: typeof FORMAT;
  /** By "host:port", the host in lower case. */
  readonly hosts: Readonly<Record<string, PinnedKey>>;
}

interface PinnedKey {
  /** `SHA256:` + base64 without padding. */
  readonly fingerprint: string;
  /** ISO 8601 UTC. */
  readonly pinnedAt: string;
}

/** A pinned host key as people see it. */
export interface PinnedHost {
  readonly host: string;
  readonly port: number;
  /** `SHA256:` + base64 without padding. */
  readonly fingerprint: string;
  /** ISO 8601 UTC. */
  readonly pinnedAt: string;
}

/** The pinned host keys, with what a person may do with them. */
export interface PinnedHostKeys extends HostKeyStore {
  /** Every pinned key, by host and port; a file that cannot be read is a problem, never an empty list. */
  list(): Promise<Result<readonly PinnedHost[]>>;
  /** Removes one key: the next connection counts as the first. False when there was none. Fails on a disk that refuses. */
  forget(host: string, port: number): Promise<Result<boolean>>;
}

const FORMAT = 'meterwright-known-hosts/1';
/** Room for ten thousand meters. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;

/** Writers of one process take turns for each file, whatever store they came through. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Opens the file with the pinned host keys; a missing file is an empty one. A file that cannot be understood is `inventory/host-keys-unreadable`:
 * it is never taken for empty, because then every meter would be "first seen" again and a changed key would go unnoticed. The file is read anew
 * for every question, so that what another process pinned counts at once.
 */
export async function openHostKeys(path: string): Promise<Result<PinnedHostKeys>> {
  const first = await readHosts(path);
  if (!first.ok) return first;
  return ok({
    async lookup(host, port) {
      return valueOrThrow(await readHosts(path)).get(nameOf(host, port))?.fingerprint;
    },
    pin: (host, port, fingerprint) => inTurn(resolve(path), () => pin(path, nameOf(host, port), fingerprint)),
    async list() {
      const hosts = await readHosts(path);
      return hosts.ok ? ok([...hosts.value].sort(byName).flatMap(([name, key]) => hostOf(name, key))) : hosts;
    },
    forget: (host, port) => inTurn(resolve(path), () => forget(path, nameOf(host, port))),
  });
}

async function forget(path: string, name: string): Promise<Result<boolean>> {
  const hosts = await readHosts(path);
  if (!hosts.ok) return hosts;
  if (!hosts.value.delete(name)) return ok(false);
  const written = await writeHosts(path, hosts.value);
  return written.ok ? ok(true) : written;
}

/** The host may hold colons (IPv6); the port never does. A name without a port is nothing this program wrote. */
function hostOf(name: string, { fingerprint, pinnedAt }: PinnedKey): readonly PinnedHost[] {
  const split = /^(.+):(\d{1,5})$/.exec(name);
  const [, host, port] = split ?? [];
  return host === undefined ? [] : [{ host, port: Number(port), fingerprint, pinnedAt }];
}

function writeHosts(path: string, hosts: ReadonlyMap<string, PinnedKey>): Promise<Result<void>> {
  const content: HostKeyFile = { format: FORMAT, hosts: Object.fromEntries([...hosts].sort(byName)) };
  return writeFileDurably(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

async function pin(path: string, name: string, fingerprint: string): Promise<void> {
  if (!FINGERPRINT.test(fingerprint)) throw new Error(`${JSON.stringify(fingerprint)} is no SHA-256 fingerprint.`);
  const hosts = valueOrThrow(await readHosts(path));
  const before = hosts.get(name)?.fingerprint;
  if (before === fingerprint) return;
  // Two first connections at the same time saw two keys: one of them did not talk to the meter.
  if (before !== undefined) throw new Error(`Another key of ${name} was pinned in the meantime: ${before}.`);
  hosts.set(name, { fingerprint, pinnedAt: new Date().toISOString() });
  valueOrThrow(await writeHosts(path, hosts));
}

async function readHosts(path: string): Promise<Result<Map<string, PinnedKey>>> {
  const text = await readText(path);
  if (!text.ok) return text;
  if (text.value === undefined) return ok(new Map());
  const hosts = parseHosts(text.value);
  return hosts === undefined ? unreadable(path) : ok(hosts);
}

/** The content of the file; undefined where there is none. */
async function readText(path: string): Promise<Result<string | undefined>> {
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).size > MAX_FILE_BYTES) return unreadable(path);
      return ok(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return ok(undefined);
    return { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
}

/** Undefined unless every entry is as this program writes it. */
export function parseHosts(text: string): Map<string, PinnedKey> | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
  if (!isRecord(file) || file['format'] !== FORMAT || !isRecord(file['hosts'])) return undefined;
  const hosts = new Map<string, PinnedKey>();
  for (const [name, entry] of Object.entries(file['hosts'])) {
    if (!isRecord(entry)) return undefined;
    const { fingerprint, pinnedAt } = entry;
    if (typeof fingerprint !== 'string' || !FINGERPRINT.test(fingerprint) || typeof pinnedAt !== 'string')
      return undefined;
    hosts.set(name, { fingerprint, pinnedAt });
  }
  return hosts;
}

function inTurn<T>(key: string, task: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  // A failed writer has told its own caller; the next one starts all the same.
  const mine = before.then(task, task);
  const settled = mine
    .catch(() => undefined)
    .then(() => {
      if (turns.get(key) === settled) turns.delete(key);
    });
  turns.set(key, settled);
  return mine;
}

function unreadable(path: string): { readonly ok: false; readonly problem: ReturnType<typeof fail>['problem'] } {
  return fail({
    code: 'inventory/host-keys-unreadable',
    title: 'The known host keys cannot be read',
    because: 'The file with the known host keys is damaged or was written by another version.',
    meterState: METER_STATE.noMeter,
    nextStep:
      'Restore known-hosts.json from a copy of the data folder. Only if there is none, move it away: every meter then counts as seen for the first time.',
    details: { path },
  });
}

/** The port's methods reject; the sentences of the problem become the message. */
function valueOrThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.title}. ${result.problem.because}`);
}

function nameOf(host: string, port: number): string {
  return `${host.toLowerCase()}:${port}`;
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
