import { type Apdu, readApdu } from './codec/apdu.ts';
import { readDatagram } from './network/bvlc.ts';
import { readNpdu } from './network/npdu.ts';
import type { BacnetAddress, BacnetPeer } from './types.ts';

/** What one datagram from the network is to this client. */
export type Incoming =
  | {
      readonly kind: 'message';
      /** The originator: the device itself, also when a BBMD or a router passed the message on. */
      readonly address: BacnetAddress;
      /** The BBMD that forwarded it. */
      readonly via?: BacnetPeer;
      readonly cast: 'unicast' | 'broadcast';
      readonly apdu: Exclude<Apdu, { kind: 'other' }>;
    }
  | { readonly kind: 'result'; readonly code: number }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly because: string };

/** Reads a datagram down to its APDU. Never throws, whatever the bytes are. */
export function readIncoming(bytes: Uint8Array, from: BacnetPeer): Incoming {
  const datagram = readDatagram(bytes);
  if (typeof datagram === 'string') return { kind: 'malformed', because: datagram };
  if (datagram.kind !== 'npdu') return datagram;
  const npdu = readNpdu(datagram.npdu);
  if (typeof npdu === 'string') return { kind: 'malformed', because: npdu };
  if (npdu.apdu === undefined) return { kind: 'other' };
  const apdu = readApdu(npdu.apdu);
  if (typeof apdu === 'string') return { kind: 'malformed', because: apdu };
  if (apdu.kind === 'other') return apdu;
  const peer = datagram.origin ?? from;
  return {
    kind: 'message',
    address: npdu.source === undefined ? peer : { ...peer, routed: npdu.source },
    ...(datagram.origin === undefined ? {} : { via: from }),
    cast: datagram.cast,
    apdu,
  };
}

/** The same for the same device, and for no other. */
export function addressKey({ host, port, routed }: BacnetAddress): string {
  return routed === undefined ? `${host}:${port}` : `${host}:${port}/${routed.network}:${routed.mac.toLowerCase()}`;
}
