import { createCipheriv, createHash } from 'node:crypto';

/**
 * `size` bytes that look random, do not compress, and are the same for the same label on every run and machine: the key stream of
 * AES-128 in counter mode under the hash of the label.
 */
export function incompressibleBytes(size: number, label: string): Buffer {
  const seed = createHash('sha256').update(label, 'utf8').digest();
  const stream = createCipheriv('aes-128-ctr', seed.subarray(0, 16), seed.subarray(16));
  return stream.update(Buffer.alloc(size));
}
