import { createHash, createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import {
  type FirmwareVersion,
  formatFirmwareLong,
  parseFirmwareVersion,
} from '../../shared/domain/firmware-version.ts';

/** What a simulated image is for. */
export const IMAGE_KINDS = ['main', 'option-module', 'remote-display'] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** What the header of a simulated image says. */
export interface ImageHeader {
  readonly model: string;
  readonly version: FirmwareVersion;
  /** Oldest firmware that may take the image. */
  readonly minimumStart: FirmwareVersion;
  readonly kind: ImageKind;
}

export interface ImageInput extends ImageHeader {
  readonly payload: Uint8Array;
  /** Default true; false leaves 64 zero bytes where the signature belongs. */
  readonly sign?: boolean;
}

/** `truncated`: the bytes end before the image does. `bad-signature`: everything else that is wrong with the bytes. */
export type ImageFlaw = 'truncated' | 'bad-signature';

const MAGIC = Buffer.from('MWSIMFW1', 'ascii');
const PREFIX_SIZE = MAGIC.length + 4;
const MAX_HEADER_SIZE = 4096;
const SIGNATURE_SIZE = 64;

/**
 * The key that signs simulations, public by design: its seed is the SHA-256 of a sentence anybody can read. It signs nothing that a real meter
 * would take.
 */
const SIGNING_KEY = createPrivateKey({
  key: Buffer.concat([
    // PKCS#8 wrapper of a 32-byte Ed25519 seed (RFC 8410, 7).
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    createHash('sha256').update('Meterwright simulated firmware signing key', 'utf8').digest(),
  ]),
  format: 'der',
  type: 'pkcs8',
});
const VERIFY_KEY = createPublicKey(SIGNING_KEY);

/**
 * Bytes of a simulated image, big-endian: "MWSIMFW1", u32 length of the header, the header as JSON, the payload, 64 bytes of
 * Ed25519 signature over everything before them.
 */
export function buildSimulatedImage(input: ImageInput): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      model: input.model,
      version: formatFirmwareLong(input.version),
      minimumStart: formatFirmwareLong(input.minimumStart),
      kind: input.kind,
      payloadSize: input.payload.length,
      payloadSha256: sha256(input.payload),
    }),
    'utf8',
  );
  if (header.length > MAX_HEADER_SIZE) throw new RangeError('The header of a simulated image has at most 4096 bytes.');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const signed = Buffer.concat([MAGIC, length, header, input.payload]);
  const signature = input.sign === false ? Buffer.alloc(SIGNATURE_SIZE) : signBytes(null, signed, SIGNING_KEY);
  return Buffer.concat([signed, signature]);
}

/** Reads an image and checks its length, payload hash and signature; says what it is or the first thing that is wrong. */
export function verifySimulatedImage(
  bytes: Uint8Array,
): { readonly ok: true; readonly header: ImageHeader } | { readonly ok: false; readonly flaw: ImageFlaw } {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!MAGIC.subarray(0, image.length).equals(image.subarray(0, MAGIC.length))) return flawed('bad-signature');
  if (image.length < PREFIX_SIZE) return flawed('truncated');
  const headerSize = image.readUInt32BE(MAGIC.length);
  if (headerSize > MAX_HEADER_SIZE) return flawed('bad-signature');
  if (image.length < PREFIX_SIZE + headerSize) return flawed('truncated');
  const fields = readHeader(image.subarray(PREFIX_SIZE, PREFIX_SIZE + headerSize));
  if (fields === undefined) return flawed('bad-signature');
  const expected = PREFIX_SIZE + headerSize + fields.payloadSize + SIGNATURE_SIZE;
  if (image.length < expected) return flawed('truncated');
  if (image.length > expected) return flawed('bad-signature');
  const end = expected - SIGNATURE_SIZE;
  const signatureHolds = verifyBytes(null, image.subarray(0, end), VERIFY_KEY, image.subarray(end));
  const payloadHolds = sha256(image.subarray(PREFIX_SIZE + headerSize, end)) === fields.payloadSha256;
  return signatureHolds && payloadHolds ? { ok: true, header: fields.header } : flawed('bad-signature');
}

interface HeaderFields {
  readonly header: ImageHeader;
  readonly payloadSize: number;
  readonly payloadSha256: string;
}

function readHeader(bytes: Buffer): HeaderFields | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined; // Not JSON: the caller says that the image is not genuine.
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...parsed };
  const { model, kind, payloadSize, payloadSha256 } = fields;
  const version = readVersion(fields['version']);
  const minimumStart = readVersion(fields['minimumStart']);
  const knownKind = IMAGE_KINDS.find((candidate) => candidate === kind);
  if (typeof model !== 'string' || knownKind === undefined || version === undefined || minimumStart === undefined) {
    return undefined;
  }
  if (typeof payloadSize !== 'number' || !Number.isSafeInteger(payloadSize) || payloadSize < 0) return undefined;
  if (typeof payloadSha256 !== 'string') return undefined;
  return { header: { model, version, minimumStart, kind: knownKind }, payloadSize, payloadSha256 };
}

function readVersion(value: unknown): FirmwareVersion | undefined {
  if (typeof value !== 'string') return undefined;
  const parsed = parseFirmwareVersion(value);
  return parsed.ok ? parsed.value : undefined;
}

function flawed(flaw: ImageFlaw): { readonly ok: false; readonly flaw: ImageFlaw } {
  return { ok: false, flaw };
}

/** SHA-256 in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
