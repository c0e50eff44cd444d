import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { formatFirmware } from '../../shared/domain/firmware-version.ts';
import type { Result } from '../../shared/domain/problem.ts';
import { type BagChecks, openBagChecks } from '../inventory/bag-checks.ts';
import { codeOf, writeFileDurably } from '../inventory/durable.ts';
import { makeFolders } from '../inventory/folders.ts';
import { type HomePaths, homePaths } from '../inventory/home.ts';
import { openHostKeys, type PinnedHostKeys } from '../inventory/host-keys.ts';
import { type InstallationKey, loadInstallationKey } from '../inventory/installation-key.ts';
import { createLaptop } from '../laptop/index.ts';
import type { Laptop } from '../laptop/types.ts';
import type { DlmsAccess } from '../meter/logs/types.ts';
import { parseSiteMap } from '../meter/site-map/file.ts';
import type { SiteMap } from '../meter/site-map/types.ts';
import type { Credentials, Meter, MeterAddress } from '../meter/types.ts';
import { DEFAULT_CAPS, type UpgradeCaps } from '../upgrade/session.ts';
import { createFreeDeviceIds, type FreeDeviceIds } from './settings/device-ids.ts';

/** How a meter is reached, and as whom. */
export interface Access {
  readonly address: MeterAddress;
  readonly credentials?: Credentials | undefined;
  /** How a DLMS association may be made; the public client without it. */
  readonly dlms?: DlmsAccess | undefined;
}

/** What every service stands on: the data folder, this laptop, the clock, and how meters are opened. */
export interface House {
  readonly paths: HomePaths;
  readonly version: string;
  readonly laptop: Laptop;
  readonly hostKeys: PinnedHostKeys;
  /** The last check of each backup, for lists. */
  readonly bagChecks: BagChecks;
  readonly caps: UpgradeCaps;
  readonly freeDeviceIds: FreeDeviceIds;
  readonly now: () => Date;
  /** Made when it is first needed. */
  key(): Promise<Result<InstallationKey>>;
  /** The code that knows meters comes with the first one that is opened: the list of meters is shown the sooner. Connects to nothing yet. */
  open(access: Access): Promise<Meter>;
  /** The Modbus map that is kept for meters that run this firmware. */
  siteMapOf(firmware: FirmwareVersion): SiteMap | undefined;
  /** Keeps the Modbus map that came with a package for the meters that run this firmware. */
  rememberSiteMap(firmware: FirmwareVersion, map: SiteMap): Promise<Result<void>>;
}

export interface HouseOptions {
  readonly home: string;
  readonly version: string;
  readonly laptop?: Laptop;
  readonly caps?: Partial<UpgradeCaps>;
  readonly now?: () => Date;
}

/** Opens the data folder. Fails only on a disk that refuses, or on pinned host keys that cannot be read. */
export async function openHouse(options: HouseOptions): Promise<Result<House>> {
  const paths = homePaths(options.home);
  const hostKeys = await openHostKeys(paths.knownHosts);
  if (!hostKeys.ok) return hostKeys;
  const bagChecks = await openBagChecks(paths.bagChecks);
  const maps = await loadSiteMaps(paths.maps);
  const now = options.now ?? (() => new Date());
  return {
    ok: true,
    value: {
      paths,
      version: options.version,
      laptop: options.laptop ?? createLaptop(),
      hostKeys: hostKeys.value,
      bagChecks,
      caps: { ...DEFAULT_CAPS, ...options.caps },
      freeDeviceIds: createFreeDeviceIds(now),
      now,
      key: () => loadInstallationKey(options.home),
      async open(access) {
        const { openMeter } = await import('../meter/meter.ts');
        return openMeter({
          ...access,
          hostKeys: hostKeys.value,
          siteMapOf: (firmware) => maps.get(formatFirmware(firmware)),
          now,
        });
      },
      siteMapOf: (firmware) => maps.get(formatFirmware(firmware)),
      async rememberSiteMap(firmware, map) {
        await makeFolders(paths.maps);
        const written = await writeFileDurably(
          join(paths.maps, `${formatFirmware(firmware)}.json`),
          `${JSON.stringify(map, null, 2)}\n`,
        );
        if (written.ok) maps.set(formatFirmware(firmware), map);
        return written;
      },
    },
  };
}

/** A stored map that cannot be read is as good as none: it is imported again with the next package. */
async function loadSiteMaps(folder: string): Promise<Map<string, SiteMap>> {
  const maps = new Map<string, SiteMap>();
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return maps;
    throw thrown;
  }
  for (const name of names.filter((candidate) => /^\d{1,3}\.\d{1,3}\.\d{1,3}\.json$/.test(candidate))) {
    const map = parseSiteMap(await readFile(join(folder, name), 'utf8'));
    if (map !== undefined) maps.set(name.slice(0, -'.json'.length), map);
  }
  return maps;
}
