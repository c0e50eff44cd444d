import type { Duplex } from 'node:stream';
import type { PduHandler } from './pdu.ts';
import { answerUnit } from './unit.ts';

/** Address, function code, at most 252 bytes of data, CRC. Source: Modbus over Serial Line 1.02, 2.5.1. */
const MAX_FRAME = 256;
const MIN_FRAME = 4;
const DEFAULT_SILENCE_MS = 500;

export interface RtuOptions {
  /**
   * After this long without a byte an unfinished or broken frame is thrown away. On a line it stands for the 3.5 characters between frames;
   * over TCP pieces of a frame may come late, hence the default of 500 ms.
   */
  readonly silenceMs?: number;
}

/**
 * Serves Modbus RTU (Modbus over Serial Line 1.02, 2.5.1) on any stream: a TCP connection, a serial port, a pseudo terminal. A frame ends
 * where its checksum fits; frames with a wrong checksum are not answered.
 */
export function serveRtu(stream: Duplex, handle: PduHandler, options: RtuOptions = {}): void {
  const silenceMs = options.silenceMs ?? DEFAULT_SILENCE_MS;
  let pending: Buffer = Buffer.alloc(0);
  let silence: NodeJS.Timeout | undefined;

  function work(): void {
    while (!stream.isPaused()) {
      const end = frameEnd(pending);
      if (end === undefined) return;
      const frame = pending.subarray(0, end);
      pending = pending.subarray(end);
      const unit = frame.readUInt8(0);
      const answer = answerUnit(handle, unit, frame.subarray(1, -2));
      if (answer !== undefined && !stream.write(withCrc(Buffer.concat([Buffer.from([unit]), answer])))) stream.pause();
    }
  }

  stream.on('data', (chunk: Buffer) => {
    clearTimeout(silence);
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    work();
    // What is longer than a frame and has no frame at its start can only be noise.
    if (!stream.isPaused() && pending.length > MAX_FRAME) pending = Buffer.alloc(0);
    if (pending.length > 0) {
      silence = setTimeout(() => {
        pending = Buffer.alloc(0);
      }, silenceMs);
    }
  });
  stream.on('drain', () => {
    stream.resume();
    work();
  });
  stream.on('close', () => clearTimeout(silence));
}

/** CRC-16 of Modbus over Serial Line 1.02, 6.2.2: polynomial 0xA001, start 0xFFFF; sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

function withCrc(frame: Buffer): Buffer {
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(frame));
  return Buffer.concat([frame, crc]);
}

/** Length of the request at the start of the bytes; undefined while there is none. */
function frameEnd(bytes: Buffer): number | undefined {
  const known = knownLength(bytes);
  if (known !== undefined) return bytes.length >= known && crcFits(bytes, known) ? known : undefined;
  for (let end = MIN_FRAME; end <= Math.min(bytes.length, MAX_FRAME); end += 1) if (crcFits(bytes, end)) return end;
  return undefined;
}

/** Length of the requests that the meter carries out; the ends of others are found by their checksum alone. */
function knownLength(bytes: Buffer): number | undefined {
  switch (bytes[1]) {
    case 0x03:
      return 8;
    case 0x10:
      return bytes.length > 6 ? 9 + (bytes[6] ?? 0) : MAX_FRAME;
    default:
      return undefined;
  }
}

function crcFits(bytes: Buffer, end: number): boolean {
  return bytes.readUInt16LE(end - 2) === crc16(bytes.subarray(0, end - 2));
}
