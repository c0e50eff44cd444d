import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { writeFileDurably } from '../../inventory/durable.ts';
import { asBackupProblem, asBackupResult, storageProblem } from '../folder/disk.ts';
import { attachmentProblem, cancelled } from '../problems.ts';
import type { ManifestEntry } from './manifest.ts';
import { localPath } from './read.ts';

/** Size and SHA-256 (hex) of a file. */
export interface FileFacts {
  readonly size: number;
  readonly sha256: string;
}

/** A file of the payload with what was written into it. */
export interface PayloadFile extends ManifestEntry {
  readonly size: number;
}

/** Folder inside the unfinished bag for files that are still being received; it is removed before the bag is sealed. */
const INCOMING = '.incoming';
const CHUNK = 1024 * 1024;

/** The payload of a bag while it is written. Paths are relative to `data/`, joined with `/`, made of safe local names. */
export interface BagWriter {
  /** The unfinished bag's folder. */
  readonly folder: string;
  /** A JSON document, durable. */
  writeJson(path: string, value: unknown): Promise<Result<FileFacts>>;
  /**
   * A file that `fill` writes to the local path it is given; whatever `fill` leaves behind when it fails is gone. Failures of `fill` come back as
   * they are, those of this PC's disk as `backup/disk-full` or `disk/…`.
   */
  receive(path: string, fill: (localPath: string) => Promise<Result<FileFacts>>): Promise<Result<FileFacts>>;
  /**
   * A copy of an open file, read once from its start: what is hashed is what is copied. More than `maxBytes`, or a source that cannot be read, is
   * `backup/attachment-unreadable`.
   */
  copy(path: string, source: FileHandle, maxBytes: number, signal?: AbortSignal): Promise<Result<FileFacts>>;
  /** Everything written so far. */
  payload(): readonly PayloadFile[];
}

/** A writer for the bag in `folder`, which exists and is empty. */
export function createBagWriter(folder: string): BagWriter {
  const files: PayloadFile[] = [];
  const incoming = join(folder, INCOMING, 'file');
  const record = (path: string, facts: FileFacts): Result<FileFacts> => {
    files.push({ path: `data/${path}`, ...facts });
    return ok(facts);
  };

  const receive: BagWriter['receive'] = async (path, fill) => {
    const target = localPath(folder, `data/${path}`);
    try {
      const ready = await onDisk(target, async () => {
        await mkdir(dirname(target), { recursive: true });
        await mkdir(dirname(incoming), { recursive: true });
      });
      if (!ready.ok) return ready;
      const filled = await fill(incoming);
      if (!filled.ok) return { ok: false, problem: asBackupProblem(filled.problem) };
      const named = await onDisk(target, () => rename(incoming, target));
      return named.ok ? record(path, filled.value) : named;
    } finally {
      await discardIncoming(folder);
    }
  };

  return {
    folder,
    receive,
    async writeJson(path, value) {
      const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
      const written = asBackupResult(await writeFileDurably(localPath(folder, `data/${path}`), bytes));
      if (!written.ok) return written;
      return record(path, { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    },
    copy(path, source, maxBytes, signal) {
      return receive(path, async (target) => {
        const copied = await onDisk(target, () => copyOnce(source, target, maxBytes, signal));
        return copied.ok ? copied.value : copied;
      });
    },
    payload: () => files,
  };
}

/** Runs what can only fail on the disk of this PC. */
async function onDisk<T>(path: string, work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (thrown) {
    return { ok: false, problem: storageProblem(thrown, path) };
  }
}

/** Removes what a broken transfer left; a leftover that cannot be removed makes the seal fail, so nothing is lost by ignoring it here. */
async function discardIncoming(folder: string): Promise<void> {
  await rm(join(folder, INCOMING), { recursive: true, force: true, maxRetries: 3 }).catch(() => {
    // The verification of the sealed bag finds the leftover as a file that is not listed.
  });
}

async function copyOnce(
  source: FileHandle,
  target: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Result<FileFacts>> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const out = await open(target, 'wx');
  try {
    let size = 0;
    for (;;) {
      if (signal?.aborted) return { ok: false, problem: cancelled() };
      const read = await readChunk(source, buffer, size);
      if (!read.ok) return read;
      if (read.value === 0) break;
      if (size + read.value > maxBytes) return unreadable(`It is larger than ${maxBytes} bytes.`);
      const chunk = buffer.subarray(0, read.value);
      hash.update(chunk);
      for (let done = 0; done < chunk.length; ) {
        done += (await out.write(chunk, done, chunk.length - done, size + done)).bytesWritten;
      }
      size += chunk.length;
    }
    await out.sync();
    return ok({ size, sha256: hash.digest('hex') });
  } finally {
    await out.close();
  }
}

async function readChunk(source: FileHandle, buffer: Buffer, position: number): Promise<Result<number>> {
  try {
    return ok((await source.read(buffer, 0, buffer.length, position)).bytesRead);
  } catch (thrown) {
    return unreadable(reasonOf(thrown));
  }
}

function unreadable(because: string): Result<never> {
  return { ok: false, problem: attachmentProblem(because) };
}
