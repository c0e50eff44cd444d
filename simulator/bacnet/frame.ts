/** Functions of the BACnet Virtual Link Layer. Source: ANSI/ASHRAE 135, Annex J.2. */
export const BVLC = {
  result: 0x00,
  writeBroadcastTable: 0x01,
  readBroadcastTable: 0x02,
  forwarded: 0x04,
  registerForeign: 0x05,
  readForeignTable: 0x06,
  deleteForeign: 0x07,
  distribute: 0x09,
  unicast: 0x0a,
  broadcast: 0x0b,
} as const;
const TYPE = 0x81;
const HEAD = 4;
const ORIGIN = 6;

/** IPv4 address in dotted decimal and UDP port. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** A BVLC message. */
export function bvlc(type: number, content: Buffer): Buffer {
  const length = HEAD + content.length;
  return Buffer.concat([Buffer.from([TYPE, type, length >> 8, length & 0xff]), content]);
}

/** A BVLC message taken apart; `origin` is only there for Forwarded-NPDU. */
export interface BvlcFrame {
  readonly type: number;
  readonly content: Buffer;
  readonly origin?: Peer;
}

/** Takes a BVLC message apart. Undefined when the datagram is none or its length is not the one it says. */
export function readBvlc(datagram: Buffer): BvlcFrame | undefined {
  if (datagram.length < HEAD || datagram[0] !== TYPE || datagram.readUInt16BE(2) !== datagram.length) return undefined;
  const type = datagram.readUInt8(1);
  const content = datagram.subarray(HEAD);
  if (type !== BVLC.forwarded) return { type, content };
  if (content.length < ORIGIN) return undefined;
  const origin = { address: [...content.subarray(0, 4)].join('.'), port: content.readUInt16BE(4) };
  return { type, content: content.subarray(ORIGIN), origin };
}

/** A station behind a router. */
export interface Routed {
  readonly network: number;
  readonly address: Buffer;
}

export interface Npdu {
  readonly apdu: Buffer;
  /** Where it comes from when a router passed it on. */
  readonly source?: Routed;
  /** Whether all networks were addressed. */
  readonly global: boolean;
}

const VERSION = 1;
const NETWORK_MESSAGE = 0x80;
const HAS_DESTINATION = 0x20;
const HAS_SOURCE = 0x08;
const ALL_NETWORKS = 0xffff;
const HOPS = 255;

/**
 * Takes an NPDU apart (ANSI/ASHRAE 135, 6.2). Undefined for messages that are not for an application on this network: those of the network layer,
 * for another network, of another version, or cut off.
 */
export function readNpdu(bytes: Buffer): Npdu | undefined {
  const control = bytes[1];
  if (bytes[0] !== VERSION || control === undefined || (control & NETWORK_MESSAGE) !== 0) return undefined;
  let at = 2;
  let global = false;
  if ((control & HAS_DESTINATION) !== 0) {
    if (bytes.length < at + 3 || bytes.readUInt16BE(at) !== ALL_NETWORKS) return undefined;
    global = true;
    at += 3 + bytes.readUInt8(at + 2);
  }
  let source: Routed | undefined;
  if ((control & HAS_SOURCE) !== 0) {
    if (bytes.length < at + 3) return undefined;
    const network = bytes.readUInt16BE(at);
    const length = bytes.readUInt8(at + 2);
    // A source is never a broadcast.
    if (length === 0 || network === 0 || network === ALL_NETWORKS || bytes.length < at + 3 + length) return undefined;
    source = { network, address: Buffer.from(bytes.subarray(at + 3, at + 3 + length)) };
    at += 3 + length;
  }
  if (global) at += 1; // Hop count.
  if (bytes.length <= at) return undefined;
  return { apdu: bytes.subarray(at), global, ...(source === undefined ? {} : { source }) };
}

/** An NPDU of this meter; `destination` sends it back through the router that a request came by. */
export function npdu(apdu: Buffer, destination?: Routed): Buffer {
  const control = destination === undefined ? 0 : HAS_DESTINATION;
  if (destination === undefined) return Buffer.concat([Buffer.from([VERSION, control]), apdu]);
  const { network, address } = destination;
  const head = Buffer.from([VERSION, control, network >> 8, network & 0xff, address.length]);
  return Buffer.concat([head, address, Buffer.from([HOPS]), apdu]);
}
