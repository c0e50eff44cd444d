import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HashAlgorithm } from './hash-list.ts';

/** Bytes between two turns of the event loop: some tens of milliseconds of hashing. */
const SLICE = 16 * 1024 * 1024;

/** Hash of bytes, hex, lower case; lets other work run between slices. */
export async function digestOf(bytes: Uint8Array, algorithm: HashAlgorithm): Promise<string> {
  const hash = createHash(algorithm);
  for (let start = 0; start < bytes.length; start += SLICE) {
    if (start > 0) await nextTurn();
    hash.update(bytes.subarray(start, start + SLICE));
  }
  return hash.digest('hex');
}
