import type { Content } from './object.ts';

/** A long answer that is taken piece by piece. */
export interface Blocks {
  /** Whether so many bytes are enough for all that is left. */
  endsWithin(limit: number): boolean;
  /** At most so many bytes; fewer only at the end. */
  take(limit: number): Buffer;
}

export function createBlocks(content: Content): Blocks {
  const source = content[Symbol.iterator]();
  let pieces: Buffer[] = [];
  let size = 0;
  let over = false;

  function fill(wanted: number): void {
    while (!over && size < wanted) {
      const next = source.next();
      if (next.done === true) over = true;
      else {
        pieces.push(next.value);
        size += next.value.length;
      }
    }
  }

  return {
    endsWithin(limit) {
      fill(limit + 1);
      return size <= limit;
    },
    take(limit) {
      fill(limit);
      const all = Buffer.concat(pieces, size);
      const rest = all.subarray(limit);
      pieces = [rest];
      size = rest.length;
      return all.subarray(0, limit);
    },
  };
}
