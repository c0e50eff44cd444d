import { fail, type Problem } from '../../../shared/domain/problem.ts';
import type { ProfileRow } from '../../protocols/dlms/types.ts';
import type { Ended } from './by-entry.ts';
import { sameRow } from './cells.ts';
import { obisText } from './obis.ts';
import type { Reading } from './reading.ts';

/**
 * Reads the whole buffer, for meters that select nothing. After a drop it starts from the first row again and passes over what was handed over: as many
 * rows, of which the last one has to be the last one of before. When it is not, the log has changed meanwhile, and nothing can tell which rows are
 * new; the read ends then with `logs/moved`.
 */
export async function readWhole(reading: Reading): Promise<Ended> {
  let last: ProfileRow | undefined;
  let moved = false;
  for (;;) {
    const done = reading.passed();
    let seen = 0;
    const fetched = await reading.fetch('all', async (rows) => {
      const fresh: ProfileRow[] = [];
      for (const row of rows) {
        seen += 1;
        if (seen < done) continue;
        if (seen === done && last !== undefined) {
          moved = !sameRow(row, last);
          if (moved) return 'stop';
          continue;
        }
        last = row;
        fresh.push(row);
      }
      await reading.deliver(fresh);
      return undefined;
    });
    if (moved || (fetched.kind === 'done' && seen < done)) return { kind: 'failed', problem: movedProblem(reading) };
    if (fetched.kind === 'done' || fetched.kind === 'stopped') return { kind: 'done' };
    if (fetched.kind !== 'lost') return { kind: 'failed', problem: fetched.problem };
    const gone = await reading.recover(fetched.problem);
    if (gone !== undefined) return { kind: 'failed', problem: gone };
  }
}

/** Rows have other places than before and cannot be told from each other. */
export function movedProblem({ shape, counts }: Reading): Problem {
  return fail({
    code: 'logs/moved',
    title: 'The log has changed while it was read',
    because: `Rows of ${obisText(shape.obis)} that were read are not where they were: the log was cleared, or newer rows took the place of older ones.`,
    nextStep: 'Read the log again from its beginning.',
    details: { recorder: obisText(shape.obis), rows: counts.rows },
  }).problem;
}
