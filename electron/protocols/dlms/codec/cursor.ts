/** What a decoder throws, inside this folder only: whoever starts a decoder catches it and makes a value of it. */
export class AxdrFault extends Error {
  readonly kind: 'malformed' | 'too-large';

  constructor(kind: 'malformed' | 'too-large', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Thrown when the bytes end before the value does. One object for all, because a stream meets it at the end of nearly every block. */
export const SHORT = new Error('the bytes end before the value does');

/** A place in bytes, with what is left of the number of items that may be decoded. */
export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  /** Elements of arrays and structures that may still be made: null-data in a compact array takes no bytes at all. */
  items: number;
}

/** Starts at the first byte; `items` bounds the number of elements decoded through this cursor. */
export function cursorOver(given: Uint8Array, items: number): Cursor {
  // A Buffer slices without copying, and would keep whole chunks of a socket alive for a few bytes.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return { bytes, view: new DataView(given.buffer, given.byteOffset, given.byteLength), at: 0, items };
}

/** Moves over `count` bytes and returns where they start. */
export function step(cursor: Cursor, count: number): number {
  const start = cursor.at;
  if (count > cursor.bytes.length - start) throw SHORT;
  cursor.at = start + count;
  return start;
}

/** The next byte. */
export function readByte(cursor: Cursor): number {
  return cursor.view.getUint8(step(cursor, 1));
}

/** A copy of the next `count` bytes. */
export function readBytes(cursor: Cursor, count: number): Uint8Array {
  const start = step(cursor, count);
  return cursor.bytes.slice(start, start + count);
}

/** A length of A-XDR, IEC 61334-6: one byte up to 127, else 0x81 to 0x84 and that many bytes. */
export function readLength(cursor: Cursor): number {
  const first = readByte(cursor);
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count < 1 || count > 4) throw new AxdrFault('malformed', `a length starts with ${first}`);
  let length = 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + readByte(cursor);
  return length;
}

/** Takes `count` elements from what may still be decoded. */
export function spend(cursor: Cursor, count: number): void {
  if (count > cursor.items) throw new AxdrFault('too-large', 'the value has too many elements');
  cursor.items -= count;
}
