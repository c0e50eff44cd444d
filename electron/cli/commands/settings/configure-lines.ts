import type { ChangeResult } from '../../../../shared/domain/change.ts';
import { type Problem, problem } from '../../../../shared/domain/problem.ts';
import type { ApplyOutcome, PlanReview } from '../../../configure/types.ts';
import { EXIT, type Outcome, problemLines, table } from '../../terminal.ts';

/** An outcome to whose document more can be added. */
interface AppliedOutcome extends Outcome {
  readonly document: Readonly<Record<string, unknown>>;
}

/** What came of applying a plan. */
export function applyOutcome(outcome: Pick<ApplyOutcome, 'run' | 'results' | 'handOff' | 'problem'>): AppliedOutcome {
  const { run, results, handOff, problem: ended } = outcome;
  const of = (came: ChangeResult['outcome']) => results.filter((result) => result.outcome === came);
  const document = {
    written: of('written'),
    skipped: of('skipped'),
    failed: of('failed'),
    unconfirmed: of('cannot-be-read-back'),
    handOff: handOff === null ? [] : [handOff],
    run,
  };
  const lines = [
    ...table(
      ['Setting', 'Outcome', 'Now', 'Because'],
      results.map(({ id, outcome: came, after, because }) => [id, came, shown(after), because]),
    ),
    ...handOffLines(handOff),
  ];
  const cause = ended ?? (document.failed.length > 0 ? someFailed(document.failed) : undefined);
  if (cause === undefined) return { exit: EXIT.done, document, lines };
  return {
    exit: cause.code === 'aborted' ? EXIT.interrupted : EXIT.failed,
    document: { problem: cause, ...document },
    lines: [...lines, '', ...problemLines(cause)],
  };
}

/** A sheet for ION Setup, as lines. */
export function handOffLines(handOff: PlanReview['handOff']): readonly string[] {
  if (handOff === null) return [];
  return [
    '',
    `By hand: ${handOff.title}`,
    ...handOff.steps.flatMap(({ text, values }, index) => [
      `${index + 1}. ${text}`,
      ...values.map(({ label, value }) => `     ${label}: ${value}`),
    ]),
    handOff.watch,
  ];
}

/** A value in a cell; long lists are cut. */
export function shown(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  const text = String(value).split('\n');
  return text.length <= 3 ? text.join(', ') : `${text.slice(0, 2).join(', ')}, … (${text.length})`;
}

function someFailed(failed: readonly ChangeResult[]): Problem {
  return problem({
    code: 'configure/failed',
    title: `${failed.length} of the settings could not be set`,
    because: failed.map(({ id, because }) => `${id}: ${because}`).join(' '),
    meterState: 'The settings that are listed as written were read again; the others are as the list says.',
    nextStep: 'Correct the plan and apply it again: what is set already is left alone. Or follow the change sheet.',
  });
}

/** Nobody said yes. */
export function notConfirmed(): Problem {
  return problem({
    code: 'configure/not-confirmed',
    title: 'Nothing was written',
    because: 'The changes were not confirmed.',
    nextStep: 'Apply again with --yes, or answer the question with y.',
  });
}
