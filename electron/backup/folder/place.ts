import { lstat, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { codeOf } from '../../inventory/durable.ts';
import { makeFolders } from '../../inventory/folders.ts';
import { storageProblem } from './disk.ts';
import { safeLocalName } from './local-names.ts';

/** How many backups of one meter may start in the same second. */
const MAX_SAME_SECOND = 50;

/** An unfinished backup and the name it will get; both stand in the same folder, so that the rename is one step. */
export interface Place {
  readonly partial: string;
  readonly final: string;
}

/** Makes the folder for backups where it is missing. A file in its place is `backup/out-not-a-folder`. */
export async function prepareOut(out: string): Promise<Result<string>> {
  const folder = resolve(out);
  try {
    await makeFolders(folder);
    return ok(folder);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST' && codeOf(thrown) !== 'ENOTDIR') {
      return { ok: false, problem: storageProblem(thrown, folder) };
    }
    return fail({
      code: 'backup/out-not-a-folder',
      title: 'The backup cannot be put there',
      because: `${JSON.stringify(out)} or a part of it is a file.`,
      nextStep: 'Choose a folder.',
      details: { out },
    });
  }
}

/**
 * Makes the folder `.<name>.partial` for a new backup. Its name is taken by making it, so that two backups in the same second never share one; the
 * second gets `<name>_2`.
 */
export async function createPlace(out: string, identity: MeterIdentity, startedAt: Date): Promise<Result<Place>> {
  const base = bagName(identity, startedAt);
  try {
    for (let attempt = 1; attempt <= MAX_SAME_SECOND; attempt += 1) {
      const name = attempt === 1 ? base : `${base}_${attempt}`;
      const place = { partial: join(out, `.${name}.partial`), final: join(out, name) };
      if (!(await makeFolder(place.partial))) continue;
      if (!(await pathExists(place.final))) return ok(place);
      await rm(place.partial, { recursive: true });
    }
  } catch (thrown) {
    return { ok: false, problem: storageProblem(thrown, out) };
  }
  return fail({
    code: 'backup/name-taken',
    title: 'The backup could not get a name',
    because: `There are ${MAX_SAME_SECOND} backups of this meter from the same second.`,
    nextStep: 'Take the backup again.',
  });
}

/** Removes an unfinished backup; undefined when it is gone, else why it is still there. */
export async function discard(place: Place): Promise<string | undefined> {
  try {
    await rm(place.partial, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    return undefined;
  } catch (thrown) {
    return reasonOf(thrown);
  }
}

/** True when something has this path, a dangling link included. Rejects when that cannot be said. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

/** `<serial>_<firmware>_<UTC yyyymmddThhmmssZ>`. */
function bagName(identity: MeterIdentity, startedAt: Date): string {
  const serial = identity.serial === null ? 'serial-unknown' : safeLocalName(identity.serial);
  const firmware = identity.firmware === null ? 'firmware-unknown' : formatFirmware(identity.firmware);
  const time = startedAt.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `${serial}_${firmware}_${time}`;
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}
