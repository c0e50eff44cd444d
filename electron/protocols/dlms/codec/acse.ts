import { joined } from './axdr-write.ts';
import { decodeInitiateResponse, encodeInitiateRequest, type Initiated } from './initiate.ts';
import { decodeServiceError, type ServiceError } from './service-error.ts';

/** Logical names, no ciphering: 2.16.756.5.8.1.1. */
const CONTEXT = Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x01, 0x01);
/** Low-level security: 2.16.756.5.8.2.1. */
const LOW_LEVEL_SECURITY = Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x02, 0x01);
/** Fields of an AARE; the standard has 13. */
const MOST_FIELDS = 32;

/** RLRQ with the reason `normal`, Green Book 9.4.2. */
export const RELEASE_REQUEST: Uint8Array = Uint8Array.of(0x62, 0x03, 0x80, 0x01, 0x00);

/** What an answer to an AARQ says. */
export type Associated =
  | { readonly kind: 'accepted'; readonly initiated: Initiated }
  /** `source` 1 is the service user, 2 the service provider; the diagnostic is a number of Green Book 9.4.2. */
  | { readonly kind: 'refused'; readonly permanent: boolean; readonly source: 1 | 2; readonly diagnostic: number }
  | { readonly kind: 'service-error'; readonly error: ServiceError }
  | { readonly kind: 'malformed'; readonly because: string };

/** An AARQ with logical names and no ciphering; with a secret it asks for low-level security. Green Book 9.4.2 and 11. */
export function encodeAarq(options: {
  readonly conformance: number;
  readonly maxPdu: number;
  readonly secret: Uint8Array | undefined;
}): Uint8Array {
  const parts = [field(0xa1, field(0x06, CONTEXT))];
  if (options.secret !== undefined) {
    parts.push(field(0x8a, Uint8Array.of(0x07, 0x80)), field(0x8b, LOW_LEVEL_SECURITY));
    parts.push(field(0xac, field(0x80, options.secret)));
  }
  parts.push(field(0xbe, field(0x04, encodeInitiateRequest(options.conformance, options.maxPdu))));
  return field(0x60, joined(parts));
}

/** Reads the answer to an AARQ: an AARE, or a ConfirmedServiceError in its place. */
export function decodeAare(apdu: Uint8Array): Associated {
  if (apdu[0] === 0x0e) {
    const error = decodeServiceError(apdu);
    return error === undefined ? malformed('a service error is cut') : { kind: 'service-error', error };
  }
  const whole = fieldsOf(apdu);
  const content = whole?.length === 1 ? whole[0] : undefined;
  if (content?.tag !== 0x61) return malformed('the answer is no AARE');
  const fields = fieldsOf(content.value);
  if (fields === undefined) return malformed('the fields of the AARE do not fit into it');
  const result = integerIn(fieldOf(fields, 0xa2));
  if (result === undefined || result > 2) return malformed('the AARE has no result');
  const user = fieldOf(fields, 0xbe);
  const information = user === undefined ? undefined : onlyField(user, 0x04);
  if (result === 0) {
    const initiated =
      information === undefined ? 'the AARE has no user information' : decodeInitiateResponse(information);
    return typeof initiated === 'string' ? malformed(initiated) : { kind: 'accepted', initiated };
  }
  const error = information?.[0] === 0x0e ? decodeServiceError(information) : undefined;
  const refused = refusal(fieldOf(fields, 0xa3), result === 1);
  // A diagnostic that says nothing leaves the service error to say why.
  if (error !== undefined && refused.diagnostic <= 1) return { kind: 'service-error', error };
  return refused;
}

function refusal(diagnostic: Uint8Array | undefined, permanent: boolean): Extract<Associated, { kind: 'refused' }> {
  const provider = diagnostic === undefined ? undefined : onlyField(diagnostic, 0xa2);
  const user = diagnostic === undefined ? undefined : onlyField(diagnostic, 0xa1);
  const value = integerIn(provider ?? user) ?? 0;
  return { kind: 'refused', permanent, source: provider === undefined ? 1 : 2, diagnostic: value };
}

function malformed(because: string): Associated {
  return { kind: 'malformed', because };
}

interface Field {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** The fields in BER with tags of one byte and definite lengths, or undefined when they do not fill the bytes exactly. X.690, 8.1. */
function fieldsOf(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length && fields.length < MOST_FIELDS) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f) return undefined;
    const extra = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || extra > 2 || at + 2 + extra > bytes.length) return undefined;
    const length =
      extra === 0 ? first : bytes.subarray(at + 2, at + 2 + extra).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + extra;
    if (start + length > bytes.length) return undefined;
    fields.push({ tag, value: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return at === bytes.length ? fields : undefined;
}

function fieldOf(fields: readonly Field[], tag: number): Uint8Array | undefined {
  return fields.find((one) => one.tag === tag)?.value;
}

function onlyField(bytes: Uint8Array, tag: number): Uint8Array | undefined {
  const fields = fieldsOf(bytes);
  return fields?.length === 1 ? fieldOf(fields, tag) : undefined;
}

/** An INTEGER of one byte. */
function integerIn(bytes: Uint8Array | undefined): number | undefined {
  const value = bytes === undefined ? undefined : onlyField(bytes, 0x02);
  return value?.length === 1 ? value[0] : undefined;
}

function field(tag: number, value: Uint8Array): Uint8Array {
  const length = value.length < 0x80 ? [value.length] : [0x81, value.length];
  return joined([Uint8Array.of(tag, ...length), value]);
}
