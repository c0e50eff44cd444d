import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupListing } from '../../shared/contract/views.ts';
import { formatFirmware } from '../../shared/domain/firmware-version.ts';
import type { Result } from '../../shared/domain/problem.ts';
import { diffBackups, diffWithMeter } from '../backup/diff/diff.ts';
import { parseEvidence } from '../backup/evidence.ts';
import { outsideBags } from '../backup/folder/outside-bags.ts';
import { takeBackup } from '../backup/take.ts';
import type { BackupDiff, BackupProgress, BackupRequest, BackupResult, BackupVerification } from '../backup/types.ts';
import { verifyBackup } from '../backup/verify.ts';
import { codeOf } from '../inventory/durable.ts';
import type { Meter } from '../meter/types.ts';
import type { Access, House } from './house.ts';
import { withMeter } from './meters.ts';
import { recorderSources } from './settings/recorder-sources.ts';

/**
 * Takes a backup into the given folder, or into the data folder. Of logs that go on from the newest backup of this meter in the data folder only what is new
 * is read, unless `full` is asked for.
 */
export async function backUp(
  house: House,
  access: Access,
  request: Omit<BackupRequest, 'out' | 'since'> & { readonly out?: string | undefined; readonly full?: boolean },
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: BackupProgress) => void } = {},
): Promise<Result<BackupResult>> {
  const key = await house.key();
  if (!key.ok) return key;
  const { full = false, ...rest } = request;
  const place = await outsideBags(request.out ?? house.paths.backups);
  if (!place.ok) return place;
  const taken = await withMeter(house, access, async (meter) => {
    const since = full ? undefined : await earlierBag(house, meter, options.signal);
    return takeBackup(
      meter,
      { ...rest, out: request.out ?? house.paths.backups, since },
      {
        ...options,
        key: key.value,
        toolVersion: house.version,
        now: house.now,
        recorderSources: () => recorderSources(house, meter, options.signal),
      },
    );
  });
  // Taking ends with reading every file again; a bag that is not verified is a failure there.
  if (taken.ok) await house.bagChecks.note(taken.value.bag, { verdict: 'verified', at: house.now().toISOString() });
  return taken;
}

/** Reads a bag again from the disk, checks everything in it, and notes the outcome for the list. */
export async function verifyBag(house: House, bag: string): Promise<BackupVerification> {
  const verification = await verifyBackup(bag, { now: house.now });
  await house.bagChecks.note(bag, verification);
  return verification;
}

/** Compares two bags, or a bag with the meter as it is now. */
export function diffBags(a: string, b: string): Promise<Result<BackupDiff>> {
  return diffBackups(a, b);
}

export function diffBagWithMeter(
  house: House,
  access: Access,
  bag: string,
  signal?: AbortSignal,
): Promise<Result<BackupDiff>> {
  return withMeter(house, access, (meter) => diffWithMeter(bag, meter, signal === undefined ? {} : { signal }));
}

/** The bags in the data folder, or in another, newest first, each with its last check. Nothing is verified by listing. */
export async function listBags(house: House, folder = house.paths.backups): Promise<readonly BackupListing[]> {
  let names: string[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
  const listings = await Promise.all(names.map((name) => listing(house, join(folder, name))));
  return listings.flatMap((found) => found ?? []).sort((a, b) => (b.takenAt ?? '').localeCompare(a.takenAt ?? ''));
}

async function listing(house: House, bag: string): Promise<BackupListing | undefined> {
  const check = house.bagChecks.of(bag);
  const unreadable = { bag, serial: null, firmware: null, takenAt: null, items: [], simulated: false, check };
  let text: string;
  try {
    text = await readFile(join(bag, 'evidence.json'), 'utf8');
  } catch (thrown) {
    // A folder without an evidence record is not a bag of ours; people keep other things beside their backups.
    if (codeOf(thrown) === 'ENOENT') return undefined;
    // One that cannot be read hides no other; its verification says why.
    return unreadable;
  }
  const evidence = parseEvidence(text);
  if ('because' in evidence) return unreadable;
  const { identity } = evidence;
  return {
    bag,
    serial: identity.serial,
    firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
    takenAt: evidence.startedAt,
    items: [...evidence.items],
    simulated: identity.simulated,
    check,
  };
}

/** The newest backup of a meter in the data folder that was not found to be changed; whoever goes on from it verifies it. */
export async function newestBag(house: House, serial: string | null): Promise<string | undefined> {
  if (serial === null) return undefined;
  return (await bagsOf(house, serial)).find(({ check }) => check === null || check.verdict === 'verified')?.bag;
}

/** Without any backup there is nothing to ask the meter for. A meter that does not say who it is fails where the backup begins. */
async function earlierBag(house: House, meter: Meter, signal: AbortSignal | undefined): Promise<string | undefined> {
  if ((await listBags(house)).length === 0) return undefined;
  const identity = await meter.identify(signal);
  return identity.ok ? newestBag(house, identity.value.serial) : undefined;
}

/** The newest bags of a meter, by what their evidence says; the caller verifies. */
export async function bagsOf(house: House, serial: string): Promise<readonly BackupListing[]> {
  return (await listBags(house)).filter((found) => found.serial === serial);
}
