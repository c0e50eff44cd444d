/** What the version resource of a Windows program says of its version. */
export interface VersionResource {
  /** `dwFileVersion` of VS_FIXEDFILEINFO as four 16-bit numbers, null when there is no valid block. */
  readonly fixedFile: readonly [number, number, number, number] | null;
  /** `FileVersion` and `ProductVersion` of the first string table that has them. */
  readonly fileVersion: string | null;
  readonly productVersion: string | null;
}

/** One block of the resource: a header of three words, a key, a value and child blocks, each aligned to four bytes. */
interface Block {
  readonly key: string;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
}

const SIGNATURE = 0xfeef04bd;
const FIXED_INFO_LENGTH = 52;
/** Real programs have a few dozen blocks; a file that needs more is not read further. */
const MAX_BLOCKS = 512;
const MAX_TEXT = 64;

/**
 * Reads a VS_VERSIONINFO block (Microsoft, "VS_VERSIONINFO structure"). Bytes are hostile: every block lies inside its parent, is at
 * least as long as its own header and so moves the reader forward; what does not fit ends the reading. Null when it is no version resource.
 */
export function readVersionResource(bytes: Uint8Array): VersionResource | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const root = readBlock(view, 0, view.byteLength);
  if (root === null || root.key !== 'VS_VERSION_INFO') return null;
  const strings = new Map<string, string>();
  const budget = { left: MAX_BLOCKS };
  for (const info of children(view, root, budget)) {
    if (info.key !== 'StringFileInfo') continue;
    for (const table of children(view, info, budget)) {
      for (const entry of children(view, table, budget)) {
        if (!strings.has(entry.key)) strings.set(entry.key, readText(view, entry.valueStart, entry.end, MAX_TEXT));
      }
    }
  }
  return {
    fixedFile: readFixed(view, root),
    fileVersion: strings.get('FileVersion') ?? null,
    productVersion: strings.get('ProductVersion') ?? null,
  };
}

/** The header and key of the block at `at`, or null when it does not fit before `limit`. */
function readBlock(view: DataView, at: number, limit: number): Block | null {
  if (at + 6 > limit) return null;
  const length = view.getUint16(at, true);
  const valueLength = view.getUint16(at + 2, true);
  const isText = view.getUint16(at + 4, true) === 1;
  const end = at + length;
  if (length < 8 || end > limit) return null;
  const key = readText(view, at + 6, end, MAX_TEXT);
  const valueStart = Math.min(align(at + 6 + 2 * (key.length + 1)), end);
  const valueEnd = Math.min(valueStart + (isText ? 2 * valueLength : valueLength), end);
  return { key, valueStart, valueEnd, end };
}

/** The child blocks, in order, until one does not fit or the budget of blocks is spent. */
function* children(view: DataView, parent: Block, budget: { left: number }): Generator<Block> {
  let at = align(parent.valueEnd);
  while (budget.left > 0) {
    budget.left -= 1;
    const child = readBlock(view, at, parent.end);
    if (child === null) return;
    yield child;
    at = align(child.end);
  }
}

function readFixed(view: DataView, root: Block): VersionResource['fixedFile'] {
  const at = root.valueStart;
  if (root.valueEnd - at < FIXED_INFO_LENGTH || view.getUint32(at, true) !== SIGNATURE) return null;
  const word = (offset: number): number => view.getUint16(at + offset, true);
  // Each 32-bit half is little-endian, so its high word stands second.
  return [word(10), word(8), word(14), word(12)];
}

/** UTF-16LE up to a NUL, `end` or `max` characters. */
function readText(view: DataView, start: number, end: number, max: number): string {
  let text = '';
  for (let at = start; at + 2 <= end && text.length < max; at += 2) {
    const unit = view.getUint16(at, true);
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return text;
}

function align(offset: number): number {
  return (offset + 3) & ~3;
}
