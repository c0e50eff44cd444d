import type { ClockReview, ClockState } from '../../../../shared/contract/clock-calls.ts';
import type { ClockPlan } from '../../../../shared/domain/change.ts';
import type { ClockReading } from '../../../../shared/domain/identity.ts';
import type { Access, House } from '../../../services/house.ts';
import { planClock, readClock, setClock } from '../../../services/settings/clock.ts';
import { type CommandContext, personAtThisPc } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome } from '../../terminal.ts';
import { askYes } from '../asking.ts';
import { applyOutcome, handOffLines, notConfirmed } from './configure-lines.ts';

/** `configure HOST clock --show` */
export async function showClock(context: CommandContext, house: House, access: Access): Promise<Outcome> {
  const read = await readClock(house, access, context.signal);
  if (!read.ok) return failedOutcome(read.problem);
  const { clock } = read.value;
  const document = { settings: { time: clock.meterUtc ?? 'unread' }, ...stateDocument(read.value) };
  return { exit: EXIT.done, document, lines: stateLines(read.value) };
}

/**
 * `configure HOST clock --plan FILE | --apply FILE`: exit code 2 where the clock is right within its uncertainty. Setting it is its own action; no other
 * command does it on the way.
 */
export async function setOrPlanClock(
  context: CommandContext,
  house: House,
  access: Access,
  settings: ClockPlan,
  options: { readonly apply: boolean; readonly yes: boolean; readonly by?: string },
): Promise<Outcome> {
  const planned = await planClock(house, access, settings, context.signal);
  if (!planned.ok) return failedOutcome(planned.problem);
  const review = planned.value;
  const document = reviewDocument(review);
  if (review.changes.length === 0) return rightAlready(review);
  if (!options.apply) return { exit: EXIT.done, document, lines: reviewLines(review) };
  for (const line of reviewLines(review)) context.terminal.say(line);
  if (!options.yes && !(await askYes('Set the clock of this meter?'))) {
    return failedOutcome(notConfirmed(), document, EXIT.interrupted);
  }
  const by = options.by ?? personAtThisPc();
  const set = await setClock(house, access, settings, { by, signal: context.signal });
  if (!set.ok) {
    // It came right between the review and now: somebody else set it.
    const exit = set.problem.code === 'clock/right-already' ? EXIT.nothingToDo : undefined;
    return failedOutcome(set.problem, document, exit);
  }
  const outcome = applyOutcome(set.value);
  const { before, after } = set.value;
  return {
    ...outcome,
    document: { ...outcome.document, before, after },
    lines: [...outcome.lines, `Now      ${offsetText(after)}`],
  };
}

function stateDocument({ clock, syncSource, syncBecause, wrong, channel, consequences }: ClockState) {
  return { clock, syncSource, syncBecause, wrong, channel, consequences };
}

function reviewDocument({ state, changes, handOff }: ClockReview) {
  return { changes, handOff: handOff === null ? [] : [handOff], ...stateDocument(state) };
}

function rightAlready(review: ClockReview): Outcome {
  const document = { ...reviewDocument(review), written: [], skipped: [], failed: [], unconfirmed: [] };
  const lines = [...stateLines(review.state), 'The clock is right within its uncertainty: nothing to do.'];
  return { exit: EXIT.nothingToDo, document, lines };
}

function reviewLines({ state, changes, handOff }: ClockReview): readonly string[] {
  return [
    ...stateLines(state),
    ...changes.map(({ to, channel }) => `Set to   ${String(to)}, ${channel === 'dlms' ? 'over DLMS' : 'by hand'}`),
    ...state.consequences.map((consequence) => `It brings ${WORDS[consequence] ?? consequence}.`),
    ...handOffLines(handOff),
  ];
}

function stateLines({ clock, syncSource, syncBecause }: ClockState): readonly string[] {
  return [
    `Meter    ${clock.meterUtc ?? 'not readable'}`,
    `Offset   ${offsetText(clock)}`,
    `Source   ${clock.because}`,
    `Time Sync Source  ${syncSource ?? 'not known'}. ${syncBecause}`,
  ];
}

function offsetText(clock: ClockReading | null): string {
  if (clock === null) return 'the meter does not answer over Modbus';
  const { offsetSeconds, uncertaintySeconds } = clock;
  if (offsetSeconds === null || uncertaintySeconds === null) return 'not known';
  const direction = offsetSeconds < 0 ? 'behind' : 'ahead of';
  return `${Math.abs(offsetSeconds).toFixed(3)} s ${direction} this PC, ± ${uncertaintySeconds.toFixed(3)} s`;
}

const WORDS: Readonly<Partial<Record<ClockState['consequences'][number], string>>> = {
  'clock-interval-split': 'a split of the present interval in every log and energy register with one',
  'clock-records-repeat': 'times that appear twice in the logs, because the clock goes back',
  'clock-records-gap': 'a gap in the logs, because the clock goes forward',
  'clock-event-logged': 'a line in the event log of the meter',
  'clock-time-source-wins':
    'no lasting change where the meter takes its time from elsewhere: that source sets it again',
};
