import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { SETTING_AREAS, type SettingArea } from '../../../shared/domain/change.ts';
import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { readSmallFile } from '../../backup/bag/read.ts';
import { confirmBindings, proposedBindings } from '../../configure/bindings.ts';
import type { Bindings } from '../../configure/types.ts';
import { codeOf, diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import { meterProfile } from '../../meter/profile.ts';
import { noMap } from '../../meter/setup/no-map.ts';
import { type MapConflict, mapConflicts } from '../../meter/site-map/conflicts.ts';
import { type ImportedSiteMap, importSiteMap } from '../../meter/site-map/site-map.ts';
import type { SiteMap } from '../../meter/site-map/types.ts';
import type { House } from '../house.ts';

/** A workbook of a whole platform has about 2 MiB. */
const MAX_WORKBOOK = 32 * 1024 * 1024;

const bindingsSchema = z.object({
  mapSha256: z.string().regex(/^[0-9a-f]{64}$/),
  names: z.record(z.string().max(200), z.string().max(1_000).nullable()),
  confirmed: z.partialRecord(z.enum(SETTING_AREAS), z.object({ by: z.string().max(200), at: z.iso.datetime() })),
}) satisfies z.ZodType<Bindings>;

/** What an import came to, with what contradicts the built-in profile. */
export type MapImport = ImportedSiteMap & { readonly conflicts: readonly MapConflict[] };

/** Reads a map workbook (.xlsx), keeps it for meters that run `firmware`, and says what was understood and what was not. */
export async function importMap(house: House, file: string, firmware: FirmwareVersion): Promise<Result<MapImport>> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readSmallFile(file, MAX_WORKBOOK);
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
  if (bytes === undefined) return tooLarge();
  const imported = await importSiteMap(bytes, basename(file));
  if (!imported.ok) return imported;
  const kept = await house.rememberSiteMap(firmware, imported.value.map);
  if (!kept.ok) return kept;
  const profile = meterProfile();
  const conflicts = profile.ok ? mapConflicts(imported.value.map, profile.value.rowsOf('all')) : [];
  return ok({ ...imported.value, conflicts });
}

/** The bindings of a map, as a person confirmed them; proposals where nobody has. */
export async function bindingsOf(house: House, firmware: FirmwareVersion, map: SiteMap): Promise<Bindings> {
  const stored = await loadBindings(house, firmware);
  return stored?.mapSha256 === map.sha256 ? stored : proposedBindings(map);
}

/** The bindings of the map of a meter's firmware; proposals for any other map, and where nobody confirmed any. */
export async function confirmedBindings(
  house: House,
  { firmware }: Pick<MeterIdentity, 'firmware'>,
): Promise<(map: SiteMap) => Bindings> {
  const map = firmware === null ? undefined : house.siteMapOf(firmware);
  if (firmware === null || map === undefined) return proposedBindings;
  const bindings = await bindingsOf(house, firmware, map);
  return (used) => (used.sha256 === bindings.mapSha256 ? bindings : proposedBindings(used));
}

/** Records that a person has looked at the rows of an area and found them right. */
export async function confirmMap(
  house: House,
  firmware: FirmwareVersion,
  confirmation: { readonly area: SettingArea; readonly by: string; readonly names?: Bindings['names'] },
): Promise<Result<Bindings>> {
  const map = house.siteMapOf(firmware);
  if (map === undefined) return { ok: false, problem: noMap(firmware) };
  const before = await loadBindings(house, firmware);
  const bindings = confirmBindings(map, before, { ...confirmation, at: house.now() });
  const written = await writeFileDurably(bindingsPath(house, firmware), `${JSON.stringify(bindings, null, 2)}\n`);
  return written.ok ? ok(bindings) : written;
}

async function loadBindings(house: House, firmware: FirmwareVersion): Promise<Bindings | undefined> {
  let text: string;
  try {
    text = await readFile(bindingsPath(house, firmware), 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
  try {
    return bindingsSchema.parse(JSON.parse(text));
  } catch {
    // Nothing is written through rows that nobody confirmed, so a record that cannot be read only asks for the confirmation again.
    return undefined;
  }
}

function bindingsPath(house: House, firmware: FirmwareVersion): string {
  return join(house.paths.maps, `${formatFirmware(firmware)}.bindings.json`);
}

function tooLarge(): Result<never> {
  return fail({
    code: 'site-map/too-large',
    title: 'The Modbus map workbook cannot be read',
    because: `The file has more than ${MAX_WORKBOOK} bytes.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Use the Modbus map (.xlsx) from the firmware package of the vendor, unchanged.',
  });
}
