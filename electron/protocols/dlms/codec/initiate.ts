/** Bits of the conformance block, counted from the last bit, Green Book 9.4.6.1. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'action',
  1: 'event-notification',
  2: 'selective-access',
  3: 'set',
  4: 'get',
  6: 'access',
  7: 'data-notification',
  9: 'multiple-references',
  10: 'block-transfer-with-action',
  11: 'block-transfer-with-set',
  12: 'block-transfer-with-get',
  13: 'attribute0-supported-with-get',
  14: 'priority-management',
  15: 'attribute0-supported-with-set',
  17: 'delta-value-encoding',
  21: 'general-block-transfer',
  22: 'general-protection',
};

/** The services this client checks for. */
export const CONFORMANCE = { selectiveAccess: 1 << 2, set: 1 << 3, get: 1 << 4, attribute0: 1 << 13 } as const;

/** What this client proposes, and all it needs: get, set, selective access, get with blocks, attribute 0 with get. */
export const PROPOSED_CONFORMANCE = 0x00301c;

const DLMS_VERSION = 6;
/** The smallest APDU size that an answer may name and still be usable; 0 is "no limit". */
const SMALLEST_PDU = 12;

/** What an InitiateResponse says. */
export interface Initiated {
  readonly dlmsVersion: number;
  readonly conformance: number;
  readonly maxPdu: number;
}

/** The services in a conformance block by name; bits without a name as `bit-<n>`. */
export function serviceNames(conformance: number): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 24; bit += 1) if (((conformance >> bit) & 1) === 1) names.push(NAMES[bit] ?? `bit-${bit}`);
  return names;
}

/** An InitiateRequest without ciphering and quality of service, Green Book 11.2. */
export function encodeInitiateRequest(conformance: number, maxPdu: number): Uint8Array {
  return Uint8Array.of(
    ...[0x01, 0x00, 0x00, 0x00, DLMS_VERSION, 0x5f, 0x1f, 0x04, 0x00],
    ...[(conformance >> 16) & 0xff, (conformance >> 8) & 0xff, conformance & 0xff, maxPdu >> 8, maxPdu & 0xff],
  );
}

/** Reads an InitiateResponse; a text is why it is not one. */
export function decodeInitiateResponse(bytes: Uint8Array): Initiated | string {
  if (bytes[0] !== 0x08) return 'the answer carries no InitiateResponse';
  // The optional quality of service: 0, or 1 and its value.
  const at = bytes[1] === 0 ? 2 : 3;
  if (bytes.length !== at + 12) return 'the InitiateResponse has a wrong length';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(at + 1) !== 0x5f1f0400) return 'the InitiateResponse has no conformance block';
  const maxPdu = view.getUint16(at + 8);
  if (maxPdu !== 0 && maxPdu < SMALLEST_PDU) return `the meter takes APDUs of ${maxPdu} bytes only`;
  return { dlmsVersion: view.getUint8(at), conformance: view.getUint32(at + 4) & 0xffffff, maxPdu };
}
