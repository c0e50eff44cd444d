import type { ProfileSelection } from '../types.ts';
import { encodeDateTime } from './date-time.ts';
import { obisBytes } from './obis.ts';
import type { CosemValue, SmallNumberType } from './values.ts';

const CLOCK = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2 } as const;

interface NumberForm {
  readonly tag: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly low: number;
  readonly high: number;
}

const NUMBERS: Readonly<Record<SmallNumberType, NumberForm>> = {
  int32: signed(0x05, 4),
  uint32: unsigned(0x06, 4),
  bcd: unsigned(0x0d, 1),
  int8: signed(0x0f, 1),
  int16: signed(0x10, 2),
  uint8: unsigned(0x11, 1),
  uint16: unsigned(0x12, 2),
  enum: unsigned(0x16, 1),
  float32: { tag: 0x17, size: 4, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  float64: { tag: 0x18, size: 8, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  'delta-int8': signed(0x1c, 1),
  'delta-int16': signed(0x1d, 2),
  'delta-int32': signed(0x1e, 4),
  'delta-uint8': unsigned(0x1f, 1),
  'delta-uint16': unsigned(0x20, 2),
  'delta-uint32': unsigned(0x21, 4),
};

/** A value with its tags, Green Book 9.5. Throws a RangeError for a value that its type cannot hold. Arrays are never written compact. */
export function encodeValue(value: CosemValue): Uint8Array {
  switch (value.type) {
    case 'null':
      return Uint8Array.of(0x00);
    case 'dont-care':
      return Uint8Array.of(0xff);
    case 'boolean':
      return Uint8Array.of(0x03, value.value ? 1 : 0);
    case 'int64':
    case 'uint64':
      return encodeLong(value.type, value.value);
    case 'octets':
      return tagged(0x09, value.value.length, value.value);
    case 'visible-string':
      return tagged(0x0a, value.value.length, asLatin1(value.value));
    case 'utf8-string': {
      const bytes = new TextEncoder().encode(value.value);
      return tagged(0x0c, bytes.length, bytes);
    }
    case 'bits':
      if (value.value.length !== Math.ceil(value.length / 8))
        throw new RangeError('a bit string has other bytes than bits');
      return tagged(0x04, value.length, value.value);
    case 'date-time':
      return joined([Uint8Array.of(0x19), exactly(value.value.raw, 12)]);
    case 'date':
      return joined([Uint8Array.of(0x1a), exactly(value.value, 5)]);
    case 'time':
      return joined([Uint8Array.of(0x1b), exactly(value.value, 4)]);
    case 'array':
    case 'structure':
      return tagged(value.type === 'array' ? 1 : 2, value.value.length, joined(value.value.map(encodeValue)));
    default:
      return encodeNumber(NUMBERS[value.type], value.type, value.value);
  }
}

/** The selective access of a GET: 1 and the descriptor, or 0 for the whole buffer. Blue Book 4.3.6. Throws a RangeError for numbers out of range. */
export function encodeSelection(selection: ProfileSelection): Uint8Array {
  if (selection === 'all') return Uint8Array.of(0);
  const descriptor: CosemValue =
    selection.kind === 'entry'
      ? structure([
          { type: 'uint32', value: selection.from },
          { type: 'uint32', value: selection.to },
          { type: 'uint16', value: 1 },
          { type: 'uint16', value: 0 },
        ])
      : structure([
          structure([
            { type: 'uint16', value: CLOCK.classId },
            { type: 'octets', value: obisBytes(CLOCK.obis) },
            { type: 'int8', value: CLOCK.attribute },
            { type: 'uint16', value: 0 },
          ]),
          { type: 'octets', value: instant(selection.from) },
          { type: 'octets', value: instant(selection.to) },
          { type: 'array', value: [] },
        ]);
  return joined([Uint8Array.of(1, selection.kind === 'entry' ? 2 : 1), encodeValue(descriptor)]);
}

/** Puts byte strings behind each other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function structure(value: readonly CosemValue[]): CosemValue {
  return { type: 'structure', value };
}

function instant(time: number): Uint8Array {
  const raw = encodeDateTime(time);
  if (raw === undefined) throw new RangeError(`${time} is not a time in milliseconds`);
  return raw;
}

function encodeLong(type: 'int64' | 'uint64', value: bigint): Uint8Array {
  const fits = type === 'int64' ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  if (fits !== value) throw new RangeError(`${value} is not ${type}`);
  const bytes = new Uint8Array(9);
  bytes[0] = type === 'int64' ? 0x14 : 0x15;
  new DataView(bytes.buffer).setBigUint64(1, BigInt.asUintN(64, value));
  return bytes;
}

function encodeNumber(form: NumberForm, type: SmallNumberType, value: number): Uint8Array {
  const real = type === 'float32' || type === 'float64';
  if (!real && !(Number.isInteger(value) && value >= form.low && value <= form.high)) {
    throw new RangeError(`${value} is not ${type}`);
  }
  const bytes = new Uint8Array(1 + form.size);
  const view = new DataView(bytes.buffer);
  bytes[0] = form.tag;
  if (type === 'float32') view.setFloat32(1, value);
  else if (type === 'float64') view.setFloat64(1, value);
  else if (form.size === 4) view.setInt32(1, value);
  else if (form.size === 2) view.setInt16(1, value);
  else view.setInt8(1, value);
  return bytes;
}

function tagged(tag: number, length: number, body: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(tag, ...lengthBytes(length)), body]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x1_0000) return [0x82, length >> 8, length & 0xff];
  return [0x84, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
}

function asLatin1(text: string): Uint8Array {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  if (bytes.length !== text.length || Buffer.from(bytes).toString('latin1') !== text) {
    throw new RangeError('a visible-string holds other letters than Latin-1');
  }
  return bytes;
}

function exactly(bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.length !== count) throw new RangeError(`${count} bytes are needed, not ${bytes.length}`);
  return bytes;
}

function signed(tag: number, size: 1 | 2 | 4): NumberForm {
  const half = 2 ** (size * 8 - 1);
  return { tag, size, low: -half, high: half - 1 };
}

function unsigned(tag: number, size: 1 | 2 | 4): NumberForm {
  return { tag, size, low: 0, high: 2 ** (size * 8) - 1 };
}
