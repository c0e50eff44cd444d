import type { DeviationSign } from '../types.ts';
import { AxdrFault, type Cursor, cursorOver, readByte, readBytes, readLength, SHORT, spend, step } from './cursor.ts';
import { DATE_TIME_BYTES, decodeDateTime } from './date-time.ts';
import type { CosemDateTime, CosemValue } from './values.ts';

/** Levels of arrays and structures inside each other; the deepest standard attribute has 5. */
const DEEPEST = 16;
/** Elements of one value. An object list of 2000 objects has about 60,000. */
const MOST_ITEMS = 200_000;

const NULL: CosemValue = { type: 'null' };
const DONT_CARE: CosemValue = { type: 'dont-care' };
const utf8 = new TextDecoder('utf-8');

/** The elements of a compact array, Green Book 9.5: tags once, in front of all values. */
export type TypeDescription =
  | { readonly tag: number; readonly kind: 'plain' }
  | { readonly tag: 1; readonly kind: 'array'; readonly count: number; readonly of: TypeDescription }
  | { readonly tag: 2; readonly kind: 'structure'; readonly of: readonly TypeDescription[] };

export type Decoded =
  | { readonly ok: true; readonly value: CosemValue }
  | { readonly ok: false; readonly kind: 'malformed' | 'too-large'; readonly because: string };

/** Decodes bytes that hold exactly one value. Never throws; work and memory are bounded by a few times the number of bytes. */
export function decodeValue(bytes: Uint8Array, sign: DeviationSign): Decoded {
  const cursor = cursorOver(bytes, MOST_ITEMS);
  try {
    const value = readValue(cursor, sign, 0);
    const rest = bytes.length - cursor.at;
    if (rest === 0) return { ok: true, value };
    return { ok: false, kind: 'malformed', because: `${rest} bytes follow the value` };
  } catch (thrown) {
    return { ok: false, ...faultOf(thrown) };
  }
}

/** What a decoder threw, as a value; anything else is a defect and is thrown on. */
export function faultOf(thrown: unknown): { readonly kind: 'malformed' | 'too-large'; readonly because: string } {
  if (thrown === SHORT) return { kind: 'malformed', because: SHORT.message };
  if (thrown instanceof AxdrFault) return { kind: thrown.kind, because: thrown.message };
  throw thrown;
}

/** Reads a tag and its value. */
function readValue(cursor: Cursor, sign: DeviationSign, depth: number): CosemValue {
  return readBody(cursor, readByte(cursor), sign, depth);
}

/** Reads the value that follows a tag, Green Book 9.5 (the choice Data). */
export function readBody(cursor: Cursor, tag: number, sign: DeviationSign, depth: number): CosemValue {
  switch (tag) {
    case 0x01:
    case 0x02:
      return { type: tag === 1 ? 'array' : 'structure', value: readElements(cursor, sign, deeper(depth)) };
    case 0x13:
      return { type: 'array', value: readCompactArray(cursor, sign, deeper(depth)) };
    default:
      return readPlain(cursor, tag, sign);
  }
}

function readElements(cursor: Cursor, sign: DeviationSign, depth: number): CosemValue[] {
  const count = readLength(cursor);
  spend(cursor, count);
  const elements: CosemValue[] = [];
  for (let index = 0; index < count; index += 1) elements.push(readValue(cursor, sign, depth));
  return elements;
}

function readCompactArray(cursor: Cursor, sign: DeviationSign, depth: number): CosemValue[] {
  const description = readDescription(cursor, depth);
  const length = readLength(cursor);
  if (length > cursor.bytes.length - cursor.at) throw SHORT;
  const end = cursor.at + length;
  const elements: CosemValue[] = [];
  while (cursor.at < end) {
    const start = cursor.at;
    spend(cursor, 1);
    elements.push(readDescribed(cursor, description, sign));
    checkProgress(cursor, start, end);
  }
  return elements;
}

/** An element of a compact array has to take bytes, or there would be no end of them, and has to end with the contents or before. */
export function checkProgress(cursor: Cursor, start: number, end: number): void {
  if (cursor.at === start) throw new AxdrFault('malformed', 'the elements of a compact array take no bytes');
  if (cursor.at > end) throw new AxdrFault('malformed', 'an element of a compact array goes beyond its contents');
}

/** Reads what stands in front of the contents of a compact array. */
export function readDescription(cursor: Cursor, depth: number): TypeDescription {
  const tag = readByte(cursor);
  if (tag === 1) {
    const count = cursor.view.getUint16(step(cursor, 2));
    return { tag, kind: 'array', count, of: readDescription(cursor, deeper(depth)) };
  }
  if (tag === 2) {
    const count = readLength(cursor);
    spend(cursor, count);
    const of: TypeDescription[] = [];
    for (let index = 0; index < count; index += 1) of.push(readDescription(cursor, deeper(depth)));
    return { tag, kind: 'structure', of };
  }
  if (tag === 0x13) throw new AxdrFault('malformed', 'a compact array is described inside a compact array');
  return { tag, kind: 'plain' };
}

/** Reads one value of a compact array. The depth was bounded when its description was read. */
export function readDescribed(cursor: Cursor, description: TypeDescription, sign: DeviationSign): CosemValue {
  if (description.kind === 'plain') return readPlain(cursor, description.tag, sign);
  const value: CosemValue[] = [];
  if (description.kind === 'array') {
    spend(cursor, description.count);
    for (let index = 0; index < description.count; index += 1) value.push(readDescribed(cursor, description.of, sign));
    return { type: 'array', value };
  }
  spend(cursor, description.of.length);
  for (const one of description.of) value.push(readDescribed(cursor, one, sign));
  return { type: 'structure', value };
}

function readPlain(cursor: Cursor, tag: number, sign: DeviationSign): CosemValue {
  const { view } = cursor;
  switch (tag) {
    case 0x00:
      return NULL;
    case 0x03:
      return { type: 'boolean', value: readByte(cursor) !== 0 };
    case 0x04: {
      const length = readLength(cursor);
      return { type: 'bits', length, value: readBytes(cursor, Math.ceil(length / 8)) };
    }
    case 0x05:
      return { type: 'int32', value: view.getInt32(step(cursor, 4)) };
    case 0x06:
      return { type: 'uint32', value: view.getUint32(step(cursor, 4)) };
    // 7 is the floating-point of older editions, an octet-string of fixed length with the same bytes as float32.
    case 0x07:
    case 0x17:
      return { type: 'float32', value: view.getFloat32(step(cursor, 4)) };
    case 0x09:
      return { type: 'octets', value: readBytes(cursor, readLength(cursor)) };
    case 0x0a:
      return { type: 'visible-string', value: latin1(cursor, readLength(cursor)) };
    case 0x0c:
      return { type: 'utf8-string', value: utf8.decode(readBytes(cursor, readLength(cursor))) };
    case 0x0d:
      return { type: 'bcd', value: readByte(cursor) };
    case 0x0f:
      return { type: 'int8', value: view.getInt8(step(cursor, 1)) };
    case 0x10:
      return { type: 'int16', value: view.getInt16(step(cursor, 2)) };
    case 0x11:
      return { type: 'uint8', value: readByte(cursor) };
    case 0x12:
      return { type: 'uint16', value: view.getUint16(step(cursor, 2)) };
    case 0x14:
      return { type: 'int64', value: view.getBigInt64(step(cursor, 8)) };
    case 0x15:
      return { type: 'uint64', value: view.getBigUint64(step(cursor, 8)) };
    case 0x16:
      return { type: 'enum', value: readByte(cursor) };
    case 0x18:
      return { type: 'float64', value: view.getFloat64(step(cursor, 8)) };
    case 0x19:
      return { type: 'date-time', value: readDateTime(cursor, sign) };
    case 0x1a:
      return { type: 'date', value: readBytes(cursor, 5) };
    case 0x1b:
      return { type: 'time', value: readBytes(cursor, 4) };
    case 0x1c:
      return { type: 'delta-int8', value: view.getInt8(step(cursor, 1)) };
    case 0x1d:
      return { type: 'delta-int16', value: view.getInt16(step(cursor, 2)) };
    case 0x1e:
      return { type: 'delta-int32', value: view.getInt32(step(cursor, 4)) };
    case 0x1f:
      return { type: 'delta-uint8', value: readByte(cursor) };
    case 0x20:
      return { type: 'delta-uint16', value: view.getUint16(step(cursor, 2)) };
    case 0x21:
      return { type: 'delta-uint32', value: view.getUint32(step(cursor, 4)) };
    case 0xff:
      return DONT_CARE;
    default:
      throw new AxdrFault('malformed', `${tag} is not the tag of a data type`);
  }
}

function readDateTime(cursor: Cursor, sign: DeviationSign): CosemDateTime {
  const value = decodeDateTime(readBytes(cursor, DATE_TIME_BYTES), sign);
  if (value === undefined) throw SHORT;
  return value;
}

function latin1(cursor: Cursor, length: number): string {
  const start = step(cursor, length);
  return Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset + start, length).toString('latin1');
}

function deeper(depth: number): number {
  if (depth >= DEEPEST) throw new AxdrFault('too-large', `values are nested more than ${DEEPEST} deep`);
  return depth + 1;
}
