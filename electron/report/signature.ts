import type { InstallationKey } from '../inventory/installation-key.ts';

/** How anybody checks the signature without this tool. */
export const signatureCheck =
  'The report as JSON comes with a file whose name ends in .sig.json: an Ed25519 signature over its exact bytes. Save "publicKeyPem" of that file as key.pem and the decoded Base64 of "signature" as sig.bin; then, with OpenSSL 3: openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in report.json -sigfile sig.bin';

/**
 * The text of the signature file beside a report: an Ed25519 signature (RFC 8032) over the exact bytes of the file named in `signs`, in the
 * same form as `signature.json` of a backup.
 */
export function formatReportSignature(signs: string, bytes: Uint8Array, key: InstallationKey): string {
  const file = {
    format: 'meterwright-signature/1',
    algorithm: 'Ed25519',
    signs,
    publicKeyPem: key.publicKeyPem,
    fingerprint: key.fingerprint,
    signature: Buffer.from(key.sign(bytes)).toString('base64'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
