import { createCursor } from './cursor.ts';
import { createFrameFinder, FLAG, type HdlcFrame, hdlcFrame } from './hdlc-frame.ts';
import type { Link, LinkParts } from './link.ts';

export const HDLC_FLAG = FLAG;
/** Longest information field in either direction. Source: technical note 7EN22-0123 "DLMS/COSEM and ION technology". */
const MAX_INFORMATION = 128;
const LLC_REQUEST = Buffer.from('e6e600', 'hex');
const LLC_RESPONSE = Buffer.from('e6e700', 'hex');
/** A client that takes less could not be told that it is associated. */
const LEAST_INFORMATION = 64;
/** Units of the meter over Ethernet, as with Modbus. */
const UNITS: readonly number[] = [255, 1];
const MANAGEMENT_DEVICE = 1;

/** Control bytes without the poll/final bit. */
const CONTROL = { snrm: 0x83, disc: 0x43, ua: 0x63, dm: 0x0f, frmr: 0x87, rr: 0x01, ui: 0x03 } as const;
const FINAL = 0x10;
/** Third byte of a frame reject. */
const REJECTED = { control: 0x01, tooLong: 0x04 } as const;

interface Connection {
  /** Next frame to receive and to send, modulo 8. */
  receive: number;
  send: number;
  /** The answer that was sent last, to be repeated when it got lost. */
  last: Buffer | undefined;
  readonly limits: Limits;
}

/**
 * The HDLC link layer of the meter: unbalanced, normal response mode, window 1, no segmentation; device addresses of four bytes. Frames for other
 * addresses and UI frames are not answered. One information field holds an APDU.
 */
export function createHdlcLink({ openSession, send }: LinkParts): Link {
  const finder = createFrameFinder();
  let connection: Connection | undefined;
  const session = openSession(() => (connection?.limits.transmit ?? MAX_INFORMATION) - LLC_RESPONSE.length);

  function disconnect(): void {
    connection = undefined;
    session.reset();
  }

  async function serve(frame: HdlcFrame): Promise<void> {
    const client = clientOf(frame);
    if (client === undefined) return undefined;
    const reply = (control: number, information?: Buffer): Promise<void> =>
      send(hdlcFrame(frame.source, frame.destination, control | FINAL, information));
    const kind = frame.control & ~FINAL;
    if (kind === CONTROL.ui) return undefined;
    if (kind === CONTROL.snrm) {
      const limits = negotiated(frame.information);
      disconnect();
      if (limits.transmit < LEAST_INFORMATION) return reply(CONTROL.dm);
      connection = { receive: 0, send: 0, last: undefined, limits };
      return reply(CONTROL.ua, parameters(limits));
    }
    if (kind === CONTROL.disc) {
      const control = connection === undefined ? CONTROL.dm : CONTROL.ua;
      disconnect();
      return reply(control);
    }
    if (connection === undefined) return reply(CONTROL.dm);
    if ((kind & 0x0f) === CONTROL.rr) return receiverReady(connection, frame, reply);
    if ((kind & 1) === 0) return information(connection, frame, client, reply);
    return reject(frame, connection, REJECTED.control, reply);
  }

  async function information(open: Connection, frame: HdlcFrame, client: number, reply: Reply): Promise<void> {
    if (frame.segmented) return reject(frame, open, REJECTED.control, reply);
    if (frame.information.length > open.limits.receive) return reject(frame, open, REJECTED.tooLong, reply);
    const number = (frame.control >> 1) & 7;
    // The client did not get the answer and asks again.
    if (number === ((open.receive + 7) & 7) && open.last !== undefined) return send(open.last);
    if (number !== open.receive) return reply(CONTROL.rr | (open.receive << 5));
    open.receive = (open.receive + 1) & 7;
    if (!frame.information.subarray(0, 3).equals(LLC_REQUEST)) return reply(CONTROL.rr | (open.receive << 5));
    const since = performance.now();
    const answer = await session.answer(frame.information.subarray(3), client);
    const control = (open.receive << 5) | FINAL | (open.send << 1);
    open.send = (open.send + 1) & 7;
    open.last = hdlcFrame(frame.source, frame.destination, control, Buffer.concat([LLC_RESPONSE, answer.apdu]));
    await send(open.last, answer.slow ? since : undefined);
  }

  /** Repeats the last answer when it was not acknowledged. */
  async function receiverReady(open: Connection, frame: HdlcFrame, reply: Reply): Promise<void> {
    const lost = frame.control >> 5 !== open.send && open.last !== undefined;
    return lost && open.last !== undefined ? send(open.last) : reply(CONTROL.rr | (open.receive << 5));
  }

  return {
    async take(chunk) {
      for (const frame of finder.find(chunk)) await serve(frame);
      return true;
    },
  };
}

type Reply = (control: number, information?: Buffer) => Promise<void>;

/** FRMR: the control byte, the counters of the meter and why. */
function reject(frame: HdlcFrame, open: Connection, why: number, reply: Reply): Promise<void> {
  return reply(CONTROL.frmr, Buffer.from([frame.control, (open.receive << 5) | (open.send << 1), why]));
}

/** The client behind a frame for this meter; undefined for frames to others. */
function clientOf({ destination, source }: HdlcFrame): number | undefined {
  if (destination.length !== 4 || source.length !== 1) return undefined;
  const half = (at: number): number => (destination.readUInt8(at) >> 1) * 0x80 + (destination.readUInt8(at + 1) >> 1);
  return half(0) === MANAGEMENT_DEVICE && UNITS.includes(half(2)) ? source.readUInt8(0) >> 1 : undefined;
}

/** Lengths of the information fields of a link, seen from the meter. */
interface Limits {
  readonly transmit: number;
  readonly receive: number;
}

/** What an SNRM asks for and the meter can do. Parameters: 5 transmit and 6 receive length, seen from the client; 128 when absent. */
function negotiated(information: Buffer): Limits {
  const cursor = createCursor(information);
  const limits = { transmit: MAX_INFORMATION, receive: MAX_INFORMATION };
  if (information.length === 0) return limits;
  cursor.bytes(3); // Format and group identifier, length of the group.
  while (cursor.left > 0) {
    const id = cursor.u8();
    const bytes = cursor.bytes(cursor.u8());
    const value = bytes.length > 0 && bytes.length <= 4 ? bytes.readUIntBE(0, bytes.length) : MAX_INFORMATION;
    if (id === 5) limits.receive = Math.min(MAX_INFORMATION, value);
    if (id === 6) limits.transmit = Math.min(MAX_INFORMATION, value);
  }
  return limits;
}

/** The information field of a UA: lengths of both directions and windows of 1. */
function parameters({ transmit, receive }: Limits): Buffer {
  return Buffer.from([0x81, 0x80, 18, 5, 1, transmit, 6, 1, receive, 7, 4, 0, 0, 0, 1, 8, 4, 0, 0, 0, 1]);
}
