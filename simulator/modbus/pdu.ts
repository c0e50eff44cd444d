import { EXCEPTION, type ExceptionCode, exception } from './exception.ts';
import { type Identification, readIdentification } from './identification.ts';
import type { MapRow, MapView, SettingChange } from './row.ts';
import { encodeValue, UNMAPPED } from './values.ts';

const READ_HOLDING = 0x03;
const WRITE_MULTIPLE = 0x10;
const ENCAPSULATED = 0x2b;
const MAX_READ = 125;
const MAX_WRITE = 123;
const ADDRESSES = 0x1_0000;

/** What the PDU handler needs of the meter. */
export interface PduMeter {
  /** Rows of the map that this meter has, ordered by register. */
  rows(): readonly MapRow[];
  view(): MapView;
  identification(): Identification;
  /** Makes changes that came in one request, or none: false when the meter does not take them together. */
  change(changes: readonly SettingChange[]): boolean;
}

/** Answers one request PDU (function code and data, without unit and checksum); undefined = no answer at all. */
export type PduHandler = (request: Buffer) => Buffer | undefined;

/**
 * Function codes 03, 16 and 43/14; any other is exception 01.
 *
 * A read may touch unmapped registers (0x8000 each) but may not split a value (exception 03). A write is judged in this order: count and
 * length (03), end of the address space (02), any unmapped register (no answer), a split value (03), a read-only row (03), Modbus
 * programming off (02), a value that is not allowed (03). Nothing is stored unless everything fits.
 */
export function createPduHandler(meter: PduMeter): PduHandler {
  return (request) => {
    const code = request[0] ?? 0;
    switch (code) {
      case READ_HOLDING:
        return readHolding(meter, request);
      case WRITE_MULTIPLE:
        return writeMultiple(meter, request);
      case ENCAPSULATED:
        return readIdentification(request, meter.identification());
      default:
        return exception(code, EXCEPTION.illegalFunction);
    }
  };
}

function readHolding(meter: PduMeter, request: Buffer): Buffer {
  if (request.length !== 5) return exception(READ_HOLDING, EXCEPTION.illegalValue);
  const start = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  if (count < 1 || count > MAX_READ) return exception(READ_HOLDING, EXCEPTION.illegalValue);
  if (start + count > ADDRESSES) return exception(READ_HOLDING, EXCEPTION.illegalAddress);

  const values = Buffer.alloc(count * 2);
  for (let word = 0; word < count; word += 1) values.writeUInt16BE(UNMAPPED, word * 2);
  const view = meter.view();
  for (const row of touched(meter.rows(), start, count)) {
    if (row.writeOnly === true) continue;
    const at = row.register - 1 - start;
    if (at < 0 || at + row.count > count) return exception(READ_HOLDING, EXCEPTION.illegalValue);
    const value = view.unavailable.has(row.register) ? null : row.read(view);
    encodeValue(row.type, row.count, value).copy(values, at * 2);
  }
  return Buffer.concat([Buffer.from([READ_HOLDING, values.length]), values]);
}

function writeMultiple(meter: PduMeter, request: Buffer): Buffer | undefined {
  const refuse = (code: ExceptionCode): Buffer => exception(WRITE_MULTIPLE, code);
  if (request.length < 6) return refuse(EXCEPTION.illegalValue);
  const start = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  const byteCount = request.readUInt8(5);
  if (count < 1 || count > MAX_WRITE || byteCount !== count * 2 || request.length !== 6 + byteCount) {
    return refuse(EXCEPTION.illegalValue);
  }
  if (start + count > ADDRESSES) return refuse(EXCEPTION.illegalAddress);

  const rows = touched(meter.rows(), start, count);
  const end = start + count;
  const mapped = rows.reduce(
    (sum, row) => sum + Math.min(row.register - 1 + row.count, end) - Math.max(row.register - 1, start),
    0,
  );
  if (mapped < count) return undefined;
  if (rows.some((row) => row.register - 1 < start || row.register - 1 + row.count > end)) {
    return refuse(EXCEPTION.illegalValue);
  }
  if (rows.some((row) => row.write === undefined)) return refuse(EXCEPTION.illegalValue);
  if (!meter.view().modbusProgramming) return refuse(EXCEPTION.illegalAddress);

  const changes: SettingChange[] = [];
  for (const row of rows) {
    const change = row.write?.(wordsOf(request, row.register - 1 - start, row.count));
    if (change === undefined) return refuse(EXCEPTION.illegalValue);
    changes.push(change);
  }
  if (!meter.change(changes)) return refuse(EXCEPTION.illegalValue);
  return Buffer.from(request.subarray(0, 5));
}

/** Rows with at least one register in [start, start + count), in wire addresses. */
function touched(rows: readonly MapRow[], start: number, count: number): readonly MapRow[] {
  // The map has thousands of rows and a request touches a few: the first one is searched.
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && row.register - 1 + row.count <= start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  for (let row = rows[end]; row !== undefined && row.register - 1 < start + count; row = rows[end]) end += 1;
  return rows.slice(low, end);
}

function wordsOf(request: Buffer, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => request.readUInt16BE(6 + (from + index) * 2));
}
