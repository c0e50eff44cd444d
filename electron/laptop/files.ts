import { constants } from 'node:fs';
import { access, open, readdir, stat } from 'node:fs/promises';

/** The few things the search for ION Setup wants from the file system; what cannot be read is null. */
export interface ProgramFiles {
  /** The whole file, or null when it is not a file, too large or not readable. */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Names in a folder, or null when it is not a folder or not readable. */
  list(folder: string): Promise<readonly string[] | null>;
  /** True for a file that this user may start. */
  isExecutable(path: string): Promise<boolean>;
}

/** {@link ProgramFiles} over the real file system. */
export const programFiles: ProgramFiles = {
  async read(path, maxBytes) {
    try {
      // Asked before opening: opening a pipe would wait for somebody to write into it.
      const found = await stat(path);
      if (!found.isFile() || found.size > maxBytes) return null;
      const handle = await open(path, 'r');
      try {
        const bytes = Buffer.alloc(found.size);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    } catch {
      // Not there or not readable: for the search both are "no program here".
      return null;
    }
  },
  async list(folder) {
    try {
      return await readdir(folder);
    } catch {
      // A folder that cannot be listed holds no program we could use.
      return null;
    }
  },
  async isExecutable(path) {
    try {
      if (!(await stat(path)).isFile()) return false;
      await access(path, constants.X_OK);
      return true;
    } catch {
      // Not there or not allowed: it cannot be started, and that is the answer.
      return false;
    }
  },
};
