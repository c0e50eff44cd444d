import type {
  ApplyOutcomeView,
  AreaReadingView,
  ConfigurationView,
  MapState,
  PlanReviewView,
} from '../../../shared/contract/settings-calls.ts';
import type { FirmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { boundRows } from '../../configure/bindings.ts';
import type { ApplyOutcome, AreaReading, PlanReview } from '../../configure/types.ts';
import { noMap } from '../../meter/setup/no-map.ts';
import type { SiteMap } from '../../meter/site-map/types.ts';
import type { House } from '../house.ts';
import type { ConfigurationRecord } from './configuration-record.ts';
import { bindingsOf } from './site-maps.ts';

/** Areas that stand in setup registers. */
const AREAS = ['bacnet', 'security', 'recorders'] as const;

/** An area as the page sees it. */
export function areaReadingView(reading: AreaReading): AreaReadingView {
  const { area, users, records, settings, sources, map, ...rest } = reading;
  if (area === 'clock') throw new TypeError('The clock is read by its own call.');
  return {
    ...rest,
    area,
    map: map === null ? null : mapView(map),
    settings: [...settings],
    sources: [...sources],
    users: users.map(({ name, rights, password }) => ({
      name,
      password,
      rights: rights === null ? null : [...rights],
    })),
    records: [...records].map(([recorder, count]) => ({ recorder, records: count })),
  };
}

/** A reviewed plan as the page sees it. */
export function planReviewView(review: PlanReview): PlanReviewView {
  const reading = areaReadingView(review.reading);
  const { rules, changes, targets, blocks, handOff } = review;
  return {
    area: reading.area,
    reading,
    rules: [...rules],
    changes: changes.map(changeView),
    targets: [...targets],
    blocks: [...blocks],
    handOff: handOff === null ? null : handOffView(handOff),
  };
}

/** What applying came to, as the page sees it. */
export function applyOutcomeView({ run, results, handOff, after, problem }: ApplyOutcome): ApplyOutcomeView {
  return {
    run,
    results: [...results],
    handOff: handOff === null ? null : handOffView(handOff),
    after: after === null ? null : areaReadingView(after),
    problem,
  };
}

/** A record of an application of a plan, as the page sees it. */
export function configurationView(record: ConfigurationRecord): ConfigurationView {
  const { run, at, by, serial, meter, firmware, simulated, area, changes, results, problem } = record;
  return {
    ...{ run, at, by, serial, meter, firmware, simulated, area, problem },
    changes: changes.map(changeView),
    results: [...results],
  };
}

/** The map of a firmware with what was found in it; `setup/no-map` without one. */
export async function mapState(house: House, firmware: FirmwareVersion): Promise<Result<MapState>> {
  const map = house.siteMapOf(firmware);
  if (map === undefined) return { ok: false, problem: noMap(firmware) };
  const bindings = await bindingsOf(house, firmware, map);
  return ok({
    map: mapView(map),
    rows: map.rows.length,
    writable: map.rows.filter(({ writable }) => writable).length,
    areas: AREAS.map((area) => {
      const rows = boundRows(map, bindings, area);
      return {
        area,
        confirmed: bindings.confirmed[area] ?? null,
        bound: rows.flatMap(({ name, row }) =>
          row === undefined ? [] : [{ name, row: row.name, register: row.register, writable: row.writable }],
        ),
        missing: rows.flatMap(({ name, row }) => (row === undefined ? [name] : [])),
      };
    }),
  });
}

function mapView({ fileName, sha256, provenance }: Pick<SiteMap, 'fileName' | 'sha256' | 'provenance'>) {
  return { fileName, sha256, provenance };
}

function changeView(change: PlanReview['changes'][number]) {
  return { ...change, destroys: [...change.destroys], consequences: [...change.consequences] };
}

function handOffView(handOff: NonNullable<PlanReview['handOff']>) {
  return { ...handOff, steps: handOff.steps.map(({ text, values }) => ({ text, values: [...values] })) };
}
