/** The types of values in the register map, as the workbook spells them. */
export const VALUE_TYPES = ['UINT16', 'UINT32', 'INT64', 'FLOAT32', 'UTF8', 'DATETIME'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** A value before it becomes words: text for UTF8, milliseconds since 1970 for DATETIME, null for "not available". */
export type MeterValue = number | bigint | string | null;

/** What an unmapped register reads as. Source: PM8000 Modbus implementation page. */
export const UNMAPPED = 0x8000;

/**
 * Big-endian bytes of a value, high word first, `count` registers long. Not available is UINT16 0xFFFF, UINT32 0xFFFFFFFF,
 * INT64 0x8000000000000000, FLOAT32 0xFFC00000 (source: PM8000 Modbus implementation page); an empty text; for DATETIME the
 * invalid flag. Text that is too long is cut between characters.
 */
export function encodeValue(type: ValueType, count: number, value: MeterValue): Buffer {
  const bytes = Buffer.alloc(count * 2);
  switch (type) {
    case 'UINT16':
      bytes.writeUInt16BE(value === null ? 0xffff : Number(value) & 0xffff);
      break;
    case 'UINT32':
      bytes.writeUInt32BE(value === null ? 0xffff_ffff : Number(value) >>> 0);
      break;
    case 'INT64':
      bytes.writeBigInt64BE(value === null ? -0x8000_0000_0000_0000n : BigInt(value));
      break;
    case 'FLOAT32':
      if (value === null) bytes.writeUInt32BE(0xffc0_0000);
      else bytes.writeFloatBE(Number(value));
      break;
    case 'UTF8':
      fitText(String(value ?? ''), bytes.length).copy(bytes);
      break;
    case 'DATETIME':
      writeDateTime(bytes, value === null ? null : Number(value));
      break;
  }
  return bytes;
}

/** UTF-8 of as many whole characters as fit into `room` bytes. */
function fitText(text: string, room: number): Buffer {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > room) break;
    kept += character;
  }
  return Buffer.from(kept, 'utf8');
}

/**
 * Four words: year - 2000 | month, weekday (1 = Sunday), day | hour, minute | milliseconds of the minute. Source: iEM3200
 * user manual, DATETIME.
 */
function writeDateTime(bytes: Buffer, at: number | null): void {
  if (at === null) {
    bytes.writeUInt16BE(0x0080, 4);
    return;
  }
  const time = new Date(at);
  bytes.writeUInt16BE((time.getUTCFullYear() - 2000) & 0x7f, 0);
  bytes.writeUInt16BE(((time.getUTCMonth() + 1) << 8) | ((time.getUTCDay() + 1) << 5) | time.getUTCDate(), 2);
  bytes.writeUInt16BE((time.getUTCHours() << 8) | time.getUTCMinutes(), 4);
  bytes.writeUInt16BE(time.getUTCSeconds() * 1000 + time.getUTCMilliseconds(), 6);
}

/** Reads a DATETIME back to milliseconds since 1970; undefined when a field is out of range or the invalid flag is set. The weekday is ignored. */
export function decodeDateTime(words: readonly number[]): number | undefined {
  const [year = 0, date = 0, clock = 0, milliseconds = 0] = words;
  const month = (date >> 8) & 0x0f;
  const day = date & 0x1f;
  const hour = (clock >> 8) & 0x1f;
  const minute = clock & 0x3f;
  if ((clock & 0x80) !== 0 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59) return undefined;
  if (milliseconds > 59_999) return undefined;
  const at = Date.UTC(2000 + (year & 0x7f), month - 1, day, hour, minute, 0, milliseconds);
  return new Date(at).getUTCDate() === day ? at : undefined;
}
