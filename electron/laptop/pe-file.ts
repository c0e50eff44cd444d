/** Windows loads no image with more sections than this. */
const MAX_SECTIONS = 96;
/** Entries looked at in one resource directory; real programs have some dozens of types. */
const MAX_ENTRIES = 4096;
/** A version resource counts its own length in 16 bits. */
const MAX_RESOURCE = 0x1_0000;
const RESOURCE_DIRECTORY = 2;
const TYPE_VERSION = 16;

interface Section {
  readonly address: number;
  readonly fileOffset: number;
  readonly fileLength: number;
}

/**
 * Finds the first version resource (type 16) of a Windows program and returns its bytes as a view into the file, or null
 * when the file is no PE image or has none. Source: Microsoft, "PE Format", the .rsrc section.
 *
 * It goes down one branch of the resource tree and copies nothing, so that its work is bounded whatever the counts in the file
 * say. The resource libraries for Node read the whole tree, copy each leaf and trust the lengths they find: a crafted file makes
 * them loop for ever or fill the memory, and this file comes from a disk that we do not know.
 */
export function findVersionResource(file: Uint8Array): Uint8Array | null {
  try {
    return locate(file, new DataView(file.buffer, file.byteOffset, file.byteLength));
  } catch (thrown) {
    // An offset in the file points outside it: the DataView refuses, and the file is no program that can be read.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function locate(file: Uint8Array, view: DataView): Uint8Array | null {
  if (view.getUint16(0, true) !== 0x5a4d) return null;
  const header = view.getUint32(0x3c, true);
  if (view.getUint32(header, true) !== 0x0000_4550) return null;
  const optional = header + 24;
  const directories = directoriesOffset(view.getUint16(optional, true));
  if (directories === null || view.getUint32(optional + directories - 4, true) <= RESOURCE_DIRECTORY) return null;
  const address = view.getUint32(optional + directories + 8 * RESOURCE_DIRECTORY, true);
  if (address === 0) return null;

  const sections = readSections(
    view,
    optional + view.getUint16(header + 20, true),
    Math.min(view.getUint16(header + 6, true), MAX_SECTIONS),
  );
  const root = fileOffset(sections, address);
  if (root === null) return null;
  const versions = entryOffset(view, root, root, (id) => id === TYPE_VERSION, 'folder');
  const name = versions === null ? null : entryOffset(view, root, versions, () => true, 'folder');
  const leaf = name === null ? null : entryOffset(view, root, name, () => true, 'data');
  if (leaf === null) return null;

  const start = fileOffset(sections, view.getUint32(leaf, true));
  const length = view.getUint32(leaf + 4, true);
  if (start === null || length > MAX_RESOURCE || start + length > file.length) return null;
  return file.subarray(start, start + length);
}

/** Where the data directories start inside the optional header: PE32 or PE32+. */
function directoriesOffset(magic: number): number | null {
  if (magic === 0x10b) return 96;
  if (magic === 0x20b) return 112;
  return null;
}

function readSections(view: DataView, start: number, count: number): readonly Section[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + 40 * index;
    return {
      address: view.getUint32(at + 12, true),
      fileLength: view.getUint32(at + 16, true),
      fileOffset: view.getUint32(at + 20, true),
    };
  });
}

/** Where an address of the loaded image stands in the file, or null when no section holds it. */
function fileOffset(sections: readonly Section[], address: number): number | null {
  const section = sections.find((one) => address >= one.address && address - one.address < one.fileLength);
  return section === undefined ? null : section.fileOffset + (address - section.address);
}

/** The first entry of a resource directory that is wanted and of the right kind; its target as an offset in the file. */
function entryOffset(
  view: DataView,
  root: number,
  directory: number,
  wanted: (id: number) => boolean,
  kind: 'folder' | 'data',
): number | null {
  const count = Math.min(view.getUint16(directory + 12, true) + view.getUint16(directory + 14, true), MAX_ENTRIES);
  for (let index = 0; index < count; index += 1) {
    const at = directory + 16 + 8 * index;
    const target = view.getUint32(at + 4, true);
    const isFolder = target >= 0x8000_0000;
    if (wanted(view.getUint32(at, true)) && isFolder === (kind === 'folder')) {
      return root + (isFolder ? target - 0x8000_0000 : target);
    }
  }
  return null;
}
