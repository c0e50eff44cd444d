import { create } from 'zustand';
import type { ApplyOutcomeView, AreaReadingView, PlanReviewView } from '../../../shared/contract/settings-calls.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import type { SetupPlan } from '../../../shared/domain/change.ts';
import type { Problem } from '../../../shared/domain/problem.ts';
import { engine } from '../../engine/client.ts';
import { ask, BUSY, IDLE, type Load, loaded, lost } from '../ask.ts';
import { emptyPlan, type SetupAreaName } from './plans.ts';

/** A plan on its way to the meter, and what came of it. */
export type Applying =
  | { readonly state: 'none' }
  | { readonly state: 'busy'; readonly done: number; readonly of: number; readonly setting: string }
  | { readonly state: 'ended'; readonly plan: SetupPlan; readonly outcome: ApplyOutcomeView }
  | { readonly state: 'failed'; readonly problem: Problem };

/** What is on the screen for one area of one meter. */
export interface Pane {
  readonly reading: Load<AreaReadingView>;
  /** The last answer, with its own time: while it is read again, and when that fails, what was typed still has something to stand on. */
  readonly known: AreaReadingView | null;
  readonly plan: SetupPlan;
  /** Why logs are given up, by the number of the recorder. */
  readonly giveUp: Readonly<Record<string, string>>;
  /** What the engine says of the plan; idle once the plan was changed. */
  readonly review: Load<PlanReviewView>;
  readonly applying: Applying;
}

type MeterPlace = Pick<ListedMeter, 'id' | 'address'>;

const NONE: Applying = { state: 'none' };
const usePanes = create<{ readonly panes: ReadonlyMap<string, Pane> }>(() => ({ panes: new Map() }));
const fresh: Readonly<Record<SetupAreaName, Pane>> = {
  bacnet: freshPane('bacnet'),
  security: freshPane('security'),
  recorders: freshPane('recorders'),
};

function freshPane(area: SetupAreaName): Pane {
  return { reading: IDLE, known: null, plan: emptyPlan(area), giveUp: {}, review: IDLE, applying: NONE };
}

/** The pane of an area: what was typed is still there when the person comes back from another screen. */
export function usePane(meter: string, area: SetupAreaName): Pane {
  return usePanes(({ panes }) => panes.get(keyOf(meter, area)) ?? fresh[area]);
}

/** The pane as it is now. */
function paneOf(meter: string, area: SetupAreaName): Pane {
  return usePanes.getState().panes.get(keyOf(meter, area)) ?? fresh[area];
}

function keyOf(meter: string, area: SetupAreaName): string {
  return `${area} ${meter}`;
}

function put(meter: string, area: SetupAreaName, part: Partial<Pane>): void {
  usePanes.setState(({ panes }) => ({
    panes: new Map(panes).set(keyOf(meter, area), { ...(panes.get(keyOf(meter, area)) ?? fresh[area]), ...part }),
  }));
}

/** Reads an area again. What is being read already is not asked a second time. */
export async function readArea({ id, address }: MeterPlace, area: SetupAreaName): Promise<void> {
  if (paneOf(id, area).reading.state === 'busy') return;
  put(id, area, { reading: BUSY, review: IDLE });
  const reading = loaded(await ask(() => engine.configure.read({ address, area })));
  put(id, area, { reading, ...(reading.state === 'ready' ? { known: reading.value } : {}) });
}

/** Another plan: what was said of the one before no longer holds. */
export function setPlan(meter: string, plan: SetupPlan): void {
  const { applying } = paneOf(meter, plan.area);
  put(meter, plan.area, { plan, review: IDLE, applying: applying.state === 'busy' ? applying : NONE });
}

/** Wants nothing any more. */
export function discardPlan(meter: string, area: SetupAreaName): void {
  setPlan(meter, emptyPlan(area));
  put(meter, area, { giveUp: {} });
}

/** Gives a log up with a reason, or no longer for an empty one. */
export function giveUpLog(meter: string, area: SetupAreaName, recorder: number, reason: string): void {
  const { [String(recorder)]: _, ...others } = paneOf(meter, area).giveUp;
  put(meter, area, { giveUp: reason === '' ? others : { ...others, [String(recorder)]: reason } });
}

/** Has the engine hold the plan against the meter. */
export async function review({ id, address }: MeterPlace, area: SetupAreaName): Promise<void> {
  const { plan, giveUp } = paneOf(id, area);
  put(id, area, { review: BUSY, applying: NONE });
  const found = loaded(
    await ask(() => engine.configure.review({ address, plan, giveUp: { ...giveUp }, assumeConfirmed: false })),
  );
  // The plan may have been changed while the meter was asked.
  if (paneOf(id, area).plan !== plan) return;
  put(id, area, {
    review: found,
    ...(found.state === 'ready'
      ? { reading: { ...found, value: found.value.reading }, known: found.value.reading }
      : {}),
  });
}

/** Applies the plan that was reviewed. It goes on while the person looks at another screen. */
export async function apply({ id, address }: MeterPlace, area: SetupAreaName, by: string): Promise<void> {
  const { plan, giveUp, review: reviewed, applying } = paneOf(id, area);
  if (reviewed.state !== 'ready' || applying.state === 'busy') return;
  const { changes } = reviewed.value;
  put(id, area, { applying: { state: 'busy', done: 0, of: changes.length, setting: '' } });
  try {
    for await (const event of await engine.configure.apply({ address, plan, giveUp: { ...giveUp }, changes, by })) {
      if (event.type === 'progress') {
        const { done, of, setting } = event;
        put(id, area, { applying: { state: 'busy', done, of, setting } });
      } else if (event.result.ok) {
        ended(id, area, plan, event.result.value);
      } else put(id, area, { applying: { state: 'failed', problem: event.result.problem }, review: IDLE });
    }
  } catch (thrown) {
    put(id, area, { applying: { state: 'failed', problem: lost(thrown) }, review: IDLE });
  }
  const left = paneOf(id, area).applying;
  if (left.state === 'busy') {
    put(id, area, { applying: { state: 'failed', problem: lost(new Error('The stream ended.')) }, review: IDLE });
  }
}

function ended(id: string, area: SetupAreaName, plan: SetupPlan, outcome: ApplyOutcomeView): void {
  const { after } = outcome;
  put(id, area, {
    applying: { state: 'ended', plan, outcome },
    review: IDLE,
    giveUp: {},
    ...(after === null ? {} : { reading: { state: 'ready', value: after, at: after.readAt }, known: after }),
  });
}
