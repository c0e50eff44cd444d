import type { Cursor } from './cursor.ts';

/** Tags of the CHOICE "Data" that the meter writes or takes. Source: DLMS UA 1000-2 (Green Book), 9.5. */
const TAG = {
  nullData: 0x00,
  array: 0x01,
  structure: 0x02,
  boolean: 0x03,
  bitString: 0x04,
  doubleLong: 0x05,
  doubleLongUnsigned: 0x06,
  octetString: 0x09,
  visibleString: 0x0a,
  utf8String: 0x0c,
  integer: 0x0f,
  long: 0x10,
  unsigned: 0x11,
  longUnsigned: 0x12,
  enumeration: 0x16,
  float32: 0x17,
  dateTime: 0x19,
} as const;

/** Values in requests nest at most so deep: a range descriptor needs four levels. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 64;

/** A value that a client sent: only the types that a selector or a clock can hold. */
export type Value =
  | { readonly kind: 'array' | 'structure'; readonly items: readonly Value[] }
  | { readonly kind: 'number'; readonly type: NumberType; readonly value: number }
  | { readonly kind: 'octets' | 'date-time'; readonly bytes: Buffer }
  | { readonly kind: 'null' };
type NumberType = 'i8' | 'u8' | 'u16' | 'u32';

/** A length in A-XDR and BER: one byte up to 127, else 0x81 or 0x82 and the length. At most 65,535. */
export function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

/** The count before the items of an array, which may exceed what {@link lengthBytes} takes. */
function countBytes(count: number): Buffer {
  if (count < 0x1_0000) return lengthBytes(count);
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(count, 1);
  bytes.writeUInt8(0x84);
  return bytes;
}

/** A length; bad cursor when it is longer than four bytes. */
export function readLength(cursor: Cursor): number {
  const first = cursor.u8();
  if (first < 0x80) return first;
  const size = first & 0x7f;
  if (size === 0 || size > 4) cursor.spoil();
  let length = 0;
  for (let index = 0; index < size && cursor.sound; index += 1) length = length * 256 + cursor.u8();
  return cursor.sound ? length : 0;
}

export const NULL_DATA = Buffer.from([TAG.nullData]);

/** Tag and count of an array whose items follow. */
export function arrayHead(count: number): Buffer {
  return Buffer.concat([Buffer.from([TAG.array]), countBytes(count)]);
}

/** Tag and count of a structure whose items follow. */
export function structureHead(count: number): Buffer {
  return Buffer.concat([Buffer.from([TAG.structure]), lengthBytes(count)]);
}

export function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([arrayHead(items.length), ...items]);
}

export function structure(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([structureHead(items.length), ...items]);
}

export function bool(value: boolean): Buffer {
  return Buffer.from([TAG.boolean, value ? 1 : 0]);
}

export function u8(value: number): Buffer {
  return Buffer.from([TAG.unsigned, value]);
}

export function i8(value: number): Buffer {
  return Buffer.from([TAG.integer, value & 0xff]);
}

export function enumeration(value: number): Buffer {
  return Buffer.from([TAG.enumeration, value]);
}

export function u16(value: number): Buffer {
  return Buffer.from([TAG.longUnsigned, value >> 8, value & 0xff]);
}

export function i16(value: number): Buffer {
  return Buffer.from([TAG.long, (value >> 8) & 0xff, value & 0xff]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(TAG.doubleLongUnsigned);
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

/** Rounds, and stays within 32 bits. */
export function i32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes.writeUInt8(TAG.doubleLong);
  bytes.writeInt32BE(Math.max(-0x8000_0000, Math.min(0x7fff_ffff, Math.round(value))), 1);
  return bytes;
}

export function float32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes.writeUInt8(TAG.float32);
  bytes.writeFloatBE(value, 1);
  return bytes;
}

export function octetString(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([TAG.octetString]), lengthBytes(bytes.length), bytes]);
}

/** Characters outside ASCII become question marks. */
export function visibleString(text: string): Buffer {
  const bytes = Buffer.from(text.replace(/[^ -~]/g, '?'), 'latin1');
  return Buffer.concat([Buffer.from([TAG.visibleString]), lengthBytes(bytes.length), bytes]);
}

/** Whole bytes of bits. */
export function bitString(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([TAG.bitString]), lengthBytes(bytes.length * 8), bytes]);
}

/** Reads one value; a type that no request of this meter can hold makes the cursor bad. */
export function readValue(cursor: Cursor, depth = 0): Value {
  const nothing: Value = { kind: 'null' };
  const tag = cursor.u8();
  if (!cursor.sound) return nothing;
  switch (tag) {
    case TAG.nullData:
      return nothing;
    case TAG.array:
    case TAG.structure: {
      const count = readLength(cursor);
      if (count > MAX_ITEMS || depth >= MAX_DEPTH) cursor.spoil();
      const items: Value[] = [];
      for (let index = 0; index < count && cursor.sound; index += 1) items.push(readValue(cursor, depth + 1));
      return { kind: tag === TAG.array ? 'array' : 'structure', items };
    }
    case TAG.integer:
      return { kind: 'number', type: 'i8', value: cursor.i8() };
    case TAG.unsigned:
      return { kind: 'number', type: 'u8', value: cursor.u8() };
    case TAG.longUnsigned:
      return { kind: 'number', type: 'u16', value: cursor.u16() };
    case TAG.doubleLongUnsigned:
      return { kind: 'number', type: 'u32', value: cursor.u32() };
    case TAG.octetString:
      return { kind: 'octets', bytes: cursor.bytes(readLength(cursor)) };
    case TAG.dateTime:
      return { kind: 'date-time', bytes: cursor.bytes(12) };
    default:
      cursor.spoil();
      return nothing;
  }
}
