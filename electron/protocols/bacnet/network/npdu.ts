import { unsignedAt } from '../codec/tags.ts';
import type { BacnetAddress } from '../types.ts';

type Routed = NonNullable<BacnetAddress['routed']>;

const VERSION = 1;
const NETWORK_MESSAGE = 0x80;
const RESERVED = 0x50;
const DESTINATION = 0x20;
const SOURCE = 0x08;
const EXPECTS_REPLY = 0x04;
const EVERY_NETWORK = 0xffff;
const MOST_HOPS = 0xff;
/** 18 bytes are an IPv6 address with a port, more than any address that a router announces today. */
const LONGEST_MAC = 18;

/** Whom the APDU came from, and the APDU; undefined where it is a message between routers. */
export interface Npdu {
  readonly source?: Routed;
  readonly apdu: Uint8Array | undefined;
}

/** Where an NPDU goes: to the peer itself, to a device behind it, or to everybody on every network. */
export type Destination = Routed | 'everywhere' | undefined;

/** Puts the network header before an APDU. Source: ANSI/ASHRAE 135, clause 6.2. */
export function writeNpdu(apdu: Uint8Array, destination: Destination, expectsReply: boolean): Uint8Array {
  const control = (destination === undefined ? 0 : DESTINATION) | (expectsReply ? EXPECTS_REPLY : 0);
  const head: number[] = [VERSION, control];
  if (destination === 'everywhere') head.push(EVERY_NETWORK >> 8, EVERY_NETWORK & 0xff, 0, MOST_HOPS);
  else if (destination !== undefined) {
    const mac = Buffer.from(destination.mac, 'hex');
    head.push(destination.network >> 8, destination.network & 0xff, mac.length, ...mac, MOST_HOPS);
  }
  const whole = new Uint8Array(head.length + apdu.length);
  whole.set(head);
  whole.set(apdu, head.length);
  return whole;
}

/** Takes an NPDU apart, or says what is wrong with it. */
export function readNpdu(bytes: Uint8Array): Npdu | string {
  const control = bytes[1];
  if (bytes[0] !== VERSION || control === undefined) return 'the network header is not of version 1';
  if ((control & RESERVED) !== 0) return 'reserved bits of the network header are set';
  let at = 2;
  if ((control & DESTINATION) !== 0) at += 3 + (bytes[at + 2] ?? 0);
  let source: Routed | undefined;
  if ((control & SOURCE) !== 0) {
    const length = bytes[at + 2];
    const network = unsignedAt(bytes, at, at + 2);
    if (length === undefined || length === 0 || length > LONGEST_MAC) return 'the source address has a wrong length';
    if (network === 0 || network === EVERY_NETWORK) return `${network} is no network to come from`;
    if (at + 3 + length > bytes.length) return 'the source address is cut off';
    source = { network, mac: Buffer.from(bytes.subarray(at + 3, at + 3 + length)).toString('hex') };
    at += 3 + length;
  }
  if ((control & DESTINATION) !== 0) at += 1;
  if (at >= bytes.length) return 'nothing follows the network header';
  const apdu = (control & NETWORK_MESSAGE) !== 0 ? undefined : bytes.subarray(at);
  return source === undefined ? { apdu } : { source, apdu };
}
