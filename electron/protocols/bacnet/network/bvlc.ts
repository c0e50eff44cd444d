import { unsignedAt } from '../codec/tags.ts';
import type { BacnetPeer } from '../types.ts';

/** Functions of the BACnet virtual link layer that a reader of meters has to do with. Source: ANSI/ASHRAE 135, Annex J.2. */
export const BVLC = {
  result: 0x00,
  forwarded: 0x04,
  register: 0x05,
  deleteEntry: 0x08,
  distribute: 0x09,
  unicast: 0x0a,
  broadcast: 0x0b,
} as const;

const BACNET_IP = 0x81;
const HEADER = 4;
/** BVLC header with an origin, NPDU with both addresses, largest APDU: nothing valid on BACnet/IP is longer. */
const LONGEST = 1600;
/** The highest function that Annex J names, Secure-BVLL. */
const HIGHEST = 0x0c;

/** One datagram: an NPDU, the answer of a BBMD, or something of Annex J that is not for us. */
export type Datagram =
  | {
      readonly kind: 'npdu';
      readonly cast: 'unicast' | 'broadcast';
      readonly origin?: BacnetPeer;
      readonly npdu: Uint8Array;
    }
  | { readonly kind: 'result'; readonly code: number }
  | { readonly kind: 'other' };

/** Puts the header before `payload` (an NPDU, or what the function asks for). */
export function frame(bvlcFunction: number, payload: Uint8Array): Uint8Array {
  const length = HEADER + payload.length;
  const whole = new Uint8Array(length);
  whole.set([BACNET_IP, bvlcFunction, length >> 8, length & 0xff]);
  whole.set(payload, HEADER);
  return whole;
}

/**
 * Takes a datagram apart, or says what is wrong with it. Bytes behind the length that the header states are padding and are left out. The origin of a
 * Forwarded-NPDU is the six bytes that the BBMD put in.
 */
export function readDatagram(bytes: Uint8Array): Datagram | string {
  if (bytes.length < HEADER) return `${bytes.length} bytes are no BACnet/IP message`;
  if (bytes.length > LONGEST) return `${bytes.length} bytes are too long for BACnet/IP`;
  if (bytes[0] !== BACNET_IP) return 'the first byte is not 0x81';
  const length = unsignedAt(bytes, 2, HEADER);
  if (length < HEADER || length > bytes.length) return `the header states ${length} bytes, ${bytes.length} came`;
  const payload = bytes.subarray(HEADER, length);
  switch (bytes[1]) {
    case BVLC.unicast:
      return { kind: 'npdu', cast: 'unicast', npdu: payload };
    case BVLC.broadcast:
      return { kind: 'npdu', cast: 'broadcast', npdu: payload };
    case BVLC.forwarded: {
      if (payload.length < 6) return 'a forwarded message without its origin';
      const port = unsignedAt(payload, 4, 6);
      if (port === 0) return 'a forwarded message from port 0';
      const origin = { host: payload.subarray(0, 4).join('.'), port };
      return { kind: 'npdu', cast: 'broadcast', origin, npdu: payload.subarray(6) };
    }
    case BVLC.result:
      return payload.length === 2
        ? { kind: 'result', code: unsignedAt(payload, 0, 2) }
        : 'a BVLC-Result of the wrong length';
    default:
      return (bytes[1] ?? 0xff) <= HIGHEST ? { kind: 'other' } : `BVLC function ${bytes[1]} does not exist`;
  }
}

/** The six bytes of an IPv4 address and port, as in Annex J.1.2. */
export function peerBytes(host: string, port: number): Uint8Array {
  return Uint8Array.from([...host.split('.').map(Number), port >> 8, port & 0xff]);
}
