import type { BacnetObjectId, BacnetValue } from '../types.ts';
import { closingOf, readTag, smallUnsigned, type Tag, unsignedAt } from './tags.ts';

/**
 * The elements of a value between `from` and `to`, or the sentence that says what is wrong. Written here and not left to bacstack, which throws on
 * lengths it does not expect, takes months for one too low, cuts bit strings after 15 bytes and guesses character sets.
 * Source: ANSI/ASHRAE 135, clause 20.2.
 */
export function readValues(bytes: Uint8Array, from: number, to: number): readonly BacnetValue[] | string {
  const values: BacnetValue[] = [];
  let at = from;
  while (at < to) {
    const tag = readTag(bytes, at, to);
    if (tag === undefined || tag.form === 'closing')
      return `the value is cut off or has a wrong tag at byte ${at - from}`;
    const end = tag.form === 'opening' ? closingOf(bytes, at)?.end : tag.end;
    if (end === undefined || end > to) return `the constructed value at byte ${at - from} has no end`;
    const value = tag.form === 'application' ? readValue(bytes, tag) : undefined;
    if (typeof value === 'string') return value;
    values.push(value ?? { kind: 'raw', bytes: bytes.slice(at, end) });
    at = end;
  }
  return values;
}

/** An object id of four bytes: 10 bits of type, 22 bits of instance. Source: 135, clause 20.2.14. */
function objectIdAt(bytes: Uint8Array, at: number): BacnetObjectId {
  const packed = unsignedAt(bytes, at, at + 4);
  return { type: Math.floor(packed / 0x40_0000), instance: packed % 0x40_0000 };
}

/** The content of a tag as an object id; undefined unless it has four bytes. */
export function objectIdOf(bytes: Uint8Array, tag: Tag | undefined): BacnetObjectId | undefined {
  return tag !== undefined && tag.end - tag.start === 4 ? objectIdAt(bytes, tag.start) : undefined;
}

function readValue(bytes: Uint8Array, tag: Tag): BacnetValue | string | undefined {
  const content = bytes.subarray(tag.start, tag.end);
  const size = content.length;
  const wrong = `${size} bytes do not make a value of application tag ${tag.number}`;
  switch (tag.number) {
    case 0:
      return size === 0 ? { kind: 'null' } : wrong;
    case 1:
      return tag.lvt <= 1 ? { kind: 'boolean', value: tag.lvt === 1 } : `a boolean has the value ${tag.lvt}`;
    case 2:
      return size >= 1 && size <= 8 ? { kind: 'unsigned', value: integer(content, false) } : wrong;
    case 3:
      return size >= 1 && size <= 8 ? { kind: 'signed', value: integer(content, true) } : wrong;
    case 4:
      return size === 4 ? { kind: 'real', value: viewOf(content).getFloat32(0) } : wrong;
    case 5:
      return size === 8 ? { kind: 'double', value: viewOf(content).getFloat64(0) } : wrong;
    case 6:
      return { kind: 'octets', bytes: content.slice() };
    case 7:
      return readString(content);
    case 8:
      return readBits(content) ?? wrong;
    case 9: {
      const value = smallUnsigned(bytes, tag);
      return value === undefined ? wrong : { kind: 'enumerated', value };
    }
    case 10:
      return size === 4 ? { kind: 'date', bytes: content.slice() } : wrong;
    case 11:
      return size === 4 ? { kind: 'time', bytes: content.slice() } : wrong;
    case 12:
      return size === 4 ? { kind: 'object-id', object: objectIdAt(bytes, tag.start) } : wrong;
    default:
      return undefined;
  }
}

/** A number where it is exact, else a bigint. */
function integer(content: Uint8Array, signed: boolean): number | bigint {
  let value = 0n;
  for (const byte of content) value = (value << 8n) | BigInt(byte);
  if (signed) value = BigInt.asIntN(content.length * 8, value);
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function viewOf(content: Uint8Array): DataView {
  return new DataView(content.buffer, content.byteOffset, content.byteLength);
}

/** Character sets that are decoded, 135, clause 20.2.9: UTF-8, UCS-2 and ISO 8859-1. The others need tables or name a code page of their own. */
const UTF8 = 0;
const UCS4 = 3;
const UCS2 = 4;
const LATIN1 = 5;

/** A string of no bytes lacks even its character set; devices send it for an empty one. */
export function readString(content: Uint8Array): Extract<BacnetValue, { kind: 'string' }> {
  const charset = content[0] ?? UTF8;
  const text = decodeText(content.subarray(1), charset);
  return { kind: 'string', text, charset, exact: content.length > 0 && isExact(text, charset) };
}

function isExact(text: string, charset: number): boolean {
  return (charset === UTF8 || charset === UCS2 || charset === UCS4 || charset === LATIN1) && !text.includes('\uFFFD');
}

function decodeText(encoded: Uint8Array, charset: number): string {
  switch (charset) {
    case UTF8:
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded);
    case UCS2:
      // UTF-16 with surrogates is decoded too; an odd byte at the end becomes U+FFFD.
      return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(swapPairs(encoded));
    case UCS4:
      return decodeUcs4(encoded);
    case LATIN1:
      return Array.from(encoded, (byte) => String.fromCharCode(byte)).join('');
    default:
      return Array.from(encoded, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\uFFFD')).join(
        '',
      );
  }
}

/** Not every Node has a decoder for big-endian UTF-16. */
function swapPairs(encoded: Uint8Array): Uint8Array {
  const swapped = encoded.slice();
  for (let at = 0; at + 1 < swapped.length; at += 2) {
    swapped[at] = encoded[at + 1] ?? 0;
    swapped[at + 1] = encoded[at] ?? 0;
  }
  return swapped;
}

function decodeUcs4(encoded: Uint8Array): string {
  let text = '';
  for (let at = 0; at < encoded.length; at += 4) {
    const code = at + 4 <= encoded.length ? unsignedAt(encoded, at, at + 4) : 0xffff_ffff;
    text += code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff) ? '\uFFFD' : String.fromCodePoint(code);
  }
  return text;
}

/** The first byte counts the unused bits at the end; bit 0 is the highest of the next byte. Source: 135, clause 20.2.10. */
function readBits(content: Uint8Array): BacnetValue | undefined {
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0)) return undefined;
  const count = (content.length - 1) * 8 - unused;
  const bits = Array.from({ length: count }, (_, bit) => (((content[1 + (bit >> 3)] ?? 0) << (bit & 7)) & 0x80) !== 0);
  return { kind: 'bit-string', bits };
}
