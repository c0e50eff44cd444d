import type { BacnetObjectId, BacnetValue, IAm, PropertyReference } from '../types.ts';
import { type BacnetFault, readError } from './apdu.ts';
import { closingOf, isBracket, readContext, readTag, smallUnsigned, type Tag } from './tags.ts';
import { objectIdOf, readString, readValues } from './values.ts';

/** Service choices, ANSI/ASHRAE 135, clause 21. */
export const UNCONFIRMED = { iAm: 0, iHave: 1, whoHas: 7, whoIs: 8 } as const;
export const CONFIRMED = { readProperty: 12, readPropertyMultiple: 14 } as const;

const DEVICE = 8;
const SEGMENTATION = ['both', 'transmit', 'receive', 'none'] as const;
/** "Whichever you are": never the number of a device. */
const NO_INSTANCE = 4_194_303;

/** What the application part of an I-Am says, 135, clause 16.10.3; undefined unless every part is as it must be. */
export function readIAm(body: Uint8Array): Omit<IAm, 'address' | 'via'> | undefined {
  const device = application(body, 0, 12);
  const maxApdu = application(body, device?.end, 2);
  const segmentation = application(body, maxApdu?.end, 9);
  const vendor = application(body, segmentation?.end, 2);
  const id = objectIdOf(body, device);
  const words = SEGMENTATION[smallUnsigned(body, segmentation) ?? SEGMENTATION.length];
  const bytes = smallUnsigned(body, maxApdu);
  const vendorId = smallUnsigned(body, vendor);
  if (id === undefined || bytes === undefined || words === undefined || vendorId === undefined) return undefined;
  if (id.type !== DEVICE || id.instance === NO_INSTANCE || vendorId > 0xffff) return undefined;
  return { deviceId: id.instance, maxApdu: bytes, segmentation: words, vendorId };
}

/** What an I-Have says, 135, clause 16.9.3. bacstack hands out nothing of it. */
export function readIHave(
  body: Uint8Array,
): { readonly deviceId: number; readonly object: BacnetObjectId; readonly name: string } | undefined {
  const device = application(body, 0, 12);
  const object = application(body, device?.end, 12);
  const name = application(body, object?.end, 7);
  const id = objectIdOf(body, device);
  const what = objectIdOf(body, object);
  if (id === undefined || id.type !== DEVICE || what === undefined || name === undefined) return undefined;
  return { deviceId: id.instance, object: what, name: readString(body.subarray(name.start, name.end)).text };
}

function application(bytes: Uint8Array, at: number | undefined, number: number): Tag | undefined {
  const tag = at === undefined ? undefined : readTag(bytes, at);
  return tag?.form === 'application' && tag.number === number ? tag : undefined;
}

/**
 * Who-Has, 135, clause 16.9.1: golden bytes are those of Annex F.4.1. bacstack has no request for it. The limits are both given or both not.
 */
export function writeWhoHas(
  what: { readonly name: string } | { readonly object: BacnetObjectId },
  limits: { readonly low: number; readonly high: number } | undefined,
): Uint8Array {
  const bytes = [0x10, UNCONFIRMED.whoHas];
  if (limits !== undefined) bytes.push(...contextUnsigned(0, limits.low), ...contextUnsigned(1, limits.high));
  if ('object' in what) {
    const packed = what.object.type * 0x40_0000 + what.object.instance;
    bytes.push(0x2c, packed >>> 24, (packed >>> 16) & 0xff, (packed >>> 8) & 0xff, packed & 0xff);
  } else {
    const text = Buffer.from(what.name, 'utf8');
    const length = text.length + 1;
    bytes.push(...(length <= 4 ? [0x38 | length] : [0x3d, ...lengthBytes(length)]), 0, ...text);
  }
  return Uint8Array.from(bytes);
}

function contextUnsigned(number: number, value: number): readonly number[] {
  const bytes = value > 0xffff ? [value >> 16, (value >> 8) & 0xff] : value > 0xff ? [value >> 8] : [];
  return [(number << 4) | 0x08 | (bytes.length + 1), ...bytes, value & 0xff];
}

function lengthBytes(length: number): readonly number[] {
  return length <= 253 ? [length] : [254, length >> 8, length & 0xff];
}

/** Values of one property, or the error that the device gave for it. */
export type PropertyOutcome =
  | { readonly kind: 'values'; readonly values: readonly BacnetValue[] }
  | ({ readonly kind: 'error' } & BacnetFault);

/** The values of a ReadProperty-ACK (135, clause 15.5.1.2), or what is wrong with it; it has to name what was asked for. */
export function readPropertyAck(body: Uint8Array, asked: PropertyReference): readonly BacnetValue[] | string {
  const object = readContext(body, 0, 0);
  const property = object === undefined ? undefined : readContext(body, object.end, 1);
  if (property === undefined) return 'the answer does not name its property';
  const index = readContext(body, property.end, 2);
  const at = (index ?? property).end;
  const named = { object: objectIdOf(body, object), property: smallUnsigned(body, property) };
  if (!isSame(asked, named.object, named.property, index === undefined ? undefined : smallUnsigned(body, index))) {
    return 'the answer is about another property';
  }
  const closing = isBracket(body, at, 'opening', 3) ? closingOf(body, at) : undefined;
  if (closing === undefined) return 'the value is not bracketed';
  if (closing.end !== body.length) return 'bytes follow the value';
  return readValues(body, at + 1, closing.end - 1);
}

/**
 * The outcomes of a ReadPropertyMultiple-ACK (135, clause 15.7.1.2) in the order of what was asked for, or what is wrong with it. bacstack's decoder throws on
 * values that it does not expect, and loses all the others with it.
 */
export function readMultipleAck(
  body: Uint8Array,
  asked: readonly PropertyReference[],
): readonly PropertyOutcome[] | string {
  const outcomes: PropertyOutcome[] = [];
  let at = 0;
  while (at < body.length) {
    const object = readContext(body, at, 0);
    const id = objectIdOf(body, object);
    if (object === undefined || id === undefined) return 'the answer does not name an object';
    if (!isBracket(body, object.end, 'opening', 1)) return 'an object without its list of results';
    at = object.end + 1;
    while (!isBracket(body, at, 'closing', 1)) {
      const expected = asked[outcomes.length];
      if (expected === undefined) return 'the answer has more results than were asked for';
      const result = readResult(body, at, id, expected);
      if (typeof result === 'string') return result;
      outcomes.push(result.outcome);
      at = result.end;
    }
    at += 1;
  }
  return outcomes.length === asked.length ? outcomes : 'the answer has fewer results than were asked for';
}

function readResult(
  body: Uint8Array,
  from: number,
  object: BacnetObjectId,
  expected: PropertyReference,
): { readonly outcome: PropertyOutcome; readonly end: number } | string {
  const property = readContext(body, from, 2);
  if (property === undefined) return 'a result does not name its property';
  const index = readContext(body, property.end, 3);
  const at = (index ?? property).end;
  const indexValue = index === undefined ? undefined : smallUnsigned(body, index);
  if (!isSame(expected, object, smallUnsigned(body, property), indexValue)) return 'a result is about another property';
  const closing = closingOf(body, at);
  if (closing === undefined) return 'a result has no end';
  if (isBracket(body, at, 'opening', 4)) {
    const values = readValues(body, at + 1, closing.end - 1);
    return typeof values === 'string' ? values : { outcome: { kind: 'values', values }, end: closing.end };
  }
  const error = isBracket(body, at, 'opening', 5) ? readError(body, at + 1) : undefined;
  if (error === undefined) return 'a result is neither a value nor an error';
  return { outcome: { kind: 'error', ...error }, end: closing.end };
}

/** A device that is asked for "whichever you are" names itself in its answer. */
function isSame(
  asked: PropertyReference,
  object: BacnetObjectId | undefined,
  property: number | undefined,
  index: number | undefined,
): boolean {
  if (object?.type !== asked.object.type || property !== asked.property || index !== asked.arrayIndex) return false;
  const anyDevice = asked.object.type === DEVICE && asked.object.instance === NO_INSTANCE;
  return anyDevice || object.instance === asked.object.instance;
}
