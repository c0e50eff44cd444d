import type { Setting, SettingArea, SettingValue } from '../../shared/domain/change.ts';
import { featureLimits } from '../../shared/domain/feature-set.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import { ok, type Problem, type Result } from '../../shared/domain/problem.ts';
import type { Right } from '../../shared/domain/settings/passwords/rights.ts';
import { RIGHTS } from '../../shared/domain/settings/passwords/rights.ts';
import { METER_USERS, type MeterUser } from '../../shared/domain/settings/passwords/users.ts';
import type { SetupSession, SetupValue } from '../meter/setup/types.ts';
import type { SiteMap, SiteMapRow } from '../meter/site-map/types.ts';
import type { Meter } from '../meter/types.ts';
import { createBinder } from './bindings.ts';
import { bacnetSettings } from './definitions/bacnet.ts';
import { RECORDERS, recordCountRow, recorderSettings, SOURCE_NAME, type SourceNames } from './definitions/recorders.ts';
import { securitySettings, userStateRow } from './definitions/security.ts';
import type { AreaReading, Bindings, SettingDefinition } from './types.ts';

/** A setting with the rows that it was read from; writing needs them. */
export interface ReadSetting {
  readonly setting: Setting;
  readonly definition: SettingDefinition;
  /** In the order of the definition; undefined where the map has no such row. */
  readonly rows: readonly (SiteMapRow | undefined)[];
  /** As the registers hold it; `unavailable` where there is no row. */
  readonly raw: readonly SetupValue['value'][];
}

export interface SetupArea {
  readonly reading: AreaReading;
  readonly settings: readonly ReadSetting[];
}

/** The bit of a user's state register that says "still has the default password". Provenance: simulated. */
const DEFAULT_PASSWORD = 2;
const EXISTS = 1;
const MAC_ADDRESS = 'MAC Address';

/**
 * Reads an area over the setup registers. Without a map, or with one that does not describe this meter, every setting is `unread` with the reason:
 * that is a reading, not a failure. Fails when the meter does not answer. The clock is read by {@link Meter.readClock} instead.
 */
export async function readSetupArea(
  meter: Meter,
  area: Exclude<SettingArea, 'clock'>,
  options: {
    readonly bindingsOf: (map: SiteMap) => Bindings;
    readonly now: () => Date;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Result<SetupArea>> {
  const identity = await meter.identify(options.signal);
  if (!identity.ok) return identity;
  const read = await meter.withSetup(
    (session) => readArea(session, area, options.bindingsOf(session.map), options.now()),
    options.signal,
  );
  if (read.ok || !NO_READING.has(read.problem.code)) return read;
  return ok(unreadArea(area, identity.value, read.problem, options.now()));
}

/** Problems that say that these registers are not to be had, not that the meter is away. */
const NO_READING: ReadonlySet<string> = new Set(['setup/no-map', 'setup/not-permitted']);

/** Reads an area within a session. */
export async function readArea(
  session: SetupSession,
  area: Exclude<SettingArea, 'clock'>,
  bindings: Bindings,
  at: Date,
): Promise<Result<SetupArea>> {
  const { map, identity } = session;
  const bind = createBinder(map, bindings);
  const sources = area === 'recorders' ? await readSources(session) : ok<SourceNames>(new Map());
  if (!sources.ok) return sources;
  const definitions = definitionsFor(area, identity, sources.value).map((definition) => ({
    definition,
    rows: definition.rows.map((name) => bind(name).row),
  }));
  const extra = extraRows(area).flatMap((name) => bind(name).row ?? []);
  const wanted = [...definitions.flatMap(({ rows }) => rows.flatMap((row) => row ?? [])), ...extra];
  const values = await session.read(wanted);
  if (!values.ok) return values;
  const byRow = new Map(values.value.map(({ row, value }) => [row, value]));
  const settings = definitions.map(({ definition, rows }): ReadSetting => {
    const raw = rows.map((row) => (row === undefined ? 'unavailable' : (byRow.get(row) ?? 'unavailable')));
    return { definition, rows, raw, setting: settingOf(definition, rows, raw, map) };
  });
  const named = (name: string): SetupValue['value'] => {
    const { row } = bind(name);
    return row === undefined ? 'unavailable' : (byRow.get(row) ?? 'unavailable');
  };
  return ok({
    settings,
    reading: {
      area,
      identity,
      readAt: at.toISOString(),
      map: { fileName: map.fileName, sha256: map.sha256, provenance: map.provenance },
      confirmed: bindings.mapSha256 === map.sha256 && bindings.confirmed[area] !== undefined,
      settings: settings.map(({ setting }) => setting),
      trouble: null,
      mac: area === 'bacnet' ? textOf(named(MAC_ADDRESS)) : null,
      users: area === 'security' ? usersOf(settings, named) : [],
      sources: [...sources.value.values()],
      records: area === 'recorders' ? recordsOf(named) : new Map(),
    },
  });
}

function definitionsFor(
  area: Exclude<SettingArea, 'clock'>,
  identity: MeterIdentity,
  sources: SourceNames,
): readonly SettingDefinition[] {
  switch (area) {
    case 'bacnet':
      return bacnetSettings;
    case 'security':
      return securitySettings;
    case 'recorders': {
      const count = featureLimits(identity.featureSet)?.dataRecorders ?? RECORDERS;
      return Array.from({ length: count }, (_, index) => recorderSettings(index + 1, sources)).flat();
    }
  }
}

function extraRows(area: Exclude<SettingArea, 'clock'>): readonly string[] {
  if (area === 'bacnet') return [MAC_ADDRESS];
  if (area === 'security') return METER_USERS.map(userStateRow);
  if (area === 'recorders') return Array.from({ length: RECORDERS }, (_, index) => recordCountRow(index + 1));
  return [];
}

/** The names of the sources that can be linked, which the meter itself tells. */
async function readSources(session: SetupSession): Promise<Result<SourceNames>> {
  const rows = session.map.rows.flatMap((row) => {
    const number = SOURCE_NAME.exec(row.name)?.[1];
    return number === undefined ? [] : [{ row, number: Number(number) }];
  });
  const values = await session.read(rows.map(({ row }) => row));
  if (!values.ok) return values;
  const names = rows.flatMap(({ number }, index): [number, string][] => {
    const name = values.value[index]?.value;
    return typeof name === 'string' && name !== 'unavailable' && name !== '' ? [[number, name]] : [];
  });
  return ok(new Map(names));
}

function settingOf(
  definition: SettingDefinition,
  rows: readonly (SiteMapRow | undefined)[],
  raw: readonly SetupValue['value'][],
  map: SiteMap,
): Setting {
  const { id, area, label, unit, natural } = definition;
  const common = { id, area, label, ...(unit === undefined ? {} : { unit }), provenance: map.provenance };
  const [first] = rows;
  if (first === undefined) {
    return { ...common, value: 'unread', because: `The imported map has no row "${definition.rows[0] ?? id}".` };
  }
  if (!natural && map.provenance !== 'simulated') {
    const because = `Row "${first.name}" holds a code, and no document says which code means what.`;
    return { ...common, value: 'unread', because };
  }
  const value: SettingValue | 'unread' = definition.read(raw);
  if (value !== 'unread') return { ...common, value };
  const because =
    raw[0] === 'unavailable'
      ? `Register ${first.register} is not mapped on this meter now.`
      : `Register ${first.register} holds ${String(raw[0])}, which means nothing that is known.`;
  return { ...common, value, because };
}

function textOf(value: SetupValue['value']): string | null {
  return typeof value === 'string' && value !== 'unavailable' && value !== '' ? value : null;
}

function usersOf(settings: readonly ReadSetting[], named: (name: string) => SetupValue['value']): readonly MeterUser[] {
  return METER_USERS.flatMap((name): MeterUser[] => {
    const state = named(userStateRow(name));
    if (typeof state !== 'number' || (state & EXISTS) === 0) return [];
    const rights = settings.find(({ setting }) => setting.id === `${name}.rights`)?.setting.value;
    return [
      {
        name,
        rights: typeof rights === 'string' && rights !== 'unread' ? rightsOf(rights) : null,
        password: (state & DEFAULT_PASSWORD) === 0 ? 'unknown' : 'default',
      },
    ];
  });
}

/** Rights from the text of their setting. */
export function rightsOf(text: string): readonly Right[] {
  const names = text.split('\n');
  return RIGHTS.filter((right) => names.includes(right));
}

function recordsOf(named: (name: string) => SetupValue['value']): ReadonlyMap<number, number> {
  const found = Array.from({ length: RECORDERS }, (_, index) => index + 1).flatMap((recorder): [number, number][] => {
    const count = named(recordCountRow(recorder));
    return typeof count === 'number' ? [[recorder, count]] : [];
  });
  return new Map(found);
}

function unreadArea(
  area: Exclude<SettingArea, 'clock'>,
  identity: MeterIdentity,
  trouble: Problem,
  at: Date,
): SetupArea {
  const settings = definitionsFor(area, identity, new Map()).map((definition): ReadSetting => {
    const { id, label } = definition;
    const setting: Setting = { id, area, label, value: 'unread', because: trouble.because };
    const rows = definition.rows.map(() => undefined);
    return { definition, rows, raw: rows.map(() => 'unavailable'), setting };
  });
  // On a meter of which nothing can be read, the 64 recorders and 50 users that it may have are no rows to show.
  const shown = area === 'bacnet' ? settings : settings.filter(({ setting }) => !setting.id.includes('.'));
  return {
    settings,
    reading: {
      area,
      identity,
      readAt: at.toISOString(),
      map: null,
      confirmed: false,
      settings: shown.map(({ setting }) => setting),
      trouble,
      mac: null,
      users: [],
      sources: [],
      records: new Map(),
    },
  };
}
