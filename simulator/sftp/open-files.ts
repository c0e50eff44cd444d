import { type FileHandle, open } from 'node:fs/promises';
import { hasCode } from '../durable-file.ts';
import { CAPACITY, LARGEST_FILE, type MeterFiles } from './files.ts';
import { APPLY_NAME, type FolderName, RIGHTS, STATUS_NAME } from './folders.ts';
import { DENIED, failure, fileAttributes, NO_SUCH_FILE, OK, type Reply, STATUS, textAttributes } from './reply.ts';

/** Flags of an OPEN request (draft-ietf-secsh-filexfer-02, 6.3). */
const READ = 0x01;
const WRITE = 0x02;
const APPEND = 0x04;
const CREATE = 0x08;
const TRUNCATE = 0x10;
const EXCLUSIVE = 0x20;

const MAX_READ = 256 * 1024;
/** The order to apply is a hash in hex and perhaps an end of line. */
const MAX_ORDER = 128;
const STORAGE_FULL = failure('Storage full');

/** A file that a client has open. */
export interface OpenFile {
  read(offset: number, length: number): Promise<Reply>;
  write(offset: number, data: Buffer): Promise<Reply>;
  attributes(): Promise<Reply>;
  change(change: { readonly size?: number; readonly mtime?: number }): Promise<Reply>;
  close(): Promise<Reply>;
  /** Closes without effect on the meter: the connection broke. */
  abandon(): Promise<void>;
}

/** What opening files needs of the meter. */
export interface OpenFilesOptions {
  readonly files: MeterFiles;
  storageFull(): boolean;
  status(): string;
  /** The content of APPLY when it is closed. */
  applied(content: string): Promise<Reply>;
  /** A file that was open for writing is closed. */
  written(folder: FolderName, name: string): Promise<Reply>;
}

/** Opens a file as the flags say, or gives the reply that refuses it. */
export async function openFile(
  options: OpenFilesOptions,
  folder: FolderName,
  name: string,
  flags: number,
): Promise<{ readonly file: OpenFile } | { readonly refused: Reply }> {
  const writes = (flags & WRITE) !== 0;
  if (folder === 'firmwareUpg' && name === STATUS_NAME) {
    return writes ? { refused: DENIED } : { file: openText(options.status()) };
  }
  if (folder === 'firmwareUpg' && name === APPLY_NAME) {
    return writes ? { file: openOrder(options) } : { refused: NO_SUCH_FILE };
  }
  const there = await options.files.stat(folder, name);
  if (!writes) {
    if ((flags & READ) === 0) return { refused: failure('Neither reading nor writing') };
    return there === undefined ? { refused: NO_SUCH_FILE } : opened(options, folder, name, 'r', 0);
  }
  if (RIGHTS[folder].write?.test(name) !== true) return { refused: DENIED };
  if (there === undefined && (flags & CREATE) === 0) return { refused: NO_SUCH_FILE };
  if (there !== undefined && (flags & EXCLUSIVE) !== 0) return { refused: failure('File exists') };
  if (options.storageFull()) return { refused: STORAGE_FULL };
  const room = CAPACITY - (await options.files.used());
  const fresh = there === undefined || (flags & TRUNCATE) !== 0;
  return opened(options, folder, name, fresh ? 'w+' : 'r+', room, (flags & APPEND) !== 0);
}

async function opened(
  options: OpenFilesOptions,
  folder: FolderName,
  name: string,
  mode: 'r' | 'r+' | 'w+',
  room: number,
  append = false,
): Promise<{ readonly file: OpenFile } | { readonly refused: Reply }> {
  try {
    const handle = await open(options.files.pathOf(folder, name), mode);
    const { size } = await handle.stat();
    const limit = Math.min(LARGEST_FILE, size + Math.max(0, room));
    return { file: openStored(options, { folder, name, handle, writable: mode !== 'r', append, limit }) };
  } catch (thrown) {
    // Removed a moment ago, or the host does not allow it: either way the client cannot have it.
    if (hasCode(thrown, 'ENOENT', 'EPERM', 'EACCES', 'EBUSY')) return { refused: NO_SUCH_FILE };
    throw thrown;
  }
}

interface StoredFileOptions {
  readonly folder: FolderName;
  readonly name: string;
  readonly handle: FileHandle;
  readonly writable: boolean;
  readonly append: boolean;
  /** Size that the file may grow to. */
  readonly limit: number;
}

function openStored(options: OpenFilesOptions, stored: StoredFileOptions): OpenFile {
  const { folder, name, handle, writable, append, limit } = stored;
  return {
    async read(offset, length) {
      const buffer = Buffer.alloc(Math.min(length, MAX_READ));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      return bytesRead === 0 ? { status: STATUS.eof } : { data: buffer.subarray(0, bytesRead) };
    },
    async write(offset, data) {
      if (!writable) return DENIED;
      const at = append ? (await handle.stat()).size : offset;
      if (options.storageFull() || at + data.length > limit) return STORAGE_FULL;
      await handle.write(data, 0, data.length, at);
      return OK;
    },
    async attributes() {
      return { attributes: fileAttributes(await handle.stat(), RIGHTS[folder].write !== undefined) };
    },
    async change({ size, mtime }) {
      if (!writable) return DENIED;
      if (size !== undefined && size > limit) return STORAGE_FULL;
      if (size !== undefined) await handle.truncate(size);
      if (mtime !== undefined) await handle.utimes(mtime, mtime);
      return OK;
    },
    async close() {
      await handle.close();
      return writable ? options.written(folder, name) : OK;
    },
    abandon: () => handle.close(),
  };
}

/** A text as it was when it was opened. */
function openText(text: string): OpenFile {
  const content = Buffer.from(text, 'utf8');
  return {
    read: async (offset, length) =>
      offset >= content.length ? { status: STATUS.eof } : { data: content.subarray(offset, offset + length) },
    write: async () => DENIED,
    attributes: async () => ({ attributes: textAttributes(content.length) }),
    change: async () => DENIED,
    close: async () => OK,
    abandon: async () => undefined,
  };
}

/** Takes the order to apply; it counts when the file is closed. */
function openOrder(options: OpenFilesOptions): OpenFile {
  let content = Buffer.alloc(0);
  return {
    read: async () => ({ status: STATUS.eof }),
    async write(offset, data) {
      if (offset !== content.length || offset + data.length > MAX_ORDER) return failure('Not an order to apply');
      content = Buffer.concat([content, data]);
      return OK;
    },
    attributes: async () => ({ attributes: textAttributes(content.length) }),
    change: async () => OK,
    close: () => options.applied(content.toString('latin1').trim()),
    abandon: async () => undefined,
  };
}
