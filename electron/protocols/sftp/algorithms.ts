import { getCiphers } from 'node:crypto';
import type { Algorithms } from 'ssh2';

/**
 * What is offered to a host, best first. The SSH algorithms of the ION7400 are not published, so the list is wide, but nothing on
 * it is broken today:
 *
 * - key exchange: curve25519, ECDH nistp256/384/521, Diffie-Hellman group exchange and groups 14 to 18 with SHA-2; for old
 *   hosts the group exchange and group 14 with SHA-1 at the end. Not group 1 (1024 bits).
 * - host keys: Ed25519, ECDSA, RSA with SHA-2; RSA with SHA-1 last. Not DSA. (The defaults of ssh2.)
 * - ciphers: AES-GCM first (done by OpenSSL in one pass, the fastest there is in Node), AES-CTR, ChaCha20-Poly1305, AES-CBC last. Not
 *   'none', RC4, DES, Blowfish or CAST.
 * - MACs: HMAC with SHA-2, SHA-1 last, encrypt-then-MAC before the others. Not MD5, not truncated ones. (The defaults of ssh2.)
 * - compression: none; a host must not make this PC inflate what it likes.
 *
 * Ciphers are additions to ssh2's own list because that is already limited to what the runtime has (Electron's BoringSSL has fewer than
 * Node's OpenSSL); naming one more would be an error.
 */
export function algorithms(): Algorithms {
  return {
    kex: {
      prepend: [],
      append: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1'],
      remove: [],
    },
    cipher: { prepend: [], append: OLD_CIPHERS.filter(isOffered), remove: [] },
    compress: ['none'],
  };
}

const OLD_CIPHERS = ['aes256-cbc', 'aes192-cbc', 'aes128-cbc'] as const;

/** "aes256-cbc" of SSH is "aes-256-cbc" of OpenSSL. */
function isOffered(cipher: (typeof OLD_CIPHERS)[number]): boolean {
  return getCiphers().includes(cipher.replace('aes', 'aes-'));
}
