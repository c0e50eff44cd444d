import {
  checkProgress,
  faultOf,
  readBody,
  readDescribed,
  readDescription,
  type TypeDescription,
} from './codec/axdr-read.ts';
import { AxdrFault, type Cursor, cursorOver, readByte, readBytes, readLength, SHORT, step } from './codec/cursor.ts';
import { DATE_TIME_BYTES, instantAt } from './codec/date-time.ts';
import type { CosemValue, ProfileCell } from './codec/values.ts';
import type { DeviationSign, ProfileRow, ProfileShape } from './types.ts';

/** Bytes that a row may take, and with them what is kept between two blocks. A row of 50 values has 270. */
const LARGEST_ROW = 65_536;
/** Elements of one row, those of arrays in its cells included. */
const MOST_ITEMS_OF_ROW = 4096;
/** Rows that an array may announce; the largest recorder of an ION7400 holds 317,750. */
const MOST_ROWS = 16_777_216;

const NOTHING = new Uint8Array(0);

export type Pushed =
  | { readonly ok: true; readonly rows: readonly ProfileRow[] }
  | { readonly ok: false; readonly kind: 'malformed' | 'too-large'; readonly because: string };

/** Takes the encoded buffer of a profile in pieces and gives each row as soon as its last byte is there. */
export interface RowDecoder {
  push(bytes: Uint8Array): Pushed;
  /** Why the buffer is not complete, if it is not. */
  missing(): string | undefined;
  readonly counts: { readonly rows: number; readonly rebuilt: number; readonly undated: number };
}

type State =
  | { readonly kind: 'start' }
  | { readonly kind: 'array'; left: number }
  | { readonly kind: 'compact'; readonly description: readonly TypeDescription[]; left: number }
  | { readonly kind: 'done' };

/**
 * The buffer is an array or a compact array of structures, one cell for each column; null-data stands for an empty one. Rows that are cut by the end of a
 * piece are decoded again with the next one: rows are short against blocks, and a decoder that can stop anywhere is slower than that.
 */
export function createRowDecoder(profile: ProfileShape, sign: DeviationSign): RowDecoder {
  const width = profile.columns.length;
  const clockColumn = profile.columns.findIndex((column) => column.classId === 8 && column.attribute === 2);
  const period = profile.capturePeriod * 1000;
  const counts = { rows: 0, rebuilt: 0, undated: 0 };
  let state: State = { kind: 'start' };
  let rest: Uint8Array = NOTHING;
  /** Of the row before; NaN when there is none or it has no time. */
  let before = Number.NaN;
  let clock: Uint8Array | null = null;
  let time = Number.NaN;

  function begin(cursor: Cursor): State {
    const tag = readByte(cursor);
    if (tag === 0x00) return { kind: 'done' };
    if (tag === 0x01) {
      const left = readLength(cursor);
      if (left > MOST_ROWS) throw new AxdrFault('too-large', `${left} rows are announced`);
      return left === 0 ? { kind: 'done' } : { kind: 'array', left };
    }
    if (tag !== 0x13) throw new AxdrFault('malformed', `the buffer starts with tag ${tag}, which is no array`);
    const description = readDescription(cursor, 0);
    if (description.kind !== 'structure') throw new AxdrFault('malformed', 'the rows are not structures');
    checkWidth(description.of.length);
    const left = readLength(cursor);
    return left === 0 ? { kind: 'done' } : { kind: 'compact', description: description.of, left };
  }

  function checkWidth(cells: number): void {
    if (cells !== width) throw new AxdrFault('malformed', `a row has ${cells} cells, but there are ${width} columns`);
  }

  function readRow(cursor: Cursor): ProfileRow {
    if (readByte(cursor) !== 0x02) throw new AxdrFault('malformed', 'a row is not a structure');
    checkWidth(readLength(cursor));
    const values: ProfileCell[] = [];
    for (let column = 0; column < width; column += 1) {
      const tag = readByte(cursor);
      if (column === clockColumn) readClock(cursor, tag);
      else values.push(tag === 0x17 ? cursor.view.getFloat32(step(cursor, 4)) : readCell(cursor, tag));
    }
    return finishRow(values);
  }

  function readDescribedRow(cursor: Cursor, description: readonly TypeDescription[]): ProfileRow {
    const values: ProfileCell[] = [];
    for (let column = 0; column < width; column += 1) {
      const cell = description[column];
      if (cell === undefined) continue;
      if (column === clockColumn) readClock(cursor, cell.tag);
      else if (cell.kind === 'plain') values.push(readCell(cursor, cell.tag));
      else values.push(readDescribed(cursor, cell, sign));
    }
    return finishRow(values);
  }

  function readCell(cursor: Cursor, tag: number): ProfileCell {
    switch (tag) {
      case 0x00:
        return null;
      case 0x05:
        return cursor.view.getInt32(step(cursor, 4));
      case 0x06:
        return cursor.view.getUint32(step(cursor, 4));
      case 0x11:
        return readByte(cursor);
      case 0x12:
        return cursor.view.getUint16(step(cursor, 2));
      case 0x17:
        return cursor.view.getFloat32(step(cursor, 4));
      default:
        return cellOf(readBody(cursor, tag, sign, 1));
    }
  }

  function readClock(cursor: Cursor, tag: number): void {
    if (tag === 0x00) {
      clock = null;
      time = Number.NaN;
      return;
    }
    if (tag !== 0x09 && tag !== 0x19) throw new AxdrFault('malformed', `the clock of a row has tag ${tag}`);
    const length = tag === 0x09 ? readLength(cursor) : DATE_TIME_BYTES;
    const start = cursor.at;
    clock = readBytes(cursor, length);
    time = length === DATE_TIME_BYTES ? instantAt(cursor.view, start, sign) : Number.NaN;
  }

  function finishRow(values: readonly ProfileCell[]): ProfileRow {
    const rebuilt = clock === null && clockColumn >= 0 && period > 0 && !Number.isNaN(before);
    return { time: instant(rebuilt), clock, rebuilt, values };
  }

  function instant(rebuilt: boolean): number | null {
    if (rebuilt) return before + period;
    return Number.isNaN(time) ? null : time;
  }

  /** Only whole rows count: one that was cut must leave nothing behind. */
  function count(row: ProfileRow): void {
    counts.rows += 1;
    if (row.rebuilt) counts.rebuilt += 1;
    if (row.time === null) counts.undated += 1;
    before = row.time ?? Number.NaN;
  }

  function advance(cursor: Cursor, rows: ProfileRow[]): void {
    cursor.items = MOST_ITEMS_OF_ROW;
    if (state.kind === 'start') {
      state = begin(cursor);
      return;
    }
    if (state.kind === 'done') throw new AxdrFault('malformed', 'bytes follow the last row');
    const start = cursor.at;
    const row = state.kind === 'array' ? readRow(cursor) : readDescribedRow(cursor, state.description);
    if (state.kind === 'compact') {
      checkProgress(cursor, start, start + state.left);
      state.left -= cursor.at - start;
    } else state.left -= 1;
    count(row);
    rows.push(row);
    if (state.left === 0) state = { kind: 'done' };
  }

  return {
    push(bytes) {
      const cursor = cursorOver(rest.length === 0 ? bytes : Buffer.concat([rest, bytes]), MOST_ITEMS_OF_ROW);
      const rows: ProfileRow[] = [];
      let whole = 0;
      try {
        while (cursor.at < cursor.bytes.length) {
          advance(cursor, rows);
          whole = cursor.at;
        }
      } catch (thrown) {
        if (thrown !== SHORT) return { ok: false, ...faultOf(thrown) };
      }
      rest = cursor.bytes.subarray(whole);
      if (rest.length > LARGEST_ROW) {
        return { ok: false, kind: 'too-large', because: `a row has more than ${LARGEST_ROW} bytes` };
      }
      return { ok: true, rows };
    },
    missing() {
      if (state.kind === 'done') return undefined;
      if (state.kind === 'array') return `${state.left} rows that were announced did not come`;
      return 'the buffer ends in the middle';
    },
    counts,
  };
}

function cellOf(value: CosemValue): ProfileCell {
  switch (value.type) {
    case 'null':
      return null;
    case 'boolean':
    case 'int64':
    case 'uint64':
    case 'octets':
    case 'visible-string':
    case 'utf8-string':
    case 'int8':
    case 'int16':
    case 'enum':
    case 'float32':
    case 'float64':
      return value.value;
    default:
      return value;
  }
}
