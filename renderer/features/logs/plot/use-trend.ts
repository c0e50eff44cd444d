import { useEffect, useState } from 'react';
import type { TrendAnswer } from '../../../../shared/contract/logs.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { engine } from '../../../engine/client.ts';
import { ask } from '../../ask.ts';
import type { Which } from '../source.ts';
import type { View } from '../view.ts';

/** While a wheel turns or a key is held there is a new view each frame; only the one that stays is asked for. In milliseconds. */
const CALM = 70;

export interface TrendNow {
  /** The last one that came, for the columns that it came for; it stays on the screen until the next is there. */
  readonly trend: { readonly columns: readonly number[]; readonly answer: TrendAnswer } | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
}

/**
 * The trend of some columns in a view (null for all of it), as fine as the plot can show; asked for again when any of them changes.
 *
 * @param which stable while the same log is shown
 * @param columns stable while the same columns are shown
 */
export function useTrend(
  which: Which,
  columns: readonly number[],
  view: View | null,
  points: number,
): TrendNow & { readonly again: () => void } {
  const [now, setNow] = useState<TrendNow>({ trend: null, problem: null, busy: true });
  const [turn, setTurn] = useState(0);
  const from = view?.from ?? null;
  const to = view?.to ?? null;
  useEffect(() => {
    if (columns.length === 0 || points === 0 || turn < 0) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setNow((before) => ({ ...before, busy: true }));
      void ask(() =>
        engine.logs.trend({ ...which, columns: [...columns], from, to, points }, { signal: stop.signal }),
      ).then((found) => {
        if (stop.signal.aborted) return;
        setNow((before) =>
          found.ok
            ? { trend: { columns, answer: found.value }, problem: null, busy: false }
            : { ...before, problem: found.problem, busy: false },
        );
      });
    }, CALM);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [which, columns, from, to, points, turn]);
  return { ...now, again: () => setTurn((before) => before + 1) };
}
