import { readFile } from 'node:fs/promises';

/** The order of the fuses in version 1 of the wire, by the names of electron-builder. Source: electron/electron docs/tutorial/fuses.md. */
const ORDER = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;
export type Fuse = (typeof ORDER)[number];

/** Stands in the program right before its fuses. */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1');
const VALUES: Readonly<Record<string, boolean | null>> = { '0': false, '1': true, r: null };

/**
 * The fuses in the bytes of a program; null for one that this runtime has removed, absent for one that it does not have. Throws on anything that
 * is not exactly one wire of version 1: a wire that cannot be read proves nothing.
 */
export function fusesIn(program: Buffer): ReadonlyMap<Fuse, boolean | null> {
  const at = program.indexOf(SENTINEL);
  if (at === -1) throw new Error('There are no fuses in this program.');
  if (program.indexOf(SENTINEL, at + 1) !== -1) throw new Error('There is more than one set of fuses in this program.');
  const version = program[at + SENTINEL.length];
  const count = program[at + SENTINEL.length + 1] ?? 0;
  if (version !== 1) throw new Error(`The fuses are of version ${String(version)}, not 1.`);
  const wire = program.subarray(at + SENTINEL.length + 2, at + SENTINEL.length + 2 + count);
  if (count === 0 || wire.length !== count) throw new Error('The fuses end before their end.');
  return new Map(
    [...wire].slice(0, ORDER.length).map((byte, index) => {
      const value = VALUES[String.fromCharCode(byte)];
      const fuse = ORDER[index];
      if (value === undefined || fuse === undefined) throw new Error(`Fuse ${index} is ${byte}, which means nothing.`);
      return [fuse, value];
    }),
  );
}

/** As {@link fusesIn}, of a file. */
export async function readFuses(executable: string): Promise<ReadonlyMap<Fuse, boolean | null>> {
  return fusesIn(await readFile(executable));
}
