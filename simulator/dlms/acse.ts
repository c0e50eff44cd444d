import { createCursor } from './cursor.ts';
import { lengthBytes, readLength } from './data.ts';

/** Application context "LN referencing, no ciphering": 2.16.756.5.8.1.1. Source: Green Book, 9.3. */
const LN_CONTEXT = Buffer.from('060760857405080101', 'hex');
/** Mechanism "low level security": 2.16.756.5.8.2.1. */
const LLS = Buffer.from('60857405080201', 'hex');
const DLMS_VERSION = 6;
/** Smaller PDUs are refused. Source: Green Book, InitiateRequest. */
const LEAST_PDU = 12;

/** What a client asks for with an AARQ. */
export interface AssociationRequest {
  /** False for short names or ciphering. */
  readonly lnContext: boolean;
  readonly mechanism: 'none' | 'lls' | 'other';
  readonly secret: string;
  /** Undefined when the user information is not an InitiateRequest. */
  readonly initiate: { readonly version: number; readonly conformance: number; readonly maxPdu: number } | undefined;
}

/** Diagnostic of the ACSE service user in an AARE. */
export const DIAGNOSTIC = {
  none: 0,
  noReason: 1,
  contextNotSupported: 2,
  mechanismNotRecognised: 11,
  authenticationFailure: 13,
  authenticationRequired: 14,
} as const;

/** Reads an AARQ (tag 0x60); undefined when it is not one. Elements that say nothing to this meter are skipped. */
export function parseAarq(apdu: Buffer): AssociationRequest | undefined {
  const outer = createCursor(apdu);
  outer.u8();
  if (readLength(outer) !== outer.left || !outer.sound) return undefined;
  let lnContext = false;
  let mechanism: AssociationRequest['mechanism'] = 'none';
  let secret = '';
  let initiate: AssociationRequest['initiate'];
  while (outer.left > 0) {
    const tag = outer.u8();
    const content = outer.bytes(readLength(outer));
    if (tag === 0xa1) lnContext = content.equals(LN_CONTEXT);
    else if (tag === 0x8b) mechanism = content.equals(LLS) ? 'lls' : 'other';
    else if (tag === 0xac) secret = inner(content, 0x80)?.toString('latin1') ?? '';
    else if (tag === 0xbe) initiate = parseInitiate(inner(content, 0x04) ?? Buffer.alloc(0));
  }
  return outer.sound ? { lnContext, mechanism, secret, initiate } : undefined;
}

/** The content of a BER element that fills the bytes. */
function inner(bytes: Buffer, tag: number): Buffer | undefined {
  const cursor = createCursor(bytes);
  if (cursor.u8() !== tag) return undefined;
  const length = readLength(cursor);
  return cursor.sound && length === cursor.left ? cursor.rest() : undefined;
}

function parseInitiate(bytes: Buffer): AssociationRequest['initiate'] {
  const cursor = createCursor(bytes);
  if (cursor.u8() !== 0x01) return undefined;
  // Dedicated key, response-allowed, quality of service: each may be absent.
  if (cursor.u8() !== 0) cursor.bytes(readLength(cursor));
  if (cursor.u8() !== 0) cursor.u8();
  if (cursor.u8() !== 0) cursor.u8();
  const version = cursor.u8();
  if (cursor.bytes(4).toString('hex') !== '5f1f0400') return undefined;
  const conformance = (cursor.u8() << 16) | cursor.u16();
  const maxPdu = cursor.u16();
  return cursor.sound && cursor.left === 0 ? { version, conformance, maxPdu } : undefined;
}

/** Why an InitiateRequest is refused, as a ConfirmedServiceError, or undefined. Order as in the Green Book, "initiate". */
export function initiateError(initiate: AssociationRequest['initiate'], supported: number): Buffer | undefined {
  const error = (code: number): Buffer => Buffer.from([0x0e, 0x01, 0x06, code]);
  if (initiate === undefined) return error(0);
  if (initiate.version < DLMS_VERSION) return error(1);
  if ((initiate.conformance & supported) === 0) return error(2);
  return initiate.maxPdu !== 0 && initiate.maxPdu < LEAST_PDU ? error(3) : undefined;
}

/** InitiateResponse with the negotiated conformance (24 bits) and the longest APDU that the meter takes. */
export function initiateResponse(conformance: number, maxPdu: number): Buffer {
  const bytes = Buffer.from('0800065f1f040000000000000007', 'hex');
  bytes.writeUIntBE(conformance, 7, 3);
  bytes.writeUInt16BE(maxPdu, 10);
  return bytes;
}

/** An AARE (tag 0x61). `result`: 0 accepted, 1 rejected permanently, 2 rejected for now. */
export function aare(result: 0 | 1 | 2, diagnostic: number, user?: Buffer): Buffer {
  const information = user === undefined ? [] : [element(0xbe, element(0x04, user))];
  return element(
    0x61,
    Buffer.concat([
      element(0xa1, LN_CONTEXT),
      element(0xa2, Buffer.from([0x02, 0x01, result])),
      element(0xa3, element(0xa1, Buffer.from([0x02, 0x01, diagnostic]))),
      ...information,
    ]),
  );
}

/** RLRE, "normal". */
export const RLRE = Buffer.from('6303800100', 'hex');

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthBytes(content.length), content]);
}
