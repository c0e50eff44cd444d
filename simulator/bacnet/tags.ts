/** Numbers of application tags. Source: ANSI/ASHRAE 135, 20.2.1.4. */
const APPLICATION = { boolean: 1, unsigned: 2, real: 4, text: 7, bits: 8, enumerated: 9, objectId: 12 } as const;
const UTF8 = 0;
const INSTANCE_BITS = 22;
const INSTANCE_MASK = 0x3f_ffff;

/** An object by its type (0..1023) and instance (0..4194303). */
export interface ObjectId {
  readonly type: number;
  readonly instance: number;
}

/** The first octets of a tag. Source: ANSI/ASHRAE 135, 20.2.1. */
function tag(number: number, context: boolean, length: number): Buffer {
  const head = Buffer.from([(number << 4) | (context ? 8 : 0) | Math.min(length, 5)]);
  if (length < 5) return head;
  if (length < 254) return Buffer.concat([head, Buffer.from([length])]);
  return Buffer.concat([head, Buffer.from([254, length >> 8, length & 0xff])]);
}

/** Content under a context tag 0..14. */
export function context(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, true, content.length), content]);
}

/** Opening and closing tag 0..14 around encoded values. */
export function enclosed(number: number, ...content: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([(number << 4) | 0x0e]), ...content, Buffer.from([(number << 4) | 0x0f])]);
}

function application(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, false, content.length), content]);
}

/** The fewest octets of a number 0..2^32-1. */
export function octetsOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  const first = bytes.findIndex((octet) => octet !== 0);
  return bytes.subarray(first < 0 ? 3 : first);
}

/** The four octets of an object identifier. */
export function objectIdOctets({ type, instance }: ObjectId): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(((type << INSTANCE_BITS) | (instance & INSTANCE_MASK)) >>> 0);
  return bytes;
}

export const unsigned = (value: number): Buffer => application(APPLICATION.unsigned, octetsOf(value));
export const enumerated = (value: number): Buffer => application(APPLICATION.enumerated, octetsOf(value));
export const objectId = (id: ObjectId): Buffer => application(APPLICATION.objectId, objectIdOctets(id));
/** The value of a boolean stands in the place of the length. */
export const bool = (value: boolean): Buffer => Buffer.from([(APPLICATION.boolean << 4) | (value ? 1 : 0)]);

export function real(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return application(APPLICATION.real, bytes);
}

/** A character string in UTF-8. */
export function text(value: string): Buffer {
  return application(APPLICATION.text, Buffer.concat([Buffer.from([UTF8]), Buffer.from(value, 'utf8')]));
}

/** Bit 0 first; the octet before says how many bits of the last one are unused. */
export function bits(count: number, set: (bit: number) => boolean): Buffer {
  const bytes = Buffer.alloc(1 + Math.ceil(count / 8));
  bytes[0] = (8 - (count % 8)) % 8;
  for (let bit = 0; bit < count; bit += 1) {
    if (set(bit)) bytes[1 + (bit >> 3)] = (bytes[1 + (bit >> 3)] ?? 0) | (0x80 >> (bit & 7));
  }
  return application(APPLICATION.bits, bytes);
}

/** A tag as it stands in a message. */
export interface Tag {
  readonly number: number;
  readonly kind: 'application' | 'context' | 'opening' | 'closing';
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly next: number;
}

/** Reads the tag at an offset; undefined when there is none, it is cut off or its form is not allowed. */
export function readTag(bytes: Buffer, offset: number): Tag | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  let at = offset + 1;
  let number = first >> 4;
  if (number === 15) {
    const extended = bytes[at];
    if (extended === undefined || extended === 255) return undefined;
    number = extended;
    at += 1;
  }
  const isContext = (first & 8) !== 0;
  const low = first & 7;
  const empty = bytes.subarray(at, at);
  if (isContext && low === 6) return { number, kind: 'opening', content: empty, next: at };
  if (isContext && low === 7) return { number, kind: 'closing', content: empty, next: at };
  if (low > 5) return undefined;
  let length = low;
  if (!isContext && number === APPLICATION.boolean) length = 0;
  else if (low === 5) {
    const size = bytes[at];
    if (size === undefined) return undefined;
    at += 1;
    if (size < 254) length = size;
    else {
      const width = size === 254 ? 2 : 4;
      if (at + width > bytes.length) return undefined;
      length = bytes.readUIntBE(at, width);
      at += width;
    }
  }
  if (at + length > bytes.length) return undefined;
  const content = bytes.subarray(at, at + length);
  return { number, kind: isContext ? 'context' : 'application', content, next: at + length };
}

/** A number of 1 to 4 octets; undefined for another length. */
export function numberOf(content: Buffer): number | undefined {
  return content.length < 1 || content.length > 4 ? undefined : content.readUIntBE(0, content.length);
}

/** An object identifier; undefined unless it has four octets. */
export function objectIdOf(content: Buffer): ObjectId | undefined {
  if (content.length !== 4) return undefined;
  const value = content.readUInt32BE();
  return { type: value >>> INSTANCE_BITS, instance: value & INSTANCE_MASK };
}

/** A character string in UTF-8; undefined in another character set. */
export function textOf(content: Buffer): string | undefined {
  return content[0] === UTF8 ? content.subarray(1).toString('utf8') : undefined;
}
