/** Texts in the order in which people look for them: "Hall 9" before "Hall 10". */
export const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Numbers by size, texts as people order them: "meter 9" before "meter 10". */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return byName.compare(String(a), String(b));
}
