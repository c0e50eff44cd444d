import { fail, type Problem } from '../../../shared/domain/problem.ts';
import type { ProfileRow } from '../../protocols/dlms/types.ts';
import { sameRow } from './cells.ts';
import { obisText } from './obis.ts';
import { dated, type Reading } from './reading.ts';

/** How a way of reading ended. `moved`: rows have other numbers than when it began; `last` is the last row that was passed. */
export type Ended =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'moved'; readonly last: ProfileRow | undefined };

/**
 * Reads rows 1 to `entries` by their numbers. Each request starts at the last row of the one before, and goes on only when that is the same row:
 * this is how it is noticed, at any time and after any drop, that the log was cleared or that rows fell off its end.
 */
export async function readByEntry(reading: Reading, entries: number): Promise<Ended> {
  const { shape } = reading;
  const atOnce = reading.way.rowsAtOnce();
  let next = 1;
  let last: ProfileRow | undefined;
  while (next <= entries) {
    const overlap = last === undefined ? 0 : 1;
    const first = next - overlap;
    const to = Math.min(entries, next + atOnce - 1);
    let seen = 0;
    let moved = false;
    const fetched = await reading.fetch({ kind: 'entry', from: first, to }, async (rows) => {
      const fresh: ProfileRow[] = [];
      for (const row of rows) {
        seen += 1;
        if (seen === 1 && last !== undefined) {
          moved = !sameRow(row, last);
          if (moved) return 'stop';
          continue;
        }
        if (seen > to - first + 1) break;
        last = dated(row, last, shape.capturePeriod);
        fresh.push(last);
      }
      next += fresh.length;
      await reading.deliver(fresh);
      return undefined;
    });
    if (fetched.kind === 'refused') {
      return last === undefined ? fetched : { kind: 'failed', problem: fetched.problem };
    }
    if (fetched.kind === 'failed') return fetched;
    if (fetched.kind === 'lost') {
      const gone = await reading.recover(fetched.problem);
      if (gone !== undefined) return { kind: 'failed', problem: gone };
    } else if (moved || seen < to - first + 1) return { kind: 'moved', last };
    else if (seen > to - first + 1) return { kind: 'failed', problem: tooMany(reading, to - first + 1) };
  }
  return { kind: 'done' };
}

function tooMany({ shape, counts }: Reading, asked: number): Problem {
  return fail({
    code: 'logs/unasked-rows',
    title: 'The meter sends rows that were not asked for',
    because: `${asked} rows of ${obisText(shape.obis)} were asked for by their numbers, and more came; which ones is not known.`,
    nextStep: 'Try again; if this stays, read a range of time instead.',
    details: { recorder: obisText(shape.obis), rows: counts.rows },
  }).problem;
}
