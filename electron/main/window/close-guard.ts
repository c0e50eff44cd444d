import type { Work } from '../../../shared/contract/shell/processes.ts';

/** The question before the window closes while something is at work. The first button keeps it open. */
export interface CloseQuestion {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly [string, string];
}

/**
 * What to ask before closing; undefined where nothing is at work. Says for each meter what goes on without the program.
 *
 * @param backups hosts of the meters that are being backed up outside of a job
 * @param logs hosts of the meters of which a log is being read outside of a backup
 */
export function closeQuestion(
  work: readonly Work[],
  backups: readonly string[] = [],
  logs: readonly string[] = [],
): CloseQuestion | undefined {
  const total = work.length + backups.length + logs.length;
  if (total === 0) return undefined;
  const what = [
    ...counted(work.length, 'job', 'jobs'),
    ...counted(backups.length, 'backup', 'backups'),
    ...counted(logs.length, 'read of a log', 'reads of logs'),
  ].join(' and ');
  return {
    message: `${what.replace(/^one/, 'One')} ${total === 1 ? 'is' : 'are'} at work. Close Meterwright?`,
    detail: [
      ...work.map(lineOf),
      ...backups.map(
        (host) => `${host}: the backup ends unfinished and does not count; nothing was changed on the meter.`,
      ),
      ...logs.map((host) => `${host}: the log that is being read is not kept; nothing was changed on the meter.`),
      ...(work.length === 0 ? [] : ['Each job can be resumed from Activity when Meterwright is started again.']),
    ].join('\n'),
    buttons: ['Keep it open', 'Close'],
  };
}

function counted(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [count === 1 ? `one ${one}` : `${count} ${many}`];
}

function lineOf({ meter, state, stop }: Work): string {
  return stop === 'too-late'
    ? `${meter} (${state}): the meter goes on applying the firmware by itself; nobody watches it until the job is resumed.`
    : `${meter} (${state}): the job stops here; nothing was applied.`;
}
