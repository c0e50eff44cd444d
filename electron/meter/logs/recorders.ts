import type { LogColumn } from '../../../shared/domain/log.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { CosemValue } from '../../protocols/dlms/codec/values.ts';
import type { CaptureObject, DlmsClient, ProfileShape } from '../../protocols/dlms/types.ts';
import { countOf, isRefusal, PROFILE, readColumns, readCount } from './attributes.ts';
import { obisLabel } from './labels.ts';
import { obisText } from './obis.ts';
import { type CosemObjectName, readObjectList } from './objects.ts';
import type { MeterRecorder } from './types.ts';
import { unitSymbol } from './units.ts';

/** What a meter says of a value besides the value. */
export interface ScalerUnit {
  readonly scaler: number;
  readonly unit: string | null;
}

/** scaler_unit of what was asked before in this association; columns are in many recorders. */
export type UnitCache = Map<string, ScalerUnit>;

/** Profiles that are looked at; a meter of this platform has a few dozen. */
const MOST_PROFILES = 256;
/** Register, Extended Register and Demand Register: which attribute says the unit of which. Blue Book 4.3.2 to 4.3.4. */
const SCALER_UNIT: Readonly<Record<number, { readonly values: readonly number[]; readonly attribute: number }>> = {
  3: { values: [2], attribute: 3 },
  4: { values: [2], attribute: 3 },
  5: { values: [2, 3], attribute: 4 },
};
const NO_UNIT: ScalerUnit = { scaler: 0, unit: null };
/** Powers of ten that can be meant; the type allows more. */
const LARGEST_SCALER = 30;
const LONGEST_NAME = 200;

/** What the association exports, found through its object list. */
export async function findRecorders(
  client: DlmsClient,
  units: UnitCache,
  signal: AbortSignal,
): Promise<Result<readonly MeterRecorder[]>> {
  const objects = await readObjectList(client, signal);
  if (!objects.ok) return objects;
  const names = await namesOf(client, objects.value, signal);
  if (!names.ok) return names;
  const recorders: MeterRecorder[] = [];
  const profiles = objects.value.filter(({ classId }) => classId === 7).slice(0, MOST_PROFILES);
  for (const [index, { obis }] of profiles.entries()) {
    const recorder = await describe(client, obis, names.value[index] ?? null, units, signal);
    if (!recorder.ok) return recorder;
    recorders.push(recorder.value);
  }
  return ok(recorders);
}

async function describe(
  client: DlmsClient,
  obis: string,
  name: string | null,
  units: UnitCache,
  signal: AbortSignal,
): Promise<Result<MeterRecorder>> {
  const captured = await readColumns(client, obis, signal);
  if (!captured.ok) return captured;
  const period = await readCount(client, obis, PROFILE.capturePeriod, signal);
  if (!period.ok) return period;
  const entries = await readCount(client, obis, PROFILE.entriesInUse, signal);
  if (!entries.ok) return entries;
  const capacity = await readCount(client, obis, PROFILE.entries, signal);
  if (!capacity.ok) return capacity;
  const columns = typeof captured.value === 'string' ? [] : captured.value;
  const described = await columnsOf(client, columns, units, signal);
  if (!described.ok) return described;
  const unreadable =
    typeof captured.value === 'string'
      ? captured.value
      : entries.value === undefined
        ? 'The meter does not say how many rows it holds.'
        : undefined;
  const shape: ProfileShape = { obis, columns, capturePeriod: period.value ?? 0 };
  return ok({
    id: obisText(obis),
    kind: isEventLog(obis) ? 'events' : 'recorder',
    name,
    entries: entries.value ?? 0,
    capacity: capacity.value ?? null,
    interval: shape.capturePeriod,
    columns: described.value,
    // The number of sources of a recorder is not told over DLMS.
    columnsNotExported: null,
    first: null,
    last: null,
    shape,
    ...(unreadable === undefined ? {} : { unreadable }),
  });
}

/** Event logs are 0-b:99.98.e; Blue Book 7.3.7 and 7.3.8. */
function isEventLog(obis: string): boolean {
  return /^0\.\d+\.99\.98\./.test(obis);
}

/** The columns without the clock, which is the time of a row. */
async function columnsOf(
  client: DlmsClient,
  captured: readonly CaptureObject[],
  units: UnitCache,
  signal: AbortSignal,
): Promise<Result<readonly LogColumn[]>> {
  const columns: LogColumn[] = [];
  const taken = new Set<string>();
  for (const column of withoutClock(captured)) {
    const unit = await scalerUnitOf(client, column, units, signal);
    if (!unit.ok) return unit;
    const id = uniqueId(column, taken);
    taken.add(id);
    columns.push({ id, label: obisLabel(column.obis) ?? obisText(column.obis), ...unit.value });
  }
  return ok(columns);
}

/** The clock column is the first one of class 8, attribute 2, as the protocol has it; every other one is a column of values. */
function withoutClock(captured: readonly CaptureObject[]): readonly CaptureObject[] {
  const clock = captured.findIndex(({ classId, attribute }) => classId === 8 && attribute === 2);
  return captured.filter((_, index) => index !== clock);
}

function uniqueId({ obis, attribute, dataIndex }: CaptureObject, taken: ReadonlySet<string>): string {
  const id = `${obisText(obis)}/${attribute}${dataIndex === 0 ? '' : `.${dataIndex}`}`;
  if (!taken.has(id)) return id;
  let copy = 2;
  while (taken.has(`${id}#${copy}`)) copy += 1;
  return `${id}#${copy}`;
}

/** A meter that gives no unit gives values that are taken as they are. */
async function scalerUnitOf(
  client: DlmsClient,
  { classId, obis, attribute }: CaptureObject,
  units: UnitCache,
  signal: AbortSignal,
): Promise<Result<ScalerUnit>> {
  const where = SCALER_UNIT[classId];
  if (where === undefined || !where.values.includes(attribute)) return ok(NO_UNIT);
  const key = `${classId} ${obis}`;
  const known = units.get(key);
  if (known !== undefined) return ok(known);
  // One attribute in one round trip: attribute 0 would bring it and more in one round trip, too, and saves nothing.
  const answer = await client.get({ classId, obis, attribute: where.attribute }, { signal });
  if (!answer.ok && !isRefusal(answer.problem)) return answer;
  const read = answer.ok ? scalerUnit(answer.value) : NO_UNIT;
  units.set(key, read);
  return ok(read);
}

function scalerUnit(value: CosemValue): ScalerUnit {
  if (value.type !== 'structure' || value.value.length !== 2) return NO_UNIT;
  const [scaler, unit] = value.value;
  if (scaler?.type !== 'int8' || unit === undefined || Math.abs(scaler.value) > LARGEST_SCALER) return NO_UNIT;
  return { scaler: scaler.value, unit: unitSymbol(countOf(unit) ?? 255) };
}

/**
 * Names of the profiles in the order of the object list. Simulated meters have the name of the n-th in a Data object n; no document says that a real
 * meter names its recorders over DLMS, so codes that are free for each manufacturer are read on simulated meters only.
 */
async function namesOf(
  client: DlmsClient,
  objects: readonly CosemObjectName[],
  signal: AbortSignal,
): Promise<Result<readonly (string | null)[]>> {
  const has = (obis: string): boolean => objects.some((object) => object.classId === 1 && object.obis === obis);
  if (!has('0.0.42.0.0.255')) return ok([]);
  const device = await textOf(client, '0.0.42.0.0.255', signal);
  if (!device.ok) return device;
  if (device.value?.startsWith('SIM') !== true) return ok([]);
  const names: (string | null)[] = [];
  const count = Math.min(MOST_PROFILES, objects.filter(({ classId }) => classId === 7).length);
  for (let number = 1; number <= count; number += 1) {
    const obis = `0.0.96.128.${number}.255`;
    const name = has(obis) ? await textOf(client, obis, signal) : ok(null);
    if (!name.ok) return name;
    names.push(name.value);
  }
  return ok(names);
}

/** The text of a Data object; null when it has none. */
async function textOf(client: DlmsClient, obis: string, signal: AbortSignal): Promise<Result<string | null>> {
  const answer = await client.get({ classId: 1, obis, attribute: 2 }, { signal });
  if (!answer.ok) return isRefusal(answer.problem) ? ok(null) : answer;
  const { value } = answer;
  if (value.type === 'visible-string' || value.type === 'utf8-string') return ok(value.value.slice(0, LONGEST_NAME));
  return ok(value.type === 'octets' ? Buffer.from(value.value).toString('latin1').slice(0, LONGEST_NAME) : null);
}
