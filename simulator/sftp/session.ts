import { readFile, rename, truncate, utimes } from 'node:fs/promises';
import type { FaultBox } from '../faults.ts';
import type { Order, UpgradeAgent } from '../upgrade/agent.ts';
import { LARGEST_FILE, type MeterFiles, placeOf } from './files.ts';
import { APPLY_NAME, FOLDERS, type FolderName, RIGHTS, STATUS_NAME } from './folders.ts';
import { splitPath } from './names.ts';
import { type OpenFile, openFile } from './open-files.ts';
import {
  DENIED,
  entry,
  failure,
  fileAttributes,
  folderAttributes,
  NO_SUCH_FILE,
  OK,
  type Reply,
  STATUS,
  textAttributes,
} from './reply.ts';

const MAX_HANDLES = 16;
const NAMES_PER_REPLY = 64;

export interface FileSessionOptions {
  readonly files: MeterFiles;
  readonly agent: UpgradeAgent;
  readonly faults: FaultBox;
  /** The order to apply was taken and the client has its answer. */
  apply(): void;
  /** Something failed that no client waits for. */
  failed(thrown: unknown): void;
}

/** Attributes that a client may change; the others (owner, rights) are accepted and ignored. */
export interface AttributeChange {
  readonly size?: number;
  readonly mtime?: number;
}

/** The file system of the meter as one SFTP session sees it. Every method gives the reply; it rejects only when the host's disk fails. */
export interface FileSession {
  open(path: string, flags: number): Promise<Reply>;
  read(handle: Buffer, offset: number, length: number): Promise<Reply>;
  write(handle: Buffer, offset: number, data: Buffer): Promise<Reply>;
  fstat(handle: Buffer): Promise<Reply>;
  fsetstat(handle: Buffer, change: AttributeChange): Promise<Reply>;
  close(handle: Buffer): Promise<Reply>;
  opendir(path: string): Promise<Reply>;
  readdir(handle: Buffer): Promise<Reply>;
  stat(path: string): Promise<Reply>;
  setstat(path: string, change: AttributeChange): Promise<Reply>;
  remove(path: string): Promise<Reply>;
  rename(from: string, to: string): Promise<Reply>;
  realpath(path: string): Promise<Reply>;
  /** True once after an order to apply was accepted: the meter goes down when the reply is sent. */
  goesDown(): boolean;
  /** Closes what is still open. */
  end(): Promise<void>;
}

export function createFileSession(options: FileSessionOptions): FileSession {
  const { files, agent, faults } = options;
  const openFiles = new Map<number, OpenFile>();
  const listings = new Map<number, ReturnType<typeof entry>[]>();
  let nextHandle = 1;
  let goingDown = false;

  function newHandle<T>(where: Map<number, T>, thing: T): Reply {
    const id = nextHandle;
    nextHandle += 1;
    where.set(id, thing);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(id);
    return { handle };
  }

  const fileOf = (handle: Buffer): OpenFile | undefined => openFiles.get(idOf(handle));
  const handlesLeft = (): boolean => openFiles.size + listings.size < MAX_HANDLES;

  function answer(order: Order): Reply {
    return order.accepted ? OK : failure(order.reason === null ? order.text : `${order.reason}: ${order.text}`);
  }

  const fileOptions = {
    files,
    storageFull: faults.storageFull,
    status: agent.status,
    async applied(content: string): Promise<Reply> {
      const order = await agent.order(content.toLowerCase());
      goingDown = order.accepted;
      return answer(order);
    },
    async written(folder: FolderName, name: string): Promise<Reply> {
      if (!isModuleFolder(folder) || !name.endsWith('.upx')) return OK;
      const order = await takeModule(folder, name);
      if (!order.accepted) await files.remove(folder, name);
      return answer(order);
    },
  };

  async function takeModule(folder: 'optionModuleUpg' | 'rmdUpg', name: string): Promise<Order> {
    return agent.takeModule(folder, await readFile(files.pathOf(folder, name)));
  }

  async function list(folder: FolderName): Promise<ReturnType<typeof entry>[]> {
    const writable = RIGHTS[folder].write !== undefined;
    const entries = (await files.list(folder)).map(({ name, stats }) => entry(name, fileAttributes(stats, writable)));
    if (folder === 'firmwareUpg') entries.push(entry(STATUS_NAME, textAttributes(Buffer.byteLength(agent.status()))));
    return entries;
  }

  async function renameFile(folder: FolderName, from: string, to: string): Promise<Reply> {
    const rights = RIGHTS[folder];
    if (rights.remove?.test(from) !== true || rights.write?.test(from) !== true) return DENIED;
    if (rights.complete?.test(to) !== true) return DENIED;
    const source = await files.stat(folder, from);
    if (source === undefined) return NO_SUCH_FILE;
    if (!rights.replace && (await files.stat(folder, to)) !== undefined) return failure('File exists');
    if (isModuleFolder(folder)) {
      if (source.size > LARGEST_FILE) return failure('Storage full');
      const order = await takeModule(folder, from);
      if (!order.accepted) return answer(order);
    }
    await rename(files.pathOf(folder, from), files.pathOf(folder, to));
    if (folder === 'firmwareUpg') agent.check(to).catch(options.failed);
    return OK;
  }

  return {
    async open(path, flags) {
      const place = placeOf(path);
      if (place.kind === 'nothing') return badName(path);
      if (place.kind !== 'file') return failure('Is a folder');
      if (!handlesLeft()) return failure('Too many open files');
      const result = await openFile(fileOptions, place.folder, place.name, flags);
      return 'refused' in result ? result.refused : newHandle(openFiles, result.file);
    },
    async read(handle, offset, length) {
      return (await fileOf(handle)?.read(offset, length)) ?? failure('No such handle');
    },
    async write(handle, offset, data) {
      return (await fileOf(handle)?.write(offset, data)) ?? failure('No such handle');
    },
    async fstat(handle) {
      return (await fileOf(handle)?.attributes()) ?? failure('No such handle');
    },
    async fsetstat(handle, change) {
      return (await fileOf(handle)?.change(change)) ?? failure('No such handle');
    },
    async close(handle) {
      const id = idOf(handle);
      if (listings.delete(id)) return OK;
      const file = openFiles.get(id);
      openFiles.delete(id);
      return (await file?.close()) ?? failure('No such handle');
    },
    async opendir(path) {
      const place = placeOf(path);
      if (!handlesLeft()) return failure('Too many open files');
      if (place.kind === 'root') {
        return newHandle(
          listings,
          FOLDERS.map((folder) => entry(folder, folderAttributes())),
        );
      }
      return place.kind === 'folder' ? newHandle(listings, await list(place.folder)) : NO_SUCH_FILE;
    },
    async readdir(handle) {
      const names = listings.get(idOf(handle));
      if (names === undefined) return failure('No such handle');
      const next = names.splice(0, NAMES_PER_REPLY);
      return next.length === 0 ? { status: STATUS.eof } : { names: next };
    },
    async stat(path) {
      const place = placeOf(path);
      if (place.kind === 'nothing') return NO_SUCH_FILE;
      if (place.kind !== 'file') return { attributes: folderAttributes() };
      if (place.folder === 'firmwareUpg' && place.name === STATUS_NAME) {
        return { attributes: textAttributes(Buffer.byteLength(agent.status())) };
      }
      const stats = await files.stat(place.folder, place.name);
      const writable = RIGHTS[place.folder].write !== undefined;
      return stats === undefined ? NO_SUCH_FILE : { attributes: fileAttributes(stats, writable) };
    },
    async setstat(path, { size, mtime }) {
      const place = placeOf(path);
      if (place.kind !== 'file') return place.kind === 'nothing' ? NO_SUCH_FILE : DENIED;
      if (place.folder === 'firmwareUpg' && place.name === APPLY_NAME) return OK;
      if (RIGHTS[place.folder].write?.test(place.name) !== true) return DENIED;
      const stats = await files.stat(place.folder, place.name);
      if (stats === undefined) return NO_SUCH_FILE;
      const stored = files.pathOf(place.folder, place.name);
      if (size !== undefined && size > stats.size) return failure('A file grows by writing');
      if (size !== undefined) await truncate(stored, size);
      if (mtime !== undefined) await utimes(stored, mtime, mtime);
      return OK;
    },
    async remove(path) {
      const place = placeOf(path);
      if (place.kind !== 'file') return place.kind === 'nothing' ? NO_SUCH_FILE : failure('Is a folder');
      if ((await files.stat(place.folder, place.name)) === undefined) {
        return place.folder === 'firmwareUpg' && place.name === STATUS_NAME ? DENIED : NO_SUCH_FILE;
      }
      if (RIGHTS[place.folder].remove?.test(place.name) !== true) return DENIED;
      await files.remove(place.folder, place.name);
      if (place.folder === 'firmwareUpg') await agent.forget(place.name);
      return OK;
    },
    async rename(from, to) {
      const source = placeOf(from);
      const target = placeOf(to);
      if (target.kind === 'nothing') return badName(to);
      if (source.kind === 'nothing') return NO_SUCH_FILE;
      if (source.kind !== 'file' || target.kind !== 'file' || source.folder !== target.folder) return DENIED;
      return renameFile(source.folder, source.name, target.name);
    },
    async realpath(path) {
      return { names: [entry(`/${splitPath(path).join('/')}`, folderAttributes())] };
    },
    goesDown() {
      const now = goingDown;
      goingDown = false;
      return now;
    },
    async end() {
      const left = [...openFiles.values()];
      openFiles.clear();
      listings.clear();
      await Promise.all(left.map((file) => file.abandon()));
    },
  };
}

function idOf(handle: Buffer): number {
  return handle.length === 4 ? handle.readUInt32BE() : 0;
}

function isModuleFolder(folder: FolderName): folder is 'optionModuleUpg' | 'rmdUpg' {
  return folder === 'optionModuleUpg' || folder === 'rmdUpg';
}

/** A file in a folder of the meter whose name breaks the rules; anything else that has no place does not exist. */
function badName(path: string): Reply {
  const [folder] = splitPath(path);
  return FOLDERS.some((known) => known === folder) && splitPath(path).length === 2
    ? failure('File names have 1 to 68 ASCII characters without blanks, quotation marks and \\ / * ? < >')
    : NO_SUCH_FILE;
}
