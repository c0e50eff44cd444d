import { constants, type FileHandle, open } from 'node:fs/promises';
import { fail, ok, type Result, reasonOf } from '../../shared/domain/problem.ts';

/** Largest file that is taken, in bytes. Firmware packages have some tens of megabytes; everything is held in memory. */
const MAX_PACKAGE_BYTES = 512 * 1024 * 1024;

/** Bytes per read: large enough for the disk, small enough to stop soon. */
const PIECE = 4 * 1024 * 1024;

/** O_NONBLOCK keeps the open of a named pipe from waiting for a writer; Windows does not have it and does not need it. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The whole file, through one handle: what is hashed and checked later are these bytes, whatever happens to the file meanwhile.
 * Fails with `package/unreadable` (missing, no plain file, changed while it was read), `package/too-large` or `package/cancelled`.
 */
export async function readWholeFile(
  file: string,
  signal: AbortSignal | undefined,
  maxBytes: number = MAX_PACKAGE_BYTES,
): Promise<Result<Buffer>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, OPEN_FLAGS);
    const stat = await handle.stat();
    if (!stat.isFile()) return unreadable('it is not a plain file');
    if (stat.size > maxBytes) return tooLarge(stat.size, maxBytes);
    return await readAll(handle, stat.size, signal);
  } catch (thrown) {
    return unreadable(reasonWithoutPath(thrown));
  } finally {
    await handle?.close();
  }
}

async function readAll(handle: FileHandle, size: number, signal: AbortSignal | undefined): Promise<Result<Buffer>> {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    if (signal?.aborted) return stopped();
    const { bytesRead } = await handle.read(bytes, done, Math.min(PIECE, size - done), done);
    if (bytesRead === 0) return unreadable('it became shorter while it was read');
    done += bytesRead;
  }
  const beyond = await handle.read(Buffer.alloc(1), 0, 1, size);
  return beyond.bytesRead === 0 ? ok(bytes) : unreadable('it grew while it was read');
}

/** The system's message without the path: the technician knows the file, and a path may hold a name. */
function reasonWithoutPath(thrown: unknown): string {
  return reasonOf(thrown).replace(/,? (?:open|stat|fstat|read) '.*'$/s, '');
}

function unreadable(because: string): Result<never> {
  return fail({
    code: 'package/unreadable',
    title: 'The file cannot be read',
    because: `It could not be read: ${because}.`,
    nextStep: 'Check that the file is there, complete and not in use, then try again.',
  });
}

function tooLarge(size: number, maxBytes: number): Result<never> {
  return fail({
    code: 'package/too-large',
    title: 'The file is too large for a firmware package',
    because: `It has ${size} bytes; at most ${maxBytes} are read.`,
    nextStep: 'Check that this is the firmware package and not another file.',
    details: { size, maxBytes },
  });
}

/** Somebody asked to stop while the package was read or checked. */
export function stopped(): Result<never> {
  return fail({
    code: 'package/cancelled',
    title: 'Reading the file was stopped',
    because: 'Somebody asked to stop.',
    nextStep: 'Start again when you are ready.',
  });
}
