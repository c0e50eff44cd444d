import type { SettingArea } from '../../shared/domain/change.ts';
import { METER_USERS } from '../../shared/domain/settings/passwords/users.ts';
import { plain } from '../meter/site-map/columns.ts';
import type { SiteMap } from '../meter/site-map/types.ts';
import { bacnetSettings } from './definitions/bacnet.ts';
import { RECORDERS, recorderSettings } from './definitions/recorders.ts';
import { newPasswordRow, securitySettings } from './definitions/security.ts';
import type { Bindings, BoundRow, SettingDefinition } from './types.ts';

/** Bindings by name alone, which nobody has confirmed yet. */
export function proposedBindings(map: Pick<SiteMap, 'sha256'>): Bindings {
  return { mapSha256: map.sha256, names: {}, confirmed: {} };
}

/** The bindings of a map with one area confirmed by a person; those of another map are not carried over. */
export function confirmBindings(
  map: Pick<SiteMap, 'sha256'>,
  before: Bindings | undefined,
  confirmation: {
    readonly area: SettingArea;
    readonly names?: Bindings['names'];
    readonly by: string;
    readonly at: Date;
  },
): Bindings {
  const base = before?.mapSha256 === map.sha256 ? before : proposedBindings(map);
  return {
    ...base,
    names: { ...base.names, ...confirmation.names },
    confirmed: {
      ...base.confirmed,
      [confirmation.area]: { by: confirmation.by, at: confirmation.at.toISOString() },
    },
  };
}

/** Finds the row of a map for a name of ours: the one that the technician chose, else the only one of that name. */
export function createBinder(map: SiteMap, bindings: Bindings): (name: string) => BoundRow {
  const byName = new Map<string, SiteMap['rows'][number] | null>();
  for (const row of map.rows) {
    const key = plain(row.name);
    // Two rows of one name leave open which is meant, so neither is.
    byName.set(key, byName.has(key) ? null : row);
  }
  const valid = bindings.mapSha256 === map.sha256;
  return (name) => {
    const chosen = valid ? bindings.names[name] : undefined;
    if (chosen === null) return { name, row: undefined };
    return { name, row: byName.get(plain(chosen ?? name)) ?? undefined };
  };
}

/** What a person confirms: every name of an area and the row that was found for it, those without a row included. */
export function boundRows(map: SiteMap, bindings: Bindings, area: SettingArea): readonly BoundRow[] {
  const bind = createBinder(map, bindings);
  const names = definitionsOf(area).flatMap(({ rows }) => rows);
  return [...names, ...(area === 'security' ? METER_USERS.map(newPasswordRow) : [])].map(bind);
}

function definitionsOf(area: SettingArea): readonly SettingDefinition[] {
  switch (area) {
    case 'bacnet':
      return bacnetSettings;
    case 'security':
      return securitySettings;
    case 'recorders':
      return Array.from({ length: RECORDERS }, (_, index) => recorderSettings(index + 1, new Map())).flat();
    case 'clock':
      return [];
  }
}
