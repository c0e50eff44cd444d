const FLAG = 0x7e;
const FORMAT = 0xa0;
const SEGMENTED = 0x08;
/** The length has 11 bits and counts everything between the flags. */
const LARGEST = 0x7ff;
const TABLE = makeTable();

/** What a frame is for: addresses as on the wire. Without information `info` is empty. */
export interface HdlcFrame {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly control: number;
  readonly info: Uint8Array;
  readonly segmented: boolean;
}

/** CRC-16/X.25 (polynomial 0x8408 reflected, start and final XOR 0xFFFF) of the bytes from `from` to before `to`; on the wire low byte first. ISO/IEC 13239, 4.2.5.2. */
export function crcX25(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffff;
  for (let at = from; at < to; at += 1) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return crc ^ 0xffff;
}

/** A client address, 1..127, in one byte. */
export function clientAddress(sap: number): Uint8Array {
  return Uint8Array.of((sap << 1) | 1);
}

/** A server address of 4 bytes, two of 14 bits: the logical device and the physical one. IEC 62056-46, 6.4.2.2. */
export function serverAddress(logical: number, physical: number): Uint8Array {
  return Uint8Array.of(
    (logical >> 6) & 0xfe,
    (logical << 1) & 0xfe,
    (physical >> 6) & 0xfe,
    ((physical << 1) & 0xfe) | 1,
  );
}

/** A frame of format type 3 with its flags and checks. There is no byte stuffing: the length says where a frame ends. */
export function encodeFrame(frame: Omit<HdlcFrame, 'segmented'>): Uint8Array {
  const { destination, source, control, info } = frame;
  const head = 2 + destination.length + source.length + 1 + 2;
  const length = head + (info.length === 0 ? 0 : info.length + 2);
  if (length > LARGEST) throw new RangeError(`a frame of ${length} bytes does not fit`);
  const bytes = new Uint8Array(length + 2);
  bytes[0] = FLAG;
  bytes[1] = FORMAT | (length >> 8);
  bytes[2] = length & 0xff;
  bytes.set(destination, 3);
  bytes.set(source, 3 + destination.length);
  bytes[head - 2] = control;
  putCheck(bytes, head - 1);
  if (info.length > 0) {
    bytes.set(info, head + 1);
    putCheck(bytes, length - 1);
  }
  bytes[length + 1] = FLAG;
  return bytes;
}

/** Cuts a stream of bytes into frames. Whatever is not a frame with right checks is skipped and counted. */
export interface Deframer {
  take(chunk: Uint8Array): readonly HdlcFrame[];
  readonly skipped: { readonly frames: number; readonly bytes: number };
}

/** Keeps at most one frame, about 2 KiB. */
export function createDeframer(): Deframer {
  let held: Uint8Array = new Uint8Array(0);
  const skipped = { frames: 0, bytes: 0 };

  /** The number of bytes that are done with at `at`, and the frame in them; 0 is "wait for more". */
  function next(bytes: Uint8Array, at: number): { readonly used: number; readonly frame?: HdlcFrame } {
    if (bytes[at] !== FLAG) {
      skipped.bytes += 1;
      return { used: 1 };
    }
    const left = bytes.length - at;
    if (left < 3) return { used: left > 1 && bytes[at + 1] === FLAG ? 1 : 0 };
    const format = bytes[at + 1] ?? 0;
    // Flags in a row fill the time between frames.
    if (format === FLAG) return { used: 1 };
    const length = ((format & 0x07) << 8) | (bytes[at + 2] ?? 0);
    if ((format & 0xf0) !== FORMAT || length < 7) return bad();
    if (left < length + 2) return { used: 0 };
    const frame = bytes[at + length + 1] === FLAG ? parse(bytes.subarray(at, at + length + 2)) : undefined;
    // The closing flag may also open the next frame.
    return frame === undefined ? bad() : { used: length + 1, frame };
  }

  function bad(): { readonly used: number } {
    skipped.frames += 1;
    return { used: 1 };
  }

  return {
    skipped,
    take(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const frames: HdlcFrame[] = [];
      let at = 0;
      while (at < bytes.length) {
        const { used, frame } = next(bytes, at);
        if (frame !== undefined) frames.push(frame);
        if (used === 0) break;
        at += used;
      }
      held = bytes.slice(at);
      return frames;
    },
  };
}

/** `bytes` start and end with a flag. */
function parse(bytes: Uint8Array): HdlcFrame | undefined {
  const end = bytes.length - 1;
  const destinationEnd = addressEnd(bytes, 3);
  const sourceEnd = addressEnd(bytes, destinationEnd);
  const head = sourceEnd + 3;
  if (head > end || !checked(bytes, sourceEnd + 1)) return undefined;
  if (head !== end && (head + 3 > end || !checked(bytes, end - 2))) return undefined;
  return {
    destination: bytes.slice(3, destinationEnd),
    source: bytes.slice(destinationEnd, sourceEnd),
    control: bytes[sourceEnd] ?? 0,
    info: head === end ? new Uint8Array(0) : bytes.slice(head, end - 2),
    segmented: ((bytes[1] ?? 0) & SEGMENTED) !== 0,
  };
}

/** Addresses end with a byte whose lowest bit is set and have at most 4 bytes. */
function addressEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < from + 4; at += 1) if (((bytes[at] ?? 1) & 1) === 1) return at + 1;
  return bytes.length;
}

/** Whether the two bytes at `at` are the check of everything behind the first flag. */
function checked(bytes: Uint8Array, at: number): boolean {
  return crcX25(bytes, 1, at) === ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
}

function putCheck(bytes: Uint8Array, at: number): void {
  const crc = crcX25(bytes, 1, at);
  bytes[at] = crc & 0xff;
  bytes[at + 1] = crc >> 8;
}

function makeTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let value = 0; value < 256; value += 1) {
    let crc = value;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
    table[value] = crc;
  }
  return table;
}
