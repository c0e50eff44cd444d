/**
 * Reads big-endian values from hostile bytes. A read past the end gives 0 or nothing and makes the cursor bad for good, so that a parser checks
 * once, at its end.
 */
export interface Cursor {
  u8(): number;
  i8(): number;
  u16(): number;
  u32(): number;
  bytes(count: number): Buffer;
  /** Everything that is left. */
  rest(): Buffer;
  /** Bytes that are left. */
  readonly left: number;
  /** False after a read past the end or {@link Cursor.spoil}. */
  readonly sound: boolean;
  /** Marks the bytes as not understood. */
  spoil(): void;
}

export function createCursor(source: Buffer): Cursor {
  let at = 0;
  let sound = true;

  function move(count: number): number | undefined {
    if (!sound || source.length - at < count) {
      sound = false;
      return undefined;
    }
    at += count;
    return at - count;
  }

  const read = (size: number, from: (offset: number) => number): number => {
    const offset = move(size);
    return offset === undefined ? 0 : from(offset);
  };

  return {
    u8: () => read(1, (offset) => source.readUInt8(offset)),
    i8: () => read(1, (offset) => source.readInt8(offset)),
    u16: () => read(2, (offset) => source.readUInt16BE(offset)),
    u32: () => read(4, (offset) => source.readUInt32BE(offset)),
    bytes(count) {
      const offset = move(count);
      return offset === undefined ? Buffer.alloc(0) : source.subarray(offset, offset + count);
    },
    rest() {
      const rest = source.subarray(at);
      at = source.length;
      return rest;
    },
    get left() {
      return sound ? source.length - at : 0;
    },
    get sound() {
      return sound;
    },
    spoil() {
      sound = false;
    },
  };
}
