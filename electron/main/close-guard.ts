import type { Work } from '../../shared/contract/processes.ts';

/** The question before the window closes while something is at work. The first button keeps it open. */
export interface CloseQuestion {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly [string, string];
}

/** What to ask before closing; undefined where nothing is at work. Says for each meter what goes on without the program. */
export function closeQuestion(work: readonly Work[]): CloseQuestion | undefined {
  if (work.length === 0) return undefined;
  const count = work.length === 1 ? 'One job is' : `${work.length} jobs are`;
  return {
    message: `${count} at work. Close Meterwright?`,
    detail: [...work.map(lineOf), 'Each job can be resumed from Activity when Meterwright is started again.'].join(
      '\n',
    ),
    buttons: ['Keep it open', 'Close'],
  };
}

function lineOf({ meter, state, stop }: Work): string {
  return stop === 'too-late'
    ? `${meter} (${state}): the meter goes on applying the firmware by itself; nobody watches it until the job is resumed.`
    : `${meter} (${state}): the job stops here; nothing was applied.`;
}
