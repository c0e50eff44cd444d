import yazl from 'yazl';

/** A member to pack; compressed unless it says otherwise. */
export interface NewMember {
  readonly name: string;
  readonly content: Buffer;
  readonly compress?: boolean;
}

/** One time for all members keeps two builds of the same package equal, byte for byte. */
const PACKED_AT = new Date(2025, 3, 1, 12, 0, 0);
/** A plain file that everybody may read. */
const MODE = 0o100644;

/** A zip archive of the members, in their order. */
export function zipOf(members: readonly NewMember[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const { name, content, compress } of members) {
    zip.addBuffer(content, name, {
      compress: compress ?? true,
      mtime: PACKED_AT,
      mode: MODE,
      forceDosTimestamp: true,
    });
  }
  zip.end();
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.once('error', reject);
    zip.outputStream.once('end', () => resolve(Buffer.concat(pieces)));
  });
}

/**
 * Gives a member another name of the same length, in its local header and in the directory: the only way to a name that a packer
 * refuses to write. Throws when the name does not stand in the archive exactly twice.
 */
export function renameMember(zip: Buffer, from: string, to: string): Buffer {
  const [before, after] = [Buffer.from(from, 'utf8'), Buffer.from(to, 'utf8')];
  if (before.length !== after.length) throw new RangeError('Both names of a member need the same length.');
  const patched = Buffer.from(zip);
  let found = 0;
  for (let at = patched.indexOf(before); at >= 0; at = patched.indexOf(before, at + before.length)) {
    after.copy(patched, at);
    found += 1;
  }
  if (found !== 2) throw new Error(`The name of a member stands in an archive twice, not ${found} times.`);
  return patched;
}

/** Date and time of MS-DOS for {@link withFixedTimes}: 1 January 2025, 0:00. */
const FIXED_TIME = Buffer.from([0x00, 0x00, 0x21, 0x5a]);
const END_RECORD = 0x06054b50;

/**
 * The same archive with one fixed time for all members, so that two runs give equal bytes. For archives without a comment that were packed
 * in this process. Source: APPNOTE.TXT 6.3.10, 4.3.7, 4.3.12 and 4.3.16.
 */
export function withFixedTimes(zip: Buffer): Buffer {
  const fixed = Buffer.from(zip);
  const end = fixed.length - 22;
  if (end < 0 || fixed.readUInt32LE(end) !== END_RECORD)
    throw new Error('The archive has no end record where it should be.');
  let entry = fixed.readUInt32LE(end + 16);
  for (let left = fixed.readUInt16LE(end + 10); left > 0; left -= 1) {
    FIXED_TIME.copy(fixed, entry + 12);
    FIXED_TIME.copy(fixed, fixed.readUInt32LE(entry + 42) + 10);
    entry += 46 + fixed.readUInt16LE(entry + 28) + fixed.readUInt16LE(entry + 30) + fixed.readUInt16LE(entry + 32);
  }
  return fixed;
}
