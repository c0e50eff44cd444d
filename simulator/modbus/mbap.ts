import type { Duplex } from 'node:stream';
import type { PduHandler } from './pdu.ts';
import { answerUnit } from './unit.ts';

const HEADER_SIZE = 7;
/** Unit and PDU: one byte and 1..253 bytes. */
const MIN_LENGTH = 2;
const MAX_LENGTH = 254;

/**
 * Serves Modbus TCP (Modbus Messaging on TCP/IP 1.0b, 3.1.3) on a stream: requests may come in pieces or several at once and are
 * answered in their order. A wrong protocol id or a length that cannot be closes the stream: the boundaries of the frames are lost.
 */
export function serveMbap(stream: Duplex, handle: PduHandler): void {
  let pending: Buffer = Buffer.alloc(0);

  /** False when the stream has to be closed. */
  function work(): boolean {
    while (pending.length >= HEADER_SIZE - 1 && !stream.isPaused()) {
      const protocol = pending.readUInt16BE(2);
      const length = pending.readUInt16BE(4);
      if (protocol !== 0 || length < MIN_LENGTH || length > MAX_LENGTH) return false;
      const end = HEADER_SIZE - 1 + length;
      if (pending.length < end) return true;
      const frame = pending.subarray(0, end);
      pending = pending.subarray(end);
      const answer = answerUnit(handle, frame.readUInt8(6), frame.subarray(HEADER_SIZE));
      if (answer === undefined) continue;
      const head = Buffer.from(frame.subarray(0, HEADER_SIZE));
      head.writeUInt16BE(answer.length + 1, 4);
      // A client that sends without reading has to wait.
      if (!stream.write(Buffer.concat([head, answer]))) stream.pause();
    }
    return true;
  }

  stream.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (!work()) stream.destroy();
  });
  stream.on('drain', () => {
    stream.resume();
    if (!work()) stream.destroy();
  });
}
