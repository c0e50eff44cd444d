import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { objectTypeName, unitText } from '../../protocols/bacnet/names.ts';
import type {
  BacnetClient,
  BacnetObjectId,
  BacnetPeer,
  BacnetValue,
  PropertyReading,
  PropertyReference,
} from '../../protocols/bacnet/types.ts';
import type { BacnetObjectRow } from './types.ts';
import { numberOf, textOf, valueText } from './value-text.ts';

/** Properties of ANSI/ASHRAE 135, clause 21, BACnetPropertyIdentifier. */
const DESCRIPTION = 28;
const OBJECT_LIST = 76;
const OBJECT_NAME = 77;
const PRESENT_VALUE = 85;
const UNITS = 117;

const DEVICE = 8;
/** Objects with engineering units: analog ones, accumulators, pulse converters, and the value objects of numbers. */
const WITH_UNITS = new Set([0, 1, 2, 23, 24, 45, 46, 48]);
/** Objects without a present value that a meter may have: device, file, notification class, logs, network port. */
const WITHOUT_VALUE = new Set([8, 10, 15, 20, 25, 27, 56]);
/** A list that is longer is read up to here: no meter has as many, and a hostile number must not keep the tool busy for days. */
const MOST_OBJECTS = 2000;

/** What the object list says, read element by element, which works with the smallest device. */
export interface ObjectList {
  /** How many the meter says it has. */
  readonly count: number;
  /** Each once, in the order of the meter, at most {@link MOST_OBJECTS}. */
  readonly objects: readonly BacnetObjectId[];
  /** Elements that could not be read or are no object. */
  readonly unread: number;
  readonly repeated: number;
  /** The list in one piece: the same, different, or not to be had in one answer. */
  readonly whole: 'same' | 'different' | 'does-not-fit' | 'refused';
}

interface Place {
  readonly client: BacnetClient;
  readonly device: BacnetPeer;
  /** The device object, by its number or as "whichever you are". */
  readonly self: BacnetObjectId;
  readonly signal: AbortSignal | undefined;
}

/** Reads the list of objects. Fails where the device does not even say how many there are. */
export async function readObjectList({ client, device, self, signal }: Place): Promise<Result<ObjectList>> {
  const length = await client.readProperty(device, { object: self, property: OBJECT_LIST, arrayIndex: 0 }, signal);
  if (!length.ok) return length;
  const count = numberOf(length.value[0]) ?? 0;
  const references = Array.from({ length: Math.min(count, MOST_OBJECTS) }, (_, at) => ({
    object: self,
    property: OBJECT_LIST,
    arrayIndex: at + 1,
  }));
  const readings = await client.readMultiple(device, references, signal === undefined ? {} : { signal });
  if (!readings.ok) return readings;
  const objects = new Map<string, BacnetObjectId>();
  let unread = 0;
  for (const { result } of readings.value) {
    const value = result.ok && result.value.length === 1 ? result.value[0] : undefined;
    if (value?.kind === 'object-id') objects.set(keyOf(value.object), value.object);
    else unread += 1;
  }
  const whole = await client.readProperty(device, { object: self, property: OBJECT_LIST }, signal);
  if (!whole.ok && isLost(whole.problem)) return whole;
  return ok({
    count,
    objects: [...objects.values()],
    unread,
    repeated: readings.value.length - unread - objects.size,
    whole: whole.ok
      ? compare(whole.value, readings.value)
      : whole.problem.code === 'bacnet/abort'
        ? 'does-not-fit'
        : 'refused',
  });
}

function compare(whole: readonly BacnetValue[], readings: readonly PropertyReading[]): 'same' | 'different' {
  if (whole.length !== readings.length) return 'different';
  const same = whole.every((value, at) => {
    const result = readings[at]?.result;
    const one = result?.ok === true ? result.value[0] : undefined;
    return value.kind === 'object-id' && one?.kind === 'object-id' && keyOf(value.object) === keyOf(one.object);
  });
  return same ? 'same' : 'different';
}

/** Name, description, present value and unit of each object but the device. */
export async function readObjects(
  place: Place,
  objects: readonly BacnetObjectId[],
  onProgress: ((done: number, of: number) => void) | undefined,
): Promise<Result<readonly BacnetObjectRow[]>> {
  const others = objects.filter(({ type }) => type !== DEVICE);
  const references = others.flatMap(referencesOf);
  const readings = await place.client.readMultiple(place.device, references, {
    ...(place.signal === undefined ? {} : { signal: place.signal }),
    onProgress(done) {
      onProgress?.(Math.floor((done / references.length) * others.length), others.length);
    },
  });
  if (!readings.ok) return readings;
  const byKey = new Map(
    readings.value.map(({ reference, result }) => [`${keyOf(reference.object)} ${reference.property}`, result]),
  );
  return ok(
    others.map((object) => {
      const read = (property: number) => byKey.get(`${keyOf(object)} ${property}`);
      return rowOf(object, read(OBJECT_NAME), read(PRESENT_VALUE), first(read(DESCRIPTION)), first(read(UNITS)));
    }),
  );
}

function referencesOf(object: BacnetObjectId): readonly PropertyReference[] {
  const properties = [OBJECT_NAME, DESCRIPTION];
  if (!WITHOUT_VALUE.has(object.type)) properties.push(PRESENT_VALUE);
  if (WITH_UNITS.has(object.type)) properties.push(UNITS);
  return properties.map((property) => ({ object, property }));
}

type Read = PropertyReading['result'] | undefined;

function rowOf(
  object: BacnetObjectId,
  name: Read,
  value: Read,
  description: BacnetValue | undefined,
  units: BacnetValue | undefined,
): BacnetObjectRow {
  const present = first(value);
  const unit = numberOf(units);
  const problem = [name, value].find((one) => one?.ok === false);
  return {
    object,
    typeName: objectTypeName(object.type),
    name: textOf(first(name)),
    description: textOf(description),
    presentValue: present === undefined ? null : valueText(present, object),
    unit: unit === null ? '' : unitText(unit),
    because: problem?.ok === false ? problem.problem.because : null,
  };
}

function first(read: Read): BacnetValue | undefined {
  return read?.ok === true ? read.value[0] : undefined;
}

/** The device is gone or somebody stopped, so nothing more will come. */
export function isLost({ code }: Problem): boolean {
  return code === 'aborted' || code === 'bacnet/timeout' || code === 'bacnet/closed' || code === 'bacnet/unreachable';
}

function keyOf({ type, instance }: BacnetObjectId): string {
  return `${type} ${instance}`;
}
