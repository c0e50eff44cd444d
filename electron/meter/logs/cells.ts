import type { LogColumn } from '../../../shared/domain/log.ts';
import type { CosemValue, ProfileCell } from '../../protocols/dlms/codec/values.ts';
import type { ProfileRow } from '../../protocols/dlms/types.ts';
import type { LogRow } from './types.ts';

type Value = LogRow['values'][number];

const LONGEST_TEXT = 2000;
/** Printable ASCII, tab, and line ends: an octet-string of these is a text, as event logs have it. */
const TEXT = /^[\t\n\r\x20-\x7e]*$/;

/** Makes rows of a recorder from rows of the protocol: numbers get the scaler of their column. */
export function rowMaker(columns: readonly LogColumn[]): (row: ProfileRow) => LogRow {
  const scalers = columns.map(({ scaler }) => scaler);
  const plain = scalers.every((scaler) => scaler === 0);
  return (raw) => {
    const values: Value[] = new Array<Value>(raw.values.length);
    for (let index = 0; index < raw.values.length; index += 1) {
      const cell = raw.values[index] ?? null;
      const scaler = plain ? 0 : (scalers[index] ?? 0);
      values[index] = typeof cell === 'number' ? scaled(cell, scaler) : asValue(cell, scaler);
    }
    return { time: raw.time, rebuilt: raw.rebuilt, values, raw };
  };
}

/** A division gives the number that is nearest to the decimal one, a multiplication with a negative power of ten does not. */
function scaled(value: number, scaler: number): number {
  if (scaler === 0) return value;
  return scaler < 0 ? value / 10 ** -scaler : value * 10 ** scaler;
}

function asValue(cell: Exclude<ProfileCell, number>, scaler: number): Value {
  if (cell === null) return null;
  switch (typeof cell) {
    case 'bigint':
      return scaledBig(cell, scaler);
    case 'boolean':
      return cell ? 1 : 0;
    case 'string':
      return cell.slice(0, LONGEST_TEXT);
    default:
      return cell instanceof Uint8Array ? textOf(cell) : structured(cell, scaler);
  }
}

/** Whole numbers that a double holds become one; others stay exact unless the scaler asks for a fraction. */
function scaledBig(value: bigint, scaler: number): number | bigint {
  if (scaler < 0) return Number(value) / 10 ** -scaler;
  const whole = value * 10n ** BigInt(scaler);
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, LONGEST_TEXT)).toString('latin1');
  return TEXT.test(text) ? text : Buffer.from(bytes.subarray(0, LONGEST_TEXT)).toString('hex');
}

/** What has no form of its own in a table: dates as ISO 8601, bits as 0 and 1, everything else as the JSON of its parts. */
function structured(cell: CosemValue, scaler: number): Value {
  switch (cell.type) {
    case 'null':
    case 'dont-care':
      return null;
    case 'date-time':
      return cell.value.time === null ? hex(cell.value.raw) : new Date(cell.value.time).toISOString();
    case 'date':
    case 'time':
      return hex(cell.value);
    case 'bits':
      return [...cell.value]
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('')
        .slice(0, Math.min(cell.length, LONGEST_TEXT));
    case 'array':
    case 'structure':
      return JSON.stringify(cell.value, jsonValue).slice(0, LONGEST_TEXT);
    case 'boolean':
      return cell.value ? 1 : 0;
    case 'int64':
    case 'uint64':
      return scaledBig(cell.value, scaler);
    case 'octets':
      return textOf(cell.value);
    case 'visible-string':
    case 'utf8-string':
      return cell.value.slice(0, LONGEST_TEXT);
    default:
      return scaled(cell.value, scaler);
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? hex(value) : value;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * Whether two rows are the same row, read twice. A time that the meter left out, so that it was rebuilt or is missing in one of them, says nothing: the
 * values decide.
 */
export function sameRow(a: ProfileRow, b: ProfileRow): boolean {
  if (a.time !== null && b.time !== null && a.time !== b.time) return false;
  return (
    a.values.length === b.values.length && a.values.every((cell, index) => sameCell(cell, b.values[index] ?? null))
  );
}

function sameCell(a: ProfileCell, b: ProfileCell): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return JSON.stringify(a, jsonValue) === JSON.stringify(b, jsonValue);
}
