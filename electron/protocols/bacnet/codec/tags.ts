/**
 * One tag as it lies in `bytes`: its number, its class, and where its content is. Opening and closing tags have no content; the content of an
 * application boolean is its `lvt`. Source: ANSI/ASHRAE 135, clause 20.2.1.
 */
export interface Tag {
  readonly number: number;
  readonly form: 'application' | 'context' | 'opening' | 'closing';
  /** Length, value or type as it stands in the first byte; the value of an application boolean. */
  readonly lvt: number;
  /** Content from `start` to `end` (not included); `end` is also where the next tag starts. */
  readonly start: number;
  readonly end: number;
}

const BOOLEAN = 1;
/** Nothing in BACnet is nested deeper than a few levels; a limit costs nothing. */
const DEEPEST = 32;

/** The tag at `at`, entirely within `bytes` and before `limit`; undefined where there is none. Never throws. */
export function readTag(bytes: Uint8Array, at: number, limit = bytes.length): Tag | undefined {
  const first = bytes[at];
  if (first === undefined || at >= limit) return undefined;
  let next = at + 1;
  let number = first >> 4;
  if (number === 15) {
    number = bytes[next] ?? 255;
    next += 1;
    if (number === 255) return undefined;
  }
  const context = (first & 0x08) !== 0;
  const lvt = first & 0x07;
  if (lvt >= 6) {
    if (!context || next > limit) return undefined;
    return { number, form: lvt === 6 ? 'opening' : 'closing', lvt, start: next, end: next };
  }
  let length = lvt;
  if (!context && number === BOOLEAN) length = 0;
  else if (lvt === 5) {
    length = bytes[next] ?? 0;
    next += 1;
    if (length >= 254) {
      const size = length === 254 ? 2 : 4;
      if (next + size > limit) return undefined;
      length = unsignedAt(bytes, next, next + size);
      next += size;
    }
  }
  const end = next + length;
  return end > limit ? undefined : { number, form: context ? 'context' : 'application', lvt, start: next, end };
}

/** The context tag `number` at `at` with content; undefined where something else is. */
export function readContext(bytes: Uint8Array, at: number, number: number): Tag | undefined {
  const tag = readTag(bytes, at);
  return tag?.form === 'context' && tag.number === number ? tag : undefined;
}

/** Whether an opening or closing tag `number` is at `at`; such tags are one byte long (numbers 0..14). */
export function isBracket(bytes: Uint8Array, at: number, form: 'opening' | 'closing', number: number): boolean {
  return bytes[at] === ((number << 4) | (form === 'opening' ? 0x0e : 0x0f));
}

/** Where the closing tag is that belongs to the opening tag at `at`: everything between is whole tags. Undefined where there is none. */
export function closingOf(bytes: Uint8Array, at: number): Tag | undefined {
  const open: number[] = [];
  let next = at;
  while (open.length <= DEEPEST) {
    const tag = readTag(bytes, next);
    if (tag === undefined) return undefined;
    if (tag.form === 'opening') open.push(tag.number);
    if (tag.form === 'closing' && open.pop() !== tag.number) return undefined;
    if (open.length === 0) return tag.form === 'closing' ? tag : undefined;
    next = tag.end;
  }
  return undefined;
}

/** Big-endian, exact up to 6 bytes. */
export function unsignedAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

/** The unsigned or enumerated content of a tag of 1..4 bytes; undefined with any other length. */
export function smallUnsigned(bytes: Uint8Array, tag: Tag | undefined): number | undefined {
  if (tag === undefined || tag.end - tag.start < 1 || tag.end - tag.start > 4) return undefined;
  return unsignedAt(bytes, tag.start, tag.end);
}
