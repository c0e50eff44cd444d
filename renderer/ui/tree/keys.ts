/** An entry of a tree that is shown. */
export interface TreeEntry {
  readonly name: string;
  /** From 1. */
  readonly level: number;
  /** Whether its parts are shown; undefined where it has none. */
  readonly open: boolean | undefined;
}

/** What a key does in a tree: go to an entry, open or close entries, or choose the one that is active. */
export type TreeAct =
  | { readonly act: 'go'; readonly to: number }
  | { readonly act: 'open' | 'close'; readonly which: readonly number[] }
  | { readonly act: 'choose' };

/**
 * What a key does at an entry of a tree, by the pattern "Tree View" of the ARIA Authoring Practices; undefined where it is none of those keys. `page` is
 * how many entries are seen at once.
 */
export function treeAct(entries: readonly TreeEntry[], at: number, key: string, page: number): TreeAct | undefined {
  const last = entries.length - 1;
  const go = (to: number): TreeAct => ({ act: 'go', to: Math.max(0, Math.min(last, to)) });
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'PageDown':
      return go(at + page);
    case 'PageUp':
      return go(at - page);
    case 'Home':
      return go(0);
    case 'End':
      return go(last);
    case 'ArrowRight':
      return entries[at]?.open === false ? { act: 'open', which: [at] } : go(entries[at]?.open === true ? at + 1 : at);
    case 'ArrowLeft':
      return entries[at]?.open === true ? { act: 'close', which: [at] } : go(parentOf(entries, at));
    case '*':
      return { act: 'open', which: peersOf(entries, at).filter((peer) => entries[peer]?.open === false) };
    case 'Enter':
    case ' ':
      return { act: 'choose' };
    default:
      return undefined;
  }
}

/** How long after a letter the next one goes on with the same word, in milliseconds. */
const SAME_WORD_MS = 700;

/** Finds entries by letters typed one after the other; `at` is the time of each in milliseconds. */
export function createTypeAhead(): (entries: readonly TreeEntry[], from: number, letter: string, at: number) => number {
  let word = '';
  let last = Number.NEGATIVE_INFINITY;
  return (entries, from, letter, at) => {
    word = at - last > SAME_WORD_MS ? letter : word + letter;
    last = at;
    // The same letter again and again goes through all that begin with it.
    const again = [...word].every((one) => one === letter);
    const begin = (again ? letter : word).toLowerCase();
    const start = again ? from + 1 : from;
    const found = entries.findIndex((_, step) => {
      const name = entries[(start + step) % entries.length]?.name ?? '';
      return name.toLowerCase().startsWith(begin);
    });
    return found === -1 ? from : (start + found) % entries.length;
  };
}

/** The entry that this one is part of; itself on the first level. */
function parentOf(entries: readonly TreeEntry[], at: number): number {
  const level = entries[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) if ((entries[index]?.level ?? 1) < level) return index;
  return at;
}

/** All entries that are part of the same as this one, with it. */
function peersOf(entries: readonly TreeEntry[], at: number): readonly number[] {
  const level = entries[at]?.level ?? 1;
  const parent = parentOf(entries, at);
  const first = parent === at ? 0 : parent + 1;
  const after = entries.findIndex((entry, index) => index > at && entry.level < level);
  const end = after === -1 ? entries.length : after;
  return entries.flatMap((entry, index) => (index >= first && index < end && entry.level === level ? [index] : []));
}
