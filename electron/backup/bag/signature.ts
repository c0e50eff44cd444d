import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import type { InstallationKey } from '../../inventory/installation-key.ts';
import { TAG_FILE } from './tag-files.ts';

/**
 * `signature.json`: an Ed25519 signature (RFC 8032) over the exact bytes of `tagmanifest-sha256.txt`, and the public key to check it with. It says that
 * the bag is what one installation of Meterwright sealed; whose installation that is, the fingerprint says to those who know it.
 */
const SIGNATURE = z.strictObject({
  format: z.literal('meterwright-signature/1'),
  algorithm: z.literal('Ed25519'),
  signs: z.literal(TAG_FILE.tagManifest),
  publicKeyPem: z.string().max(1024),
  fingerprint: z.string().max(128),
  /** Base64. */
  signature: z.string().length(88),
});
type SignatureFile = z.infer<typeof SIGNATURE>;

/** What a signature file says of the bytes it came with. */
export type SignatureFinding =
  | { readonly kind: 'valid'; readonly fingerprint: string }
  | { readonly kind: 'bad'; readonly because: string };

/** The text of `signature.json` for a tag manifest. */
export function formatSignature(tagManifest: Uint8Array, key: InstallationKey): string {
  return serialise({
    format: 'meterwright-signature/1',
    algorithm: 'Ed25519',
    signs: TAG_FILE.tagManifest,
    publicKeyPem: key.publicKeyPem,
    fingerprint: key.fingerprint,
    signature: Buffer.from(key.sign(tagManifest)).toString('base64'),
  });
}

/**
 * Checks `signature.json`. The file itself is in no manifest, so it has to be, byte for byte, what {@link formatSignature} writes: a change that
 * leaves the signature valid is found, too.
 */
export function checkSignature(text: string, tagManifest: Uint8Array): SignatureFinding {
  const parsed = SIGNATURE.safeParse(parseJson(text));
  if (!parsed.success) return { kind: 'bad', because: 'signature.json has not the form of a signature.' };
  const file = parsed.data;
  const key = readPublicKey(file.publicKeyPem);
  if (key === undefined) return { kind: 'bad', because: 'The public key in signature.json is no Ed25519 key.' };
  const signature = Buffer.from(file.signature, 'base64');
  const canonical: SignatureFile = {
    ...file,
    publicKeyPem: key.export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint: fingerprintOf(key),
    signature: signature.toString('base64'),
  };
  if (serialise(canonical) !== text)
    return { kind: 'bad', because: 'signature.json was changed after it was written.' };
  if (!verify(null, tagManifest, key, signature)) {
    return { kind: 'bad', because: `The signature does not fit ${TAG_FILE.tagManifest}.` };
  }
  return { kind: 'valid', fingerprint: canonical.fingerprint };
}

function serialise(file: SignatureFile): string {
  const { format, algorithm, signs, publicKeyPem, fingerprint, signature } = file;
  return `${JSON.stringify({ format, algorithm, signs, publicKeyPem, fingerprint, signature }, null, 2)}\n`;
}

/** The same form as the fingerprint of an {@link InstallationKey}. */
function fingerprintOf(key: KeyObject): string {
  const der = key.export({ format: 'der', type: 'spki' });
  return `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`;
}

function readPublicKey(pem: string): KeyObject | undefined {
  // A private key would be accepted by createPublicKey, too; it has no business in a backup.
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    const key = createPublicKey({ key: pem, format: 'pem' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // Whatever OpenSSL says: it is no key, and the caller reports that.
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is undefined, which no schema takes.
    return undefined;
  }
}
