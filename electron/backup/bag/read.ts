import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A bag of this tool holds a few hundred files. */
const MAX_FILES = 100_000;
const MAX_DEPTH = 16;

/** What lies in a folder, as it is on the disk at this moment. */
export interface FolderListing {
  /** Regular files, relative paths joined with `/`. */
  readonly files: ReadonlySet<string>;
  /** Symbolic links, junctions, devices and the like, and whatever is nested too deep: nothing that a backup contains. */
  readonly refused: readonly string[];
}

/** Lists a folder with everything below, follows no link. Rejects on I/O errors and when there are more than 100,000 entries. */
export async function listFolder(root: string): Promise<FolderListing> {
  const files = new Set<string>();
  const refused: string[] = [];
  const pending: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const entries = await readdir(localPath(root, next.path), { withFileTypes: true });
    for (const entry of entries) {
      const path = next.path === '' ? entry.name : `${next.path}/${entry.name}`;
      if (entry.isFile()) files.add(path);
      else if (entry.isDirectory() && next.depth < MAX_DEPTH) pending.push({ path, depth: next.depth + 1 });
      else refused.push(path);
      if (files.size + refused.length + pending.length > MAX_FILES)
        throw new RangeError('The folder has too many files.');
    }
  }
  return { files, refused };
}

/** The path on this system for a path of a bag that was checked to be safe, or that comes from a listing. */
export function localPath(root: string, bagPath: string): string {
  return bagPath === '' ? root : join(root, ...bagPath.split('/'));
}

/** SHA-256 (hex) and size of a file, streamed: memory does not grow with the file. Rejects on I/O errors. */
export async function hashFile(path: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes: Buffer = chunk;
    hash.update(bytes);
    size += bytes.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** A whole small file; undefined when it is larger than `maxBytes`, whatever its size was said to be. Rejects on I/O errors. */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) return undefined;
    const buffer = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
