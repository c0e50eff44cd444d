import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ResourceFound, ResourceId } from '../../shared/contract/views.ts';
import { formatIonSetup } from '../../shared/domain/ion-setup-version.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import { diskProblem } from '../inventory/durable.ts';
import type { House } from './house.ts';
import { listArchive } from './upgrades/packages.ts';

/** A folder of downloads is flat or nearly so; more than this is somebody's whole disk. */
const MAX_DEPTH = 3;
const MAX_ENTRIES = 5_000;

/**
 * What of the vendor's things is on this laptop, as far as it can be told: packages of earlier jobs, imported maps, files kept in backups, an installed
 * ION Setup, and what lies in the folder that the person keeps such things in. Told by names: nothing is opened. Fails only where the given folder
 * cannot be read.
 */
export async function findResources(house: House, folder: string | null): Promise<Result<ResourceFound[]>> {
  const found: ResourceFound[] = [];
  const archive = await listArchive(house);
  if (!archive.ok) return archive;
  for (const { name } of archive.value) found.push({ id: 'package', name, where: 'archive' });
  for (const name of await namesUnder(house.paths.maps, 1)) {
    const version = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.json$/.exec(name)?.[1];
    if (version !== undefined) found.push({ id: 'map', name: version, where: 'maps' });
  }
  for (const name of await namesUnder(house.paths.backups, MAX_DEPTH)) found.push(...named(name, 'backups'));
  if (folder !== null) {
    try {
      await readdir(folder);
    } catch (thrown) {
      return { ok: false, problem: diskProblem(thrown, folder, 'read') };
    }
    for (const name of await namesUnder(folder, MAX_DEPTH)) found.push(...named(name, 'folder'));
  }
  const ionSetup = await house.laptop.findIonSetup({});
  if (ionSetup.kind === 'found')
    found.push({ id: 'ionSetup', name: formatIonSetup(ionSetup.version), where: 'installed' });
  return ok(withoutTwins(found));
}

function named(file: string, where: ResourceFound['where']): ResourceFound[] {
  const id = resourceOf(file);
  return id === undefined ? [] : [{ id, name: file, where }];
}

function withoutTwins(found: readonly ResourceFound[]): ResourceFound[] {
  return [...new Map(found.map((one) => [`${one.id} ${one.where} ${one.name}`, one])).values()];
}

/** What a file is by its name, as the vendor names its downloads; undefined where the name says nothing. */
export function resourceOf(file: string): ResourceId | undefined {
  const name = file.toLowerCase();
  const document = /\.(?:pdf|docx?|html?)$/.test(name);
  if (/^ion.?7400.*\.zip$/.test(name)) return 'package';
  if (/^ion.?setup.*\.(?:exe|msi|zip)$/.test(name)) return 'ionSetup';
  if (/\.dcf$/.test(name) || (/template|web.?page/.test(name) && /\.zip$/.test(name))) return 'template';
  if (document && /(?:^|[^a-z])pics(?:[^a-z]|$)/.test(name)) return 'pics';
  if (document && /bacnet/.test(name)) return 'technicalNote';
  if (document && /sevd-\d/.test(name)) return 'security';
  if (document && /74\d\d|pm8000/.test(name) && /manual|guide/.test(name)) return 'userManual';
  return undefined;
}

/** Names of files below a folder; none where it cannot be read, and no link is followed. */
async function namesUnder(root: string, depth: number): Promise<readonly string[]> {
  const names: string[] = [];
  const waiting: { readonly folder: string; readonly left: number }[] = [{ folder: root, left: depth }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined && seen < MAX_ENTRIES; next = waiting.shift()) {
    for (const entry of await entriesOf(next.folder)) {
      seen += 1;
      if (seen > MAX_ENTRIES) break;
      if (entry.isFile()) names.push(basename(entry.name));
      else if (entry.isDirectory() && next.left > 1)
        waiting.push({ folder: join(next.folder, entry.name), left: next.left - 1 });
    }
  }
  return names;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    // Not there yet, or not for us to read: there is nothing that could be told of it.
    return [];
  }
}
