import { crc32 as crcOf, deflateRawSync } from 'node:zlib';

/** A zip member written by hand, so that every field can lie. */
export interface RawMember {
  readonly name: string;
  readonly content: Buffer;
  /** 0 stored, 8 deflated (default). */
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** Uncompressed size in both headers. */
  readonly size?: number;
  /** Name in the local header. */
  readonly localName?: string;
  /** External attributes, Unix mode in the upper half. */
  readonly mode?: number;
  /** Sizes go after the data and the local header has zeros. */
  readonly descriptor?: boolean;
  /** Sizes and offset stand in the zip64 field. */
  readonly zip64?: boolean;
  /** Only a directory entry, for a local header that is already at this offset. */
  readonly at?: number;
}

export interface RawOptions {
  readonly zip64End?: boolean;
  readonly comment?: Buffer;
  readonly junkAfter?: Buffer;
  /** Number of members in the end record. */
  readonly entryCount?: number;
}

/** Writes an archive field by field. Source: APPNOTE.TXT 6.3.10, 4.3. */
export function rawZip(members: readonly RawMember[], options: RawOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const method = member.method ?? 8;
    const packed = method === 8 ? deflateRawSync(member.content) : member.content;
    const flags = (member.flags ?? 0x0800) | (member.descriptor === true ? 8 : 0);
    const facts = {
      method,
      flags,
      crc: member.crc ?? crcOf(member.content),
      packed: packed.length,
      size: member.size ?? member.content.length,
    };
    directory.push(centralHeader(member, facts, member.at ?? offset));
    if (member.at !== undefined) continue;
    const local = localHeader(member, facts);
    const parts = [local, packed, ...(member.descriptor === true ? [descriptor(facts)] : [])];
    pieces.push(...parts);
    offset += parts.reduce((sum, part) => sum + part.length, 0);
  }
  const central = Buffer.concat(directory);
  const comment = options.comment ?? Buffer.alloc(0);
  const count = options.entryCount ?? members.length;
  const tail = options.zip64End === true ? zip64End(count, central.length, offset) : Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64End === true ? 0xffff : count & 0xffff, 8);
  end.writeUInt16LE(options.zip64End === true ? 0xffff : count & 0xffff, 10);
  end.writeUInt32LE(options.zip64End === true ? 0xffffffff : central.length, 12);
  end.writeUInt32LE(options.zip64End === true ? 0xffffffff : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...pieces, central, tail, end, comment, options.junkAfter ?? Buffer.alloc(0)]);
}

interface Facts {
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

function localHeader(member: RawMember, facts: Facts): Buffer {
  const name = Buffer.from(member.localName ?? member.name, 'utf8');
  const extra = member.zip64 === true ? zip64Extra([facts.size, facts.packed]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(45, 4);
  header.writeUInt16LE(facts.flags, 6);
  header.writeUInt16LE(facts.method, 8);
  if (member.descriptor !== true) {
    header.writeUInt32LE(facts.crc, 14);
    header.writeUInt32LE(member.zip64 === true ? 0xffffffff : facts.packed, 18);
    header.writeUInt32LE(member.zip64 === true ? 0xffffffff : facts.size, 22);
  }
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function centralHeader(member: RawMember, facts: Facts, offset: number): Buffer {
  const name = Buffer.from(member.name, 'utf8');
  const extra = member.zip64 === true ? zip64Extra([facts.size, facts.packed, offset]) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | 45, 4);
  header.writeUInt16LE(45, 6);
  header.writeUInt16LE(facts.flags, 8);
  header.writeUInt16LE(facts.method, 10);
  header.writeUInt32LE(facts.crc, 16);
  header.writeUInt32LE(member.zip64 === true ? 0xffffffff : facts.packed, 20);
  header.writeUInt32LE(member.zip64 === true ? 0xffffffff : facts.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 38);
  header.writeUInt32LE(member.zip64 === true ? 0xffffffff : offset, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return extra;
}

function descriptor(facts: Facts): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(facts.crc, 4);
  bytes.writeUInt32LE(facts.packed, 8);
  bytes.writeUInt32LE(facts.size, 12);
  return bytes;
}

function zip64End(count: number, directorySize: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directorySize), 40);
  record.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}
