/** Start and end of a frame. Source: ISO/IEC 13239, frame format type 3. */
export const FLAG = 0x7e;
const FORMAT_3 = 0xa;
const SEGMENTED = 0x08;
const LENGTH_MASK = 0x7ff;
/** Longer frames are taken for noise: waiting for their end would keep a good one from being seen. */
const LONGEST = 256;

/** A frame with a correct check sequence. Addresses as they stand in the frame. */
export interface HdlcFrame {
  readonly destination: Buffer;
  readonly source: Buffer;
  readonly control: number;
  readonly information: Buffer;
  readonly segmented: boolean;
}

/** FCS-16 of ISO/IEC 13239 (CRC-16/X-25): polynomial 0x8408, start and final xor 0xFFFF; sent low byte first. */
export function fcs16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc ^ 0xffff;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** A frame with its flags and check sequences. */
export function hdlcFrame(destination: Buffer, source: Buffer, control: number, information: Buffer = NOTHING): Buffer {
  const hasInformation = information.length > 0;
  // Format, addresses, control, [HCS, information,] FCS
  const length = 2 + destination.length + source.length + 1 + (hasInformation ? 2 + information.length : 0) + 2;
  const format = Buffer.from([(FORMAT_3 << 4) | (length >> 8), length & 0xff]);
  const head = Buffer.concat([format, destination, source, Buffer.from([control])]);
  const body = hasInformation ? Buffer.concat([head, sequence(head), information]) : head;
  return Buffer.concat([Buffer.from([FLAG]), body, sequence(body), Buffer.from([FLAG])]);
}

function sequence(bytes: Buffer): Buffer {
  const fcs = fcs16(bytes);
  return Buffer.from([fcs & 0xff, fcs >> 8]);
}

/**
 * Finds frames in a stream. Damaged ones are dropped without a word, as the standard asks: the client repeats them. Never keeps more than one frame
 * of the greatest length.
 */
export function createFrameFinder(): { find(chunk: Buffer): readonly HdlcFrame[] } {
  let pending: Buffer = Buffer.alloc(0);

  /** One frame off the start of what is pending; undefined while bytes are missing, `noise` when a byte was dropped. */
  function step(): HdlcFrame | 'noise' | undefined {
    const start = pending.indexOf(FLAG);
    pending = start < 0 ? Buffer.alloc(0) : pending.subarray(start);
    // The flag that ends one frame may start the next.
    while (pending.length > 1 && pending[1] === FLAG) pending = pending.subarray(1);
    if (pending.length < 3) return undefined;
    const format = pending.readUInt16BE(1);
    const length = format & LENGTH_MASK;
    const possible = format >> 12 === FORMAT_3 && length >= 7 && length <= LONGEST;
    if (possible && pending.length < length + 2) return undefined;
    const frame = possible && pending[length + 1] === FLAG ? parse(pending.subarray(1, length + 1)) : undefined;
    pending = pending.subarray(frame === undefined ? 1 : length + 1);
    return frame ?? 'noise';
  }

  return {
    find(chunk) {
      pending = Buffer.concat([pending, chunk]);
      const frames: HdlcFrame[] = [];
      for (let found = step(); found !== undefined; found = step()) if (found !== 'noise') frames.push(found);
      return frames;
    },
  };
}

/** Reads what stands between the flags; undefined when a check sequence is wrong. */
function parse(bytes: Buffer): HdlcFrame | undefined {
  const end = bytes.length - 2;
  if (bytes.readUInt16LE(end) !== fcs16(bytes.subarray(0, end))) return undefined;
  const destination = address(bytes, 2);
  const source = address(bytes, 2 + destination.length);
  const head = 2 + destination.length + source.length + 1;
  if (destination.length === 0 || source.length === 0 || head > end) return undefined;
  const hasInformation = end > head;
  if (hasInformation && (end < head + 2 || bytes.readUInt16LE(head) !== fcs16(bytes.subarray(0, head))))
    return undefined;
  return {
    destination,
    source,
    control: bytes.readUInt8(head - 1),
    information: hasInformation ? bytes.subarray(head + 2, end) : Buffer.alloc(0),
    segmented: (bytes.readUInt8(0) & SEGMENTED) !== 0,
  };
}

/** An address of 1, 2 or 4 bytes: the last one has its lowest bit set. */
function address(bytes: Buffer, at: number): Buffer {
  for (const size of [1, 2, 4]) {
    if (((bytes[at + size - 1] ?? 0) & 1) === 1) return bytes.subarray(at, at + size);
  }
  return Buffer.alloc(0);
}
