import { createHash } from 'node:crypto';

/** Longest local name, so that `<out>/<bag>/data/<item>/files/<folder>/<folder>/<name>` stays below the 260 characters of Windows. */
const MAX_LENGTH = 72;
const MAX_EXTENSION = 12;
/** Device names of Windows; they are reserved with any extension and in any case. Source: "Naming Files, Paths, and Namespaces", Microsoft Learn. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)(\.|$)/i;

/**
 * A name that every file system of Windows, macOS and Linux takes as it is, for a name that a meter or a person gave: ASCII letters, digits and
 * `._-+=@,()`; everything else becomes `_`. Not reversible: the original name belongs into an index.
 */
export function safeLocalName(original: string): string {
  const plain = original.replace(/[^A-Za-z0-9._\-+=@,()]/g, '_');
  const framed = plain.replace(/^\./, '_').replace(/\.$/, '_');
  const named = framed === '' ? '_' : framed;
  return shorten(RESERVED.test(named) ? `_${named}` : named, original);
}

/** Cuts a long name and keeps its extension; the start of the hash of the original keeps two long names apart. */
function shorten(name: string, original: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const { stem, extension } = split(name);
  const mark = `~${createHash('sha256').update(original).digest('hex').slice(0, 8)}`;
  return `${stem.slice(0, MAX_LENGTH - mark.length - extension.length)}${mark}${extension}`;
}

/** Gives out local names, none twice in a folder; names that differ only in case count as the same, as they do on Windows and macOS. */
export interface LocalNames {
  /**
   * Local path (segments joined with `/`) for an original path. The same original folder always becomes the same local folder, so that files
   * stay together; a file gets a new name each time.
   */
  allocate(segments: readonly string[]): string;
}

/** Starts with nothing given out. */
export function createLocalNames(): LocalNames {
  const taken = new Set<string>();
  const folders = new Map<string, string>();

  const unused = (parent: string, original: string): string => {
    const wanted = safeLocalName(original);
    const { stem, extension } = split(wanted);
    for (let attempt = 1; ; attempt += 1) {
      const suffix = attempt === 1 ? '' : `~${attempt}`;
      const path = `${parent}${stem}${suffix}${extension}`;
      if (taken.has(path.toLowerCase())) continue;
      taken.add(path.toLowerCase());
      return path;
    }
  };

  return {
    allocate(segments) {
      let parent = '';
      let originalParent = '';
      for (const segment of segments.slice(0, -1)) {
        // JSON keeps ["a/b"] and ["a","b"] apart whatever a name contains.
        originalParent = JSON.stringify([originalParent, segment]);
        const known = folders.get(originalParent) ?? `${unused(parent, segment)}/`;
        folders.set(originalParent, known);
        parent = known;
      }
      return unused(parent, segments.at(-1) ?? '');
    },
  };
}

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || name.length - dot > MAX_EXTENSION) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension: name.slice(dot) };
}
