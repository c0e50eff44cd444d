import { create } from 'zustand';
import type { Problem } from '../../../shared/domain/problem.ts';

/** What is done with many meters, one after the other. */
export type BatchKind = 'read' | 'remove';

interface Batch {
  readonly kind: BatchKind;
  readonly done: number;
  readonly of: number;
  /** The meter at which it is; '' once it has ended. */
  readonly at: string;
  /** What went wrong so far, by name of the meter. */
  readonly failed: readonly { readonly name: string; readonly problem: Problem }[];
  readonly state: 'busy' | 'stopping' | 'stopped' | 'ended';
}

/** The work on many meters: it goes on while the person looks at another screen. Null before the first, and once it was put away. */
export const useBatch = create<{ readonly batch: Batch | null }>(() => ({ batch: null }));

let stop = new AbortController();

/**
 * Does something with each meter. One after the other: two hundred meters must not be asked at the same moment over one laptop. A stop ends the
 * question that is under way; the meters that were not reached are left as they are. While one batch is busy another does not begin.
 */
export async function runBatch<Row extends { readonly name: string }>(
  kind: BatchKind,
  rows: readonly Row[],
  work: (row: Row, signal: AbortSignal) => Promise<Problem | null>,
): Promise<void> {
  if (isBusy(useBatch.getState().batch)) return;
  stop = new AbortController();
  const { signal } = stop;
  let batch: Batch = { kind, done: 0, of: rows.length, at: '', failed: [], state: 'busy' };
  const put = (part: Partial<Batch>): void => {
    batch = { ...batch, ...part, ...(signal.aborted && part.state === undefined ? { state: 'stopping' } : {}) };
    useBatch.setState({ batch });
  };
  for (const row of rows) {
    if (signal.aborted) break;
    put({ at: row.name });
    const problem = await work(row, signal);
    if (signal.aborted && problem !== null) break;
    put({
      done: batch.done + 1,
      failed: problem === null ? batch.failed : [...batch.failed, { name: row.name, problem }],
    });
  }
  put({ at: '', state: batch.done < batch.of ? 'stopped' : 'ended' });
}

/** Ends the work after the question that is under way was given up. */
export function stopBatch(): void {
  const { batch } = useBatch.getState();
  if (!isBusy(batch)) return;
  useBatch.setState({ batch: { ...batch, state: 'stopping' } });
  stop.abort(new Error('The work on many meters was stopped.'));
}

/** Puts away what has ended. */
export function putAwayBatch(): void {
  if (!isBusy(useBatch.getState().batch)) useBatch.setState({ batch: null });
}

export function isBusy(batch: Batch | null): batch is Batch {
  return batch?.state === 'busy' || batch?.state === 'stopping';
}
