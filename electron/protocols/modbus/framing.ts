import { crc16 } from './crc.ts';
import { type ModbusRequest, rtuAnswerLength } from './frames.ts';

/** How requests and answers are cut out of a stream of bytes. */
export interface Framing {
  /** Wire bytes of an RTU frame (unit, PDU, CRC), as modbus-serial hands it to its port. */
  wrap(id: number, rtu: Buffer): Buffer;
  /** Takes the next bytes of the stream; a text says why the stream cannot be trusted any more. */
  take(chunk: Buffer): string | undefined;
}

/** Gets each complete answer: its id, and unit id + PDU. The bytes are valid during the call only. */
export type OnAnswer = (id: number, body: Buffer) => void;

const MBAP_HEADER = 6;
/** Unit id, function code and one byte more: the shortest answer there is. */
const SHORTEST_BODY = 3;
/** Unit id and a PDU of 253 bytes. Modbus Messaging on TCP/IP 1.0b, 4.1. */
const LONGEST_BODY = 254;

/**
 * MBAP frames. Protocol id and length are checked as soon as the header is here: a length of 0xFFFF would otherwise stall the
 * stream until 65 kB have come.
 */
export function mbapFraming(onAnswer: OnAnswer): Framing {
  let rest: Buffer = Buffer.alloc(0);
  return {
    wrap(id, rtu) {
      const size = rtu.length - 2;
      const frame = Buffer.allocUnsafe(MBAP_HEADER + size);
      frame.writeUInt16BE(id, 0);
      frame.writeUInt16BE(0, 2);
      frame.writeUInt16BE(size, 4);
      rtu.copy(frame, MBAP_HEADER, 0, size);
      return frame;
    },
    take(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      while (bytes.length - start >= MBAP_HEADER) {
        const protocol = bytes.readUInt16BE(start + 2);
        if (protocol !== 0) return `a frame has protocol id ${protocol} instead of 0`;
        const size = bytes.readUInt16BE(start + 4);
        if (size < SHORTEST_BODY || size > LONGEST_BODY)
          return `a frame announces ${size} bytes, 3 to 254 are possible`;
        const end = start + MBAP_HEADER + size;
        if (bytes.length < end) break;
        onAnswer(bytes.readUInt16BE(start), bytes.subarray(start + MBAP_HEADER, end));
        start = end;
      }
      rest = bytes.subarray(start);
      return undefined;
    },
  };
}

/**
 * RTU frames with CRC, over a socket or a serial line. There is no id and no length on this wire, so exactly one request may be
 * outstanding (`current`), and any byte that does not belong to its answer makes the stream untrustworthy.
 */
export function rtuFraming(
  unit: number,
  current: () => { readonly id: number; readonly request: ModbusRequest } | undefined,
  onAnswer: OnAnswer,
): Framing {
  let bytes: Buffer = Buffer.alloc(0);
  return {
    wrap: (_id, rtu) => Buffer.from(rtu),
    take(chunk) {
      const waiting = current();
      if (waiting === undefined) return 'bytes came that nobody asked for';
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const length = rtuAnswerLength(waiting.request, unit, bytes);
      if (typeof length === 'string') return length;
      if (length === undefined || bytes.length < length) return undefined;
      const frame = bytes.subarray(0, length);
      const extra = bytes.length - length;
      bytes = Buffer.alloc(0);
      if (crc16(frame, length - 2) !== frame.readUInt16LE(length - 2)) return 'the CRC of the answer is wrong';
      onAnswer(waiting.id, frame.subarray(0, length - 2));
      return extra === 0 ? undefined : `${extra} bytes follow the answer`;
    },
  };
}
