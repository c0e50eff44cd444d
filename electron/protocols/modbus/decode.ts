import { meterText } from './text.ts';

/** How words of a meter are to be understood, by the names that register maps use. */
export const WORD_TYPES = [
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'utf8',
  'datetime',
] as const;
export type WordType = (typeof WORD_TYPES)[number];

/** A number, a bigint for 64 bits, a text, or for `datetime` local meter time as ISO 8601 without a zone ("2026-03-01T12:34:56.789"). */
export interface Decoded {
  readonly value: number | bigint | string;
}

/** What an unmapped register gives, one word each. Source: vendor's Modbus implementation page (PM8000, ION9000). */
const UNMAPPED = 0x8000;
const RESERVED_64 = 0x8000_0000_0000_0000n;

/** 16-bit words of a type that has a fixed number of them; a text says itself how many it has. */
export const WORDS_OF: Readonly<Record<Exclude<WordType, 'utf8'>, number>> = {
  uint16: 1,
  int16: 1,
  uint32: 2,
  int32: 2,
  uint64: 4,
  int64: 4,
  float32: 2,
  datetime: 4,
};

/**
 * Decodes big-endian words, high word first. `unavailable`: the reserved value of the type (any NaN for float32), unmapped registers
 * (every word 0x8000), a date and time that is marked invalid or does not exist, or a number of words that the type does not have.
 */
export function decodeWords(type: WordType, words: ArrayLike<number>): Decoded | 'unavailable' {
  if (isUnmapped(words)) return 'unavailable';
  const bytes = bytesOf(words);
  if (type === 'utf8') return { value: meterText(bytes) };
  if (words.length !== WORDS_OF[type]) return 'unavailable';
  const value = decodeFixed(type, new DataView(bytes.buffer));
  return value === undefined ? 'unavailable' : { value };
}

function decodeFixed(type: Exclude<WordType, 'utf8'>, view: DataView): number | bigint | string | undefined {
  switch (type) {
    case 'uint16':
      return unless(view.getUint16(0), 0xffff);
    case 'int16':
      return unless(view.getInt16(0), -0x8000);
    case 'uint32':
      return unless(view.getUint32(0), 0xffff_ffff);
    case 'int32':
      return unless(view.getInt32(0), -0x8000_0000);
    case 'uint64':
      return unless(view.getBigUint64(0), RESERVED_64);
    case 'int64':
      return unless(view.getBigInt64(0), -RESERVED_64);
    case 'float32': {
      const value = view.getFloat32(0);
      return Number.isNaN(value) ? undefined : value;
    }
    case 'datetime':
      return decodeDateTime(view);
  }
}

/**
 * Word 1: bits 0-6 year - 2000. Word 2: bits 8-11 month, 5-7 weekday (not used), 0-4 day. Word 3: bit 15 daylight saving, 8-12 hour, 7 invalid,
 * 0-5 minute. Word 4: millisecond of the minute. Source: vendor's DATETIME format (iEM3200 user manual).
 */
function decodeDateTime(view: DataView): string | undefined {
  const year = 2000 + (view.getUint16(0) & 0x7f);
  const date = view.getUint16(2);
  const time = view.getUint16(4);
  const millisecond = view.getUint16(6);
  const month = (date >> 8) & 0x0f;
  const day = date & 0x1f;
  const hour = (time >> 8) & 0x1f;
  const minute = time & 0x3f;
  if ((time & 0x80) !== 0 || millisecond > 59_999 || hour > 23 || minute > 59) return undefined;
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, 0, millisecond));
  const exists = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return exists ? moment.toISOString().slice(0, -1) : undefined;
}

function isUnmapped(words: ArrayLike<number>): boolean {
  for (let index = 0; index < words.length; index += 1) {
    if (words[index] !== UNMAPPED) return false;
  }
  return true;
}

function bytesOf(words: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 2));
  for (let index = 0; index < words.length; index += 1) view.setUint16(index * 2, words[index] ?? 0);
  return new Uint8Array(view.buffer);
}

function unless<T extends number | bigint>(value: T, reserved: T): T | undefined {
  return value === reserved ? undefined : value;
}
