/** Algorithms that hash lists use, by the length of the hash in hex digits. MD5 and SHA-1 show transfer errors only. */
const HASH_ALGORITHMS = ['sha256', 'sha1', 'sha512', 'md5'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

const BY_LENGTH: ReadonlyMap<number, HashAlgorithm> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
  [128, 'sha512'],
]);

export interface HashListEntry {
  /** As written in the list, with forward slashes and without a leading `./`. */
  readonly name: string;
  readonly algorithm: HashAlgorithm;
  /** Hex, lower case. */
  readonly hash: string;
}

/** More lines or longer ones are no hash list; the bound keeps the patterns below cheap. */
const MAX_LINES = 20_000;
const MAX_LINE_LENGTH = 1024;

/** `sha256`, `SHA-256`, `sha_512`, `MD5`, and the words lists put in front of a hash or a name. */
const ALGORITHM_LABEL = /^(?:sha-?_?(?:1|256|512)|md-?5)(?: ?(?:hash|sum|checksum))?$/i;
const HASH_LABEL = /^(?:hash|checksum|digest)$/i;
const NAME_PREFIX = /^(?:file ?name|file|name|path)[ \t]*[:=][ \t]*/i;
const TAGGED = /^[A-Za-z0-9_-]{3,12} ?\((.+)\) ?= ?([0-9A-Fa-f]{32,128})$/;
const CERTUTIL = /^[A-Za-z0-9-]{3,12} hash of (?:file )?(.+):$/i;

/**
 * Reads the usual shapes of hash lists, line by line: `hash  name`, `hash *name`, `name: hash`, `name = hash`, `SHA256 (name) = hash`,
 * `name<tab>hash`, hash and name on two lines in either order, PowerShell's Get-FileHash and Windows' certutil. Lines of any other
 * shape are skipped: a text without any hash gives an empty list.
 */
export function parseHashList(text: string): readonly HashListEntry[] {
  const entries: HashListEntry[] = [];
  /** A name or a hash that stands alone on its line waits for its other half. */
  let waitingName: string | null = null;
  let waitingHash: string | null = null;
  const lines = text.split(/\r\n|\n|\r/, MAX_LINES);
  for (const raw of lines) {
    const line = raw.trim();
    if (line === '' || line.length > MAX_LINE_LENGTH || /^[#;]|^\/\//.test(line)) continue;
    const shape = shapeOf(line);
    if (shape.hash !== null && shape.name !== null) {
      add(entries, shape.name, shape.hash);
      waitingHash = null;
    } else if (shape.hash !== null) {
      if (waitingName !== null) add(entries, waitingName, shape.hash);
      else waitingHash = shape.hash;
    } else if (shape.name !== null) {
      if (waitingHash === null) waitingName = shape.name;
      else add(entries, shape.name, waitingHash);
      waitingHash = null;
    }
  }
  return entries;
}

interface LineShape {
  readonly name: string | null;
  readonly hash: string | null;
}

function shapeOf(line: string): LineShape {
  const tagged = TAGGED.exec(line);
  if (tagged?.[1] !== undefined && tagged[2] !== undefined) return { name: tagged[1], hash: hashOf(tagged[2]) };
  const certutil = CERTUTIL.exec(line);
  if (certutil?.[1] !== undefined) return { name: certutil[1], hash: null };

  const lineWithoutAlgorithm = withoutAlgorithmColumn(line);
  const front = /^\\?([0-9A-Fa-f]{32,128})(?![0-9A-Za-z])/.exec(lineWithoutAlgorithm);
  const frontHash = hashOf(front?.[1]);
  if (front !== null && frontHash !== null) {
    const rest = lineWithoutAlgorithm.slice(front[0].length).replace(/^[ \t]*[*:=,;]?[ \t]*/, '');
    return { name: rest === '' ? null : rest, hash: frontHash };
  }
  const tail = /(?:^|[\s:=,;])([0-9A-Fa-f]{32,128})$/.exec(line);
  const tailHash = hashOf(tail?.[1]);
  if (tail !== null && tailHash !== null) return { name: nameBefore(line.slice(0, tail.index)), hash: tailHash };
  return { name: loneName(line), hash: null };
}

/** Get-FileHash prints `SHA256   <hash>   <path>`. */
function withoutAlgorithmColumn(line: string): string {
  const column = /^([A-Za-z0-9-]{3,6})[ \t]+(?=[0-9A-Fa-f]{32})/.exec(line);
  return column?.[1] !== undefined && ALGORITHM_LABEL.test(column[1]) ? line.slice(column[0].length) : line;
}

/** What stands in front of a hash: a name, or null for a label such as `SHA256:` that speaks of the line before. */
function nameBefore(text: string): string | null {
  const name = withoutEnd(text, ' \t:=,;').replace(NAME_PREFIX, '');
  if (name === '' || ALGORITHM_LABEL.test(name) || HASH_LABEL.test(name)) return null;
  return withoutEnd(stripTrailingLabel(name), ' \t:=,;');
}

/** `image.upx SHA256: <hash>` and `image.upx (SHA-256): <hash>` name the file first. */
function stripTrailingLabel(name: string): string {
  const last = /[ \t][([]?([A-Za-z0-9-]{3,7})[)\]]?$/.exec(name);
  return last?.[1] !== undefined && ALGORITHM_LABEL.test(last[1]) ? name.slice(0, last.index) : name;
}

/** A line that may be nothing but a file name: it has an extension and no sentence around it. */
function loneName(line: string): string | null {
  const name = line.replace(NAME_PREFIX, '');
  return /\.[A-Za-z0-9]{1,8}$/.test(name) && name.length <= 260 && !/[<>|?]/.test(name) ? name : null;
}

function hashOf(hex: string | undefined): string | null {
  return hex !== undefined && BY_LENGTH.has(hex.length) ? hex.toLowerCase() : null;
}

function add(entries: HashListEntry[], name: string, hash: string): void {
  const algorithm = BY_LENGTH.get(hash.length);
  const clean = name
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\/g, '/')
    .replace(/^\.\//, '');
  if (algorithm !== undefined && clean !== '') entries.push({ name: clean, algorithm, hash });
}

function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end).trim();
}
