import { METER_STATE, type Problem, problem, type Result, reasonOf } from '../../shared/domain/problem.ts';

/** Something that is asked of the engine. `busy` keeps no old answer: what is on the screen while it is asked again is nothing. */
export type Load<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  /** `at` is the time of the answer, ISO 8601 UTC. */
  | { readonly state: 'ready'; readonly value: T; readonly at: string }
  | { readonly state: 'failed'; readonly problem: Problem };

export const IDLE = { state: 'idle' } as const;
export const BUSY = { state: 'busy' } as const;

/** An answer as a {@link Load}. */
export function loaded<T>(result: Result<T>): Load<T> {
  return result.ok
    ? { state: 'ready', value: result.value, at: new Date().toISOString() }
    : { state: 'failed', problem: result.problem };
}

/** A call to the engine that never rejects: a call whose engine ended is a problem like any other. */
export async function ask<T>(call: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await call();
  } catch (thrown) {
    return { ok: false, problem: lost(thrown) };
  }
}

/** As {@link ask}, for calls that answer with the value itself. */
export function askPlain<T>(call: () => Promise<T>): Promise<Result<T>> {
  return ask(async () => ({ ok: true, value: await call() }));
}

/** What to say of a call whose answer never came. */
export function lost(thrown: unknown): Problem {
  return problem({
    code: 'page/no-answer',
    title: 'The engine gave no answer',
    because: `The part of Meterwright that talks to meters ended or refused the question: ${reasonOf(thrown)}`,
    meterState: METER_STATE.unknown,
    nextStep: 'It is started again by itself. Then ask again; jobs that were under way are found under Activity.',
  });
}
