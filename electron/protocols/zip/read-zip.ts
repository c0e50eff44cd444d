import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import { ok, type Problem, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import { crc32 } from './crc32.ts';
import { nameKey, unsafeNameReason } from './member-name.ts';
import { cancelled, type Fault, REFUSING, toProblem } from './zip-fault.ts';

const inflate = promisify(inflateRaw);

/** Bounds on what an archive may ask of this PC. All sizes in bytes. */
export interface ZipLimits {
  readonly maxMembers: number;
  /** Uncompressed size of one member. */
  readonly maxMemberBytes: number;
  /** Uncompressed size of all members together. */
  readonly maxTotalBytes: number;
  /** Uncompressed : compressed of one member, judged only above RATIO_FREE_BYTES. */
  readonly maxRatio: number;
}

/** Small members may be as regular as they like: a megabyte of blanks harms nobody. */
const RATIO_FREE_BYTES = 1024 * 1024;

export interface ZipMember {
  /** As in the archive; checked, but never to be used as a path on disk. */
  readonly path: string;
  /** The uncompressed bytes; their CRC-32 was checked. */
  readonly content: Buffer;
}

export interface ZipContents {
  readonly members: readonly ZipMember[];
  /** One for each member that was left out, with its name in `details.member`. */
  readonly problems: readonly Problem[];
  /** True when the archive is built to deceive or to do harm (not merely damaged): nothing of it should be used. */
  readonly refused: boolean;
}

interface Listed {
  readonly entry: yauzl.Entry;
  readonly path: string;
}

/** Bytes of a member inside the archive, its local header included. */
interface Extent {
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
}

const END_OF_DIRECTORY = Buffer.from('504b0506', 'hex');
const LOCAL_HEADER = Buffer.from('504b0304', 'hex');
/** End record (22) and the longest comment (65535). Source: APPNOTE.TXT 4.3.16. */
const END_SEARCH = 22 + 65_535;
const FLAG_ENCRYPTED = 0x0001;
const FLAG_DATA_DESCRIPTOR = 0x0008;
const FLAG_MASKED_HEADERS = 0x2000;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const METHOD_AES = 99;
/** A 32-bit size that says "see the zip64 field". */
const SEE_ZIP64 = 0xffffffff;
const FILE_TYPE_MASK = 0xf000;
const REGULAR_FILE = 0x8000;
const FOLDER = 0x4000;

/**
 * Reads every member of a zip archive from memory into memory; nothing reaches the disk. Fails only when the archive as a whole
 * cannot be read (`<room>/not-a-zip`, `truncated`, `too-many-members`, `unreadable`, `encrypted-member`, `cancelled`); a single bad
 * member is left out and named in `problems`. Inflating stops at the declared size, which was held against the limits before.
 */
export async function readZip(
  bytes: Buffer,
  options: { readonly room: string; readonly limits: ZipLimits; readonly signal?: AbortSignal | undefined },
): Promise<Result<ZipContents>> {
  const { room, limits, signal } = options;
  const listing = await listMembers(bytes, limits);
  if (listing.fault !== null) return { ok: false, problem: toProblem(room, listing.fault, null) };
  const problems: Problem[] = [];
  let refused = false;
  const report = (fault: Fault, path: string): void => {
    problems.push(toProblem(room, fault, path));
    refused ||= REFUSING.has(fault.kind);
  };

  const names = countNames(listing.members);
  const extents: Extent[] = [];
  const members: ZipMember[] = [];
  let total = 0;
  for (const { entry, path } of listing.members) {
    if (signal?.aborted) return cancelled(room);
    const fault = faultOfEntry(entry, path, names, limits);
    if (fault !== null) {
      report(fault, path);
      continue;
    }
    if (path.endsWith('/')) continue;
    total += entry.uncompressedSize;
    if (total > limits.maxTotalBytes) {
      report({ kind: 'too-large', because: `all members together exceed ${limits.maxTotalBytes} bytes` }, path);
      break;
    }
    const read = await readMember(listing.zip, entry, bytes);
    if (read.fault === null) {
      members.push({ path, content: read.content });
      extents.push(read.extent);
    } else report(read.fault, path);
  }
  const overlap = overlapping(extents);
  if (overlap) report({ kind: 'bomb', because: 'members share the same bytes of the archive' }, '');
  return ok({ members, problems, refused });
}

/** The central directory, read to its end or to the limit. */
async function listMembers(
  bytes: Buffer,
  limits: ZipLimits,
): Promise<
  { readonly fault: null; readonly members: readonly Listed[]; readonly zip: yauzl.ZipFile } | { readonly fault: Fault }
> {
  const tail = bytes.subarray(Math.max(0, bytes.length - END_SEARCH));
  if (!tail.includes(END_OF_DIRECTORY)) {
    if (bytes.subarray(0, 4).equals(LOCAL_HEADER)) {
      return {
        fault: { kind: 'truncated', because: 'it starts like a zip archive but its directory, at the end, is missing' },
      };
    }
    return { fault: { kind: 'not-a-zip', because: 'it has neither the start nor the end of a zip archive' } };
  }
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { decodeStrings: false, validateEntrySizes: true });
    const members: Listed[] = [];
    for await (const entry of zip.eachEntry()) {
      if (members.length >= limits.maxMembers) {
        return { fault: { kind: 'too-many-members', because: `it has more than ${limits.maxMembers} members` } };
      }
      members.push({ entry, path: nameOf(entry) });
    }
    return { fault: null, members, zip };
  } catch (thrown) {
    const because = `its directory cannot be read: ${reasonOf(thrown)}`;
    return { fault: { kind: /encryption/.test(because) ? 'encrypted-member' : 'unreadable', because } };
  }
}

function nameOf(entry: yauzl.Entry): string {
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

function countNames(listed: readonly Listed[]): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const { path } of listed) {
    const key = nameKey(path.endsWith('/') ? path.slice(0, -1) : path);
    names.set(key, (names.get(key) ?? 0) + 1);
  }
  return names;
}

/** Everything that can be said of a member from the directory alone. */
function faultOfEntry(
  entry: yauzl.Entry,
  path: string,
  names: ReadonlyMap<string, number>,
  limits: ZipLimits,
): Fault | null {
  const unsafe =
    unsafeNameReason(path) ?? (entry.fileNameRaw.some((byte) => byte < 0x20) ? 'the name has control bytes' : null);
  if (unsafe !== null) return { kind: 'unsafe-path', because: unsafe };
  const isFolder = path.endsWith('/');
  const kind = unixKind(entry);
  if (kind !== 0 && kind !== (isFolder ? FOLDER : REGULAR_FILE)) {
    return { kind: 'unsafe-path', because: 'it is a link or a device, not a plain file' };
  }
  if (isFolder && entry.uncompressedSize > 0) return { kind: 'unsafe-path', because: 'it is a folder that holds data' };
  if ((names.get(nameKey(isFolder ? path.slice(0, -1) : path)) ?? 0) > 1) {
    return { kind: 'duplicate-member', because: 'another member has the same name (capitals do not count)' };
  }
  const encrypted = (entry.generalPurposeBitFlag & (FLAG_ENCRYPTED | FLAG_MASKED_HEADERS)) !== 0;
  if (encrypted || entry.compressionMethod === METHOD_AES) {
    return { kind: 'encrypted-member', because: 'its bytes are encrypted' };
  }
  if (entry.compressionMethod !== METHOD_STORED && entry.compressionMethod !== METHOD_DEFLATED) {
    return { kind: 'unreadable', because: `compression method ${entry.compressionMethod} is not supported` };
  }
  if (entry.uncompressedSize > limits.maxMemberBytes) {
    return {
      kind: 'too-large',
      because: `it says it has ${entry.uncompressedSize} bytes, more than ${limits.maxMemberBytes}`,
    };
  }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > RATIO_FREE_BYTES && ratio > limits.maxRatio) {
    return { kind: 'bomb', because: `it unpacks to ${Math.round(ratio)} times its size, more than ${limits.maxRatio}` };
  }
  return null;
}

/** File type bits of a member that was made on Unix, 0 where it says nothing. */
function unixKind(entry: yauzl.Entry): number {
  return (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK;
}

/** Local header, bounds, inflating, size and CRC-32 of one member. */
async function readMember(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  bytes: Buffer,
): Promise<{ readonly fault: null; readonly content: Buffer; readonly extent: Extent } | { readonly fault: Fault }> {
  let extent: Extent;
  try {
    const local = await zip.readLocalFileHeaderPromise(entry);
    const mismatch = headerMismatch(entry, local);
    if (mismatch !== null) return { fault: { kind: 'unreadable', because: mismatch } };
    const dataStart = local.fileDataStart;
    extent = { start: entry.relativeOffsetOfLocalHeader, dataStart, end: dataStart + entry.compressedSize };
  } catch (thrown) {
    return { fault: { kind: 'unreadable', because: reasonOf(thrown) } };
  }
  const stored = bytes.subarray(extent.dataStart, extent.end);
  const content =
    entry.compressionMethod === METHOD_STORED ? stored : await inflateBounded(stored, entry.uncompressedSize);
  if (!Buffer.isBuffer(content)) return { fault: content };
  if (content.length !== entry.uncompressedSize) {
    return {
      fault: { kind: 'unreadable', because: `it has ${content.length} bytes instead of ${entry.uncompressedSize}` },
    };
  }
  if ((await crc32(content)) !== entry.crc32) {
    return { fault: { kind: 'unreadable', because: 'its checksum (CRC-32) does not fit its bytes' } };
  }
  return { fault: null, content, extent };
}

/** A tool that reads local headers must see what a tool that reads the directory sees. */
function headerMismatch(entry: yauzl.Entry, local: yauzl.LocalFileHeader): string | null {
  if (!local.fileName.equals(entry.fileNameRaw)) return 'it has two different names';
  if (local.compressionMethod !== entry.compressionMethod) return 'it has two different compression methods';
  if (((local.generalPurposeBitFlag ^ entry.generalPurposeBitFlag) & FLAG_ENCRYPTED) !== 0)
    return 'half of it says it is encrypted';
  if ((local.generalPurposeBitFlag & FLAG_DATA_DESCRIPTOR) !== 0) return null;
  if (local.crc32 !== entry.crc32) return 'it has two different checksums';
  if (local.uncompressedSize !== entry.uncompressedSize && local.uncompressedSize !== SEE_ZIP64)
    return 'it has two different sizes';
  if (local.compressedSize !== entry.compressedSize && local.compressedSize !== SEE_ZIP64)
    return 'it has two different packed sizes';
  return null;
}

async function inflateBounded(packed: Buffer, declared: number): Promise<Buffer | Fault> {
  try {
    return await inflate(packed, { maxOutputLength: Math.max(1, declared), chunkSize: 64 * 1024 });
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      return { kind: 'bomb', because: `it says it has ${declared} bytes but unpacks to more` };
    }
    return { kind: 'unreadable', because: `it cannot be unpacked: ${reasonOf(thrown)}` };
  }
}

function overlapping(extents: readonly Extent[]): boolean {
  const sorted = [...extents].sort((a, b) => a.start - b.start);
  return sorted.some((extent, index) => {
    const before = sorted[index - 1];
    return before !== undefined && extent.start < before.end;
  });
}
