import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type FirmwareVersion, parseFirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { reasonOf } from '../../shared/domain/problem.ts';

/** The first eight bytes of an image for simulated meters (provenance: simulated). */
const MAGIC = Buffer.from('MWSIMFW1', 'ascii');
const SIGNATURE_LENGTH = 64;
/** Upper bound of the JSON header; it has seven short fields. */
const MAX_HEADER_LENGTH = 4096;

/**
 * Public key that simulated images are signed with: Ed25519 as SubjectPublicKeyInfo (RFC 8410). Its private half is public by design:
 * it signs simulations only and vouches for nothing on a real meter.
 */
const PUBLIC_KEY = '302a300506032b65700321005497dccb5993e1cc14a2fa16d590bbf1648aa1b02ab91fbbf34d1ffa637c3630';

export const SIMULATED_KINDS = ['main', 'option-module', 'remote-display'] as const;
export type SimulatedKind = (typeof SIMULATED_KINDS)[number];

interface SimulatedHeader {
  readonly model: string;
  readonly version: FirmwareVersion;
  readonly minimumStart: FirmwareVersion;
  readonly kind: SimulatedKind;
  /** In bytes. */
  readonly payloadSize: number;
  /** Hex, lower case. */
  readonly payloadSha256: string;
}

/** What a simulated image says of itself, and whether its signature bears it out. */
export interface SimulatedImage {
  /** Null when the header is damaged beyond reading. */
  readonly header: SimulatedHeader | null;
  readonly signature: 'verified' | 'invalid';
  /** One sentence without a full stop: why the signature is invalid; empty when it is verified. */
  readonly because: string;
}

/**
 * Reads an image for simulated meters; null when the bytes do not start with its magic (a vendor image, or no image at all).
 * `verified` means: length, payload hash and signature all fit.
 */
export function parseSimulatedImage(bytes: Buffer): SimulatedImage | null {
  if (bytes.length < MAGIC.length || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const headerStart = MAGIC.length + 4;
  if (bytes.length < headerStart) return invalid(null, 'the image ends inside its header');
  const headerLength = bytes.readUInt32BE(MAGIC.length);
  if (headerLength > MAX_HEADER_LENGTH) return invalid(null, `its header says it has ${headerLength} bytes`);
  const payloadStart = headerStart + headerLength;
  if (bytes.length < payloadStart) return invalid(null, 'the image ends inside its header');
  const header = parseHeader(bytes.subarray(headerStart, payloadStart));
  if (typeof header === 'string') return invalid(null, header);

  const unsigned = payloadStart + header.payloadSize;
  if (bytes.length === unsigned) return invalid(header, 'the image has no signature');
  if (bytes.length !== unsigned + SIGNATURE_LENGTH) {
    const expected = unsigned + SIGNATURE_LENGTH;
    return invalid(header, `the image has ${bytes.length} bytes instead of ${expected}`);
  }
  const payloadSha256 = createHash('sha256').update(bytes.subarray(payloadStart, unsigned)).digest('hex');
  if (payloadSha256 !== header.payloadSha256) return invalid(header, 'the payload does not fit the hash in its header');
  if (!verify(null, bytes.subarray(0, unsigned), publicKey(), bytes.subarray(unsigned))) {
    return invalid(header, 'the signature does not fit the image');
  }
  return { header, signature: 'verified', because: '' };
}

function invalid(header: SimulatedHeader | null, because: string): SimulatedImage {
  return { header, signature: 'invalid', because };
}

function publicKey(): KeyObject {
  return createPublicKey({ key: Buffer.from(PUBLIC_KEY, 'hex'), format: 'der', type: 'spki' });
}

/** The header, or why it cannot be read. */
function parseHeader(bytes: Buffer): SimulatedHeader | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch (thrown) {
    return `its header is no JSON (${reasonOf(thrown).slice(0, 80)})`;
  }
  if (typeof parsed !== 'object' || parsed === null) return 'its header is no JSON object';
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const model = fields.get('model');
  const version = versionOf(fields.get('version'));
  const minimumStart = versionOf(fields.get('minimumStart'));
  const kind = SIMULATED_KINDS.find((candidate) => candidate === fields.get('kind'));
  const payloadSize = fields.get('payloadSize');
  const payloadSha256 = fields.get('payloadSha256');
  if (typeof model !== 'string' || !/^[A-Za-z0-9 -]{1,32}$/.test(model)) return 'its header has no readable model';
  if (version === null) return 'its header has no readable version';
  if (minimumStart === null) return 'its header has no readable minimum start version';
  if (kind === undefined) return 'its header has no known kind';
  if (typeof payloadSize !== 'number' || !Number.isSafeInteger(payloadSize) || payloadSize < 0) {
    return 'its header has no readable payload size';
  }
  if (typeof payloadSha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(payloadSha256)) {
    return 'its header has no readable payload hash';
  }
  return { model, version, minimumStart, kind, payloadSize, payloadSha256: payloadSha256.toLowerCase() };
}

function versionOf(value: unknown): FirmwareVersion | null {
  if (typeof value !== 'string') return null;
  const parsed = parseFirmwareVersion(value);
  return parsed.ok ? parsed.value : null;
}
