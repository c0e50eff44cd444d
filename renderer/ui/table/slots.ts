/** Numbers of the elements that show the rows with these ids; called with each window of rows in turn, of which no id comes twice. */
type Assign = (ids: readonly string[], active: string | undefined) => ReadonlyMap<string, number>;

/**
 * Gives the elements of rows that scrolled out to rows that scrolled in: to change the text of an element takes a fraction of the time that a
 * new one takes. Rows that stay keep their element while they are many; where most are new every element stays in its place, because moving
 * one takes as long as making it.
 *
 * The element of the active row, which may have the focus, shows no other row: when that row is gone, scrolled out or filtered out or removed,
 * its element ends with it, and the focus too, so that no key acts on a row that took its place.
 */
export function createSlots(): Assign {
  let held: ReadonlyMap<string, number> = new Map();
  let made = 0;
  return (ids, active) => {
    const staying = ids.filter((id) => held.has(id));
    const many = staying.length * 2 >= ids.length;
    const kept = new Set(many ? staying : staying.filter((id) => id === active));
    const free = [...held].flatMap(([id, slot]) => (kept.has(id) || id === active ? [] : [slot]));
    const next = new Map<string, number>();
    for (const id of ids) {
      const slot = kept.has(id) ? held.get(id) : free.shift();
      next.set(id, slot ?? made);
      if (slot === undefined) made += 1;
    }
    held = next;
    return next;
  };
}
