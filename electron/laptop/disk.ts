import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Bytes that this user may still write on the volume that holds `folder`. A folder that is not there yet is judged by the nearest parent
 * that is. Null where the volume does not say.
 */
export async function freeBytes(folder: string): Promise<number | null> {
  let at = resolve(folder);
  for (;;) {
    try {
      const volume = await statfs(at, { bigint: true });
      const free = volume.bavail * volume.bsize;
      return free > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(free);
    } catch {
      // Not there or not allowed: its parent may say; the root has no parent and ends the search.
      const parent = dirname(at);
      if (parent === at) return null;
      at = parent;
    }
  }
}
