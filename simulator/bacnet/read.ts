import type { MapView } from '../modbus/row.ts';
import { type BacnetObject, OBJECT_TYPE, PROPERTY, type PropertyValue } from './objects.ts';
import {
  context,
  enclosed,
  enumerated,
  numberOf,
  type ObjectId,
  objectIdOctets,
  objectIdOf,
  octetsOf,
  readTag,
  type Tag,
  unsigned,
} from './tags.ts';

/** Device,4194303 is whichever device reads it. Source: ANSI/ASHRAE 135, 15.5.2. */
const WILDCARD = 4_194_303;
/** Source: ANSI/ASHRAE 135, BACnetRejectReason. */
export const REJECT = { invalidType: 3, invalidTag: 4, missing: 5, tooMany: 7, unrecognizedService: 9 } as const;
export type RejectReason = (typeof REJECT)[keyof typeof REJECT];

/** Class and code of an Error. Source: ANSI/ASHRAE 135, clause 18. */
export interface BacnetError {
  readonly class: number;
  readonly code: number;
}
const UNKNOWN_OBJECT: BacnetError = { class: 1, code: 31 };
const UNKNOWN_PROPERTY: BacnetError = { class: 2, code: 32 };
const NOT_AN_ARRAY: BacnetError = { class: 2, code: 50 };
const INVALID_INDEX: BacnetError = { class: 2, code: 42 };

/** What a confirmed service comes to. */
export type ServiceResult =
  | { readonly kind: 'ack'; readonly content: Buffer }
  | { readonly kind: 'error'; readonly error: BacnetError }
  | { readonly kind: 'reject'; readonly reason: RejectReason };

/** Finds objects of the meter. */
export interface ObjectTable {
  readonly device: BacnetObject;
  find(id: ObjectId): BacnetObject | undefined;
}

export function createObjectTable(objects: readonly BacnetObject[], device: BacnetObject): ObjectTable {
  const key = ({ type, instance }: ObjectId): string => `${type},${instance}`;
  const byId = new Map(objects.map((object) => [key(object.id), object]));
  return {
    device,
    find: (id) => (id.type === OBJECT_TYPE.device && id.instance === WILDCARD ? device : byId.get(key(id))),
  };
}

interface Reference {
  readonly property: number;
  readonly index?: number;
}

/** ReadProperty. Source: ANSI/ASHRAE 135, 15.5. */
export function readProperty(request: Buffer, table: ObjectTable, view: () => MapView): ServiceResult {
  const reader = createReader(request);
  const id = reader.take(0, objectIdOf);
  if (typeof id === 'number') return { kind: 'reject', reason: id };
  const reference = readReference(reader, 1);
  if (typeof reference === 'number') return { kind: 'reject', reason: reference };
  if (!reader.atEnd()) return { kind: 'reject', reason: REJECT.tooMany };
  const object = table.find(id);
  if (object === undefined) return { kind: 'error', error: UNKNOWN_OBJECT };
  const value = propertyOf(object, reference, view());
  if (!Buffer.isBuffer(value)) return { kind: 'error', error: value };
  const content = [
    context(0, objectIdOctets(object.id)),
    context(1, octetsOf(reference.property)),
    ...(reference.index === undefined ? [] : [context(2, octetsOf(reference.index))]),
    enclosed(3, value),
  ];
  return { kind: 'ack', content: Buffer.concat(content) };
}

/** ReadPropertyMultiple: every property has its value or its error. Source: ANSI/ASHRAE 135, 15.7. */
export function readPropertyMultiple(request: Buffer, table: ObjectTable, view: () => MapView): ServiceResult {
  const reader = createReader(request);
  const results: Buffer[] = [];
  const taken = view();
  do {
    const id = reader.take(0, objectIdOf);
    if (typeof id === 'number') return { kind: 'reject', reason: id };
    if (!reader.mark('opening', 1)) return { kind: 'reject', reason: reader.wrong() };
    const object = table.find(id);
    const values: Buffer[] = [];
    do {
      const reference = readReference(reader, 0);
      if (typeof reference === 'number') return { kind: 'reject', reason: reference };
      for (const one of expanded(object, reference)) values.push(resultOf(object, one, taken));
    } while (!reader.mark('closing', 1));
    results.push(context(0, objectIdOctets(object?.id ?? id)), enclosed(1, ...values));
  } while (!reader.atEnd());
  return { kind: 'ack', content: Buffer.concat(results) };
}

function resultOf(object: BacnetObject | undefined, reference: Reference, view: MapView): Buffer {
  const value = object === undefined ? UNKNOWN_OBJECT : propertyOf(object, reference, view);
  return Buffer.concat([
    context(2, octetsOf(reference.property)),
    ...(reference.index === undefined ? [] : [context(3, octetsOf(reference.index))]),
    Buffer.isBuffer(value) ? enclosed(4, value) : enclosed(5, enumerated(value.class), enumerated(value.code)),
  ]);
}

/** ALL, REQUIRED and OPTIONAL stand for properties of the object; Property_List is not among them. */
function expanded(object: BacnetObject | undefined, reference: Reference): readonly Reference[] {
  if (object === undefined || reference.index !== undefined) return [reference];
  const { property } = reference;
  const required = property === PROPERTY.all || property === PROPERTY.required ? [...object.required.keys()] : [];
  const optional = property === PROPERTY.all || property === PROPERTY.optional ? [...object.optional.keys()] : [];
  if (![PROPERTY.all, PROPERTY.required, PROPERTY.optional].some((special) => special === property)) return [reference];
  return [...required, ...optional].filter((one) => one !== PROPERTY.propertyList).map((one) => ({ property: one }));
}

function propertyOf(object: BacnetObject, { property, index }: Reference, view: MapView): Buffer | BacnetError {
  const read = object.required.get(property) ?? object.optional.get(property);
  if (read === undefined) return UNKNOWN_PROPERTY;
  return elementOf(read(view), index);
}

function elementOf(value: PropertyValue, index: number | undefined): Buffer | BacnetError {
  if (Buffer.isBuffer(value)) return index === undefined ? value : NOT_AN_ARRAY;
  if (index === undefined) return Buffer.concat(value);
  if (index === 0) return unsigned(value.length);
  return value[index - 1] ?? INVALID_INDEX;
}

/** A property and, in the next context tag, perhaps an array index. */
function readReference(reader: Reader, first: number): Reference | RejectReason {
  const property = reader.takeNumber(first);
  if (property.reject !== undefined) return property.reject;
  if (!reader.nextIs(first + 1)) return { property: property.value };
  const index = reader.takeNumber(first + 1);
  return index.reject ?? { property: property.value, index: index.value };
}

type Reader = ReturnType<typeof createReader>;

function createReader(request: Buffer) {
  let at = 0;
  const peek = (): Tag | undefined => readTag(request, at);
  /** Why what comes next is not what has to come. */
  const wrong = (): RejectReason => (at >= request.length ? REJECT.missing : REJECT.invalidTag);

  function take(number: number, decode: (content: Buffer) => ObjectId | undefined): ObjectId | RejectReason {
    const tag = peek();
    if (tag?.kind !== 'context' || tag.number !== number) return wrong();
    const value = decode(tag.content);
    if (value === undefined) return REJECT.invalidType;
    at = tag.next;
    return value;
  }

  return {
    wrong,
    take,
    takeNumber(number: number): { value: number; reject?: undefined } | { value?: undefined; reject: RejectReason } {
      const tag = peek();
      if (tag?.kind !== 'context' || tag.number !== number) return { reject: wrong() };
      const value = numberOf(tag.content);
      if (value === undefined) return { reject: REJECT.invalidType };
      at = tag.next;
      return { value };
    },
    nextIs(number: number): boolean {
      const tag = peek();
      return tag?.kind === 'context' && tag.number === number;
    },
    /** Steps over an opening or closing tag when it comes next. */
    mark(kind: 'opening' | 'closing', number: number): boolean {
      const tag = peek();
      if (tag?.kind !== kind || tag.number !== number) return false;
      at = tag.next;
      return true;
    },
    atEnd: (): boolean => at >= request.length,
  };
}
