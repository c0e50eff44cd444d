import type { Recorder, Rows } from '../recorders/types.ts';
import type { Value } from './data.ts';
import { momentOf } from './date-time.ts';
import { obis } from './obis.ts';
import { ACCESS, type AccessResult, type Selection } from './object.ts';

/** An object attribute that a profile captures. */
export interface CaptureObject {
  readonly classId: number;
  readonly name: Buffer;
  readonly attribute: number;
}

export const CLOCK_CAPTURE: CaptureObject = { classId: 8, name: obis('0-0:1.0.0*255'), attribute: 2 };

/** What of a buffer is wanted: rows, and which of the capture objects. */
export interface Picked {
  readonly rows: Rows;
  readonly columns: readonly boolean[];
}

/** Carries out a selection on the rows of a recorder. Source: Blue Book, Profile generic, attribute 2. */
export function pick(
  recorder: Recorder,
  captured: readonly CaptureObject[],
  selection: Selection | undefined,
): Picked | AccessResult {
  if (selection === undefined) return { rows: recorder.rows(), columns: captured.map(() => true) };
  const parameters = selection.parameters;
  if (parameters.kind !== 'structure' || parameters.items.length !== 4) return ACCESS.typeUnmatched;
  return selection.selector === 1
    ? byRange(recorder, captured, parameters.items)
    : byEntry(recorder, captured, parameters.items);
}

/** range_descriptor: capture object, from, to, capture objects that are wanted (none = all). Both ends belong to the range. */
function byRange(
  recorder: Recorder,
  captured: readonly CaptureObject[],
  [restricting, from, to, wanted]: readonly Value[],
): Picked | AccessResult {
  const by = captureObject(restricting);
  if (by === undefined || wanted?.kind !== 'array') return ACCESS.typeUnmatched;
  // Only the clock sorts the rows; a range of anything else would need a search of the whole log.
  if (!same(by, CLOCK_CAPTURE)) return ACCESS.scopeViolated;
  const first = moment(from);
  const last = moment(to);
  if (first === undefined || last === undefined) return ACCESS.typeUnmatched;
  const columns = captured.map(() => wanted.items.length === 0);
  for (const item of wanted.items) {
    const column = captureObject(item);
    if (column === undefined) return ACCESS.typeUnmatched;
    const index = captured.findIndex((candidate) => same(candidate, column));
    if (index < 0) return ACCESS.scopeViolated;
    columns[index] = true;
  }
  return { rows: recorder.rows().between(first, last), columns };
}

/** entry_descriptor: entries and columns, from and to, counted from 1; a `to` of 0 is the last one. */
function byEntry(
  recorder: Recorder,
  captured: readonly CaptureObject[],
  items: readonly Value[],
): Picked | AccessResult {
  const numbers = items.map((item, index) =>
    item.kind === 'number' && item.type === (index < 2 ? 'u32' : 'u16') ? item.value : Number.NaN,
  );
  const [fromEntry = 0, toEntry = 0, fromColumn = 0, toColumn = 0] = numbers;
  if (numbers.some(Number.isNaN)) return ACCESS.typeUnmatched;
  if (fromEntry === 0 || fromColumn === 0 || fromColumn > captured.length) return ACCESS.scopeViolated;
  const rows = recorder.rows();
  const lastEntry = toEntry === 0 ? rows.count : toEntry;
  const lastColumn = toColumn === 0 ? captured.length : toColumn;
  return {
    rows: rows.slice(fromEntry - 1, lastEntry - fromEntry + 1),
    columns: captured.map((_, index) => index + 1 >= fromColumn && index + 1 <= lastColumn),
  };
}

function captureObject(value: Value | undefined): CaptureObject | undefined {
  if (value?.kind !== 'structure' || value.items.length !== 4) return undefined;
  const [classId, name, attribute, dataIndex] = value.items;
  if (classId?.kind !== 'number' || classId.type !== 'u16' || name?.kind !== 'octets') return undefined;
  if (attribute?.kind !== 'number' || attribute.type !== 'i8' || dataIndex?.kind !== 'number') return undefined;
  return { classId: classId.value, name: name.bytes, attribute: attribute.value };
}

/** A complete date and time, as an octet string or as date_time. */
function moment(value: Value | undefined): number | undefined {
  if (value?.kind !== 'octets' && value?.kind !== 'date-time') return undefined;
  const { bytes } = value;
  // Year, month, day, hour, minute and second have to be there; a wildcard has no place in an order.
  const whole = bytes.length === 12 && bytes.readUInt16BE(0) !== 0xffff;
  return whole && [2, 3, 5, 6, 7].every((offset) => bytes[offset] !== 0xff) ? momentOf(bytes, 0) : undefined;
}

function same(a: CaptureObject, b: CaptureObject): boolean {
  return a.classId === b.classId && a.attribute === b.attribute && a.name.equals(b.name);
}
