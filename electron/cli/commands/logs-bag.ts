import { type ExportedLog, exportBagLogs, type LogFormat } from '../../services/logs/bag-logs.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table, usageOutcome } from '../terminal.ts';
import { endsBeforeItBegins } from './logs.ts';

export interface ExportCommandOptions {
  readonly recorder?: string;
  readonly from?: number;
  readonly to?: number;
  readonly out: string;
  readonly format: LogFormat;
  readonly overwrite?: boolean;
}

/** `logs export BAG --out DIR|FILE`: works on a backup alone, without a data folder. */
export async function exportLogs(
  context: CommandContext,
  bag: string,
  options: ExportCommandOptions,
): Promise<Outcome> {
  if (endsBeforeItBegins(options)) return usageOutcome('--from is later than --to.', 'logs export');
  const began = performance.now();
  const exported = await exportBagLogs(bag, { ...options, signal: context.signal });
  if (!exported.ok) return failedOutcome(exported.problem);
  const { logs, problems } = exported.value;
  const known = { ...together(logs), milliseconds: Math.round(performance.now() - began), logs };
  const listed = table(
    ['Log', 'Rows', 'First', 'Last', 'File'],
    logs.map((log) => [
      log.recorder.name ?? log.recorder.id,
      String(log.rows),
      log.first ?? '-',
      log.last ?? '-',
      log.file,
    ]),
  );
  const lines = [...listed, ...logs.flatMap(undatedLine)];
  const [problem] = problems;
  if (problem === undefined) return { exit: EXIT.done, document: known, lines };
  // The others are written; that one is missing has to be seen by a script, too.
  return {
    exit: EXIT.failed,
    document: { problem, ...known, problems },
    lines: [...lines, ...problems.flatMap(problemLines)],
  };
}

/** What all the logs that were written come to; times are ISO 8601 UTC of one form, so the earliest sorts first. */
function together(logs: readonly ExportedLog[]) {
  const firsts = logs.flatMap(({ first }) => first ?? []).sort();
  const lasts = logs.flatMap(({ last }) => last ?? []).sort();
  return {
    rows: logs.reduce((sum, log) => sum + log.rows, 0),
    first: firsts[0] ?? null,
    last: lasts.at(-1) ?? null,
    gaps: logs.flatMap(({ gaps }) => gaps),
  };
}

/** Rows that a range leaves out because nobody knows whether they are in it. */
function undatedLine({ recorder, leftOut: { undated } }: ExportedLog): readonly string[] {
  if (undated === 0) return [];
  const rows = undated === 1 ? '1 row without a time is' : `${undated} rows without a time are`;
  return [`${recorder.name ?? recorder.id}: ${rows} in no range and left out.`];
}
