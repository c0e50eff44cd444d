import { create } from 'zustand';
import type { PlanReviewView } from '../../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import type { ChangeResult, SetupPlan } from '../../../../shared/domain/change.ts';
import type { Problem } from '../../../../shared/domain/problem.ts';
import { engine } from '../../../engine/client.ts';
import { ask, lost } from '../../ask.ts';

/** How a plan stands on one of many meters. */
export type OneOfMany =
  | { readonly state: 'waiting' | 'reviewing' }
  | { readonly state: 'reviewed'; readonly review: PlanReviewView }
  | { readonly state: 'applying'; readonly review: PlanReviewView; readonly done: number; readonly of: number }
  | { readonly state: 'applied'; readonly results: readonly ChangeResult[]; readonly problem: Problem | null }
  | { readonly state: 'failed'; readonly problem: Problem };

interface Many {
  /** Ids of the meters that were selected in the list, in its order. */
  readonly meters: readonly string[];
  readonly rows: ReadonlyMap<string, OneOfMany>;
  readonly work: 'none' | 'review' | 'apply' | 'stopping';
}

const WAITING: OneOfMany = { state: 'waiting' };

/** A template on many meters; the work goes on while the person looks at another screen. */
export const useMany = create<Many>(() => ({ meters: [], rows: new Map(), work: 'none' }));

/** Takes over a selection of meters; while others are being worked on, it stays as it is. */
export function selectMeters(meters: readonly string[]): void {
  if (useMany.getState().work === 'none') useMany.setState({ meters, rows: new Map() });
}

/** Forgets what was said of another plan. */
export function forgetReviews(): void {
  if (useMany.getState().work === 'none') useMany.setState({ rows: new Map() });
}

/** The state of a meter; it waits where nothing was done yet. */
export function rowOf({ rows }: Pick<Many, 'rows'>, id: string): OneOfMany {
  return rows.get(id) ?? WAITING;
}

/** True where a plan can be applied to a meter: something is to be written and nothing stands in the way. */
export function canApply(row: OneOfMany): row is Extract<OneOfMany, { readonly state: 'reviewed' }> {
  return (
    row.state === 'reviewed' &&
    row.review.blocks.length === 0 &&
    row.review.changes.some(({ channel }) => channel !== 'hand-off')
  );
}

function put(id: string, row: OneOfMany): void {
  useMany.setState(({ rows }) => ({ rows: new Map(rows).set(id, row) }));
}

/** Ends the work after the meter that it is at: a meter is never left in the middle of its changes. */
export function stopMany(): void {
  const { work } = useMany.getState();
  if (work === 'review' || work === 'apply') useMany.setState({ work: 'stopping' });
}

async function oneByOne(
  work: 'review' | 'apply',
  meters: readonly ListedMeter[],
  each: (meter: ListedMeter) => Promise<void>,
): Promise<void> {
  if (useMany.getState().work !== 'none') return;
  useMany.setState({ work });
  for (const meter of meters) {
    if (useMany.getState().work !== work) break;
    await each(meter);
  }
  useMany.setState({ work: 'none' });
}

/** Holds the plan against every meter, one after the other. Nothing is written. */
export function reviewMany(plan: SetupPlan, meters: readonly ListedMeter[]): Promise<void> {
  return oneByOne('review', meters, async ({ id, address }) => {
    put(id, { state: 'reviewing' });
    const found = await ask(() => engine.configure.review({ address, plan, giveUp: {}, assumeConfirmed: false }));
    put(id, found.ok ? { state: 'reviewed', review: found.value } : { state: 'failed', problem: found.problem });
  });
}

/** Applies the plan to every meter whose review allows it, one after the other. Logs that no backup holds are never given up here. */
export function applyMany(plan: SetupPlan, meters: readonly ListedMeter[], by: string): Promise<void> {
  return oneByOne('apply', meters, async ({ id, address }) => {
    const row = rowOf(useMany.getState(), id);
    if (!canApply(row)) return;
    const { review } = row;
    const { changes } = review;
    put(id, { state: 'applying', review, done: 0, of: changes.length });
    try {
      for await (const event of await engine.configure.apply({ address, plan, giveUp: {}, changes, by })) {
        if (event.type === 'progress') put(id, { state: 'applying', review, done: event.done, of: event.of });
        else if (!event.result.ok) put(id, { state: 'failed', problem: event.result.problem });
        else put(id, { state: 'applied', results: event.result.value.results, problem: event.result.value.problem });
      }
    } catch (thrown) {
      put(id, { state: 'failed', problem: lost(thrown) });
    }
    const last = rowOf(useMany.getState(), id);
    if (last.state === 'applying') put(id, { state: 'failed', problem: lost(new Error('The stream ended.')) });
  });
}
