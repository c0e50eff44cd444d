import { type ExportedLog, exportBagLogs, type LogFormat } from '../../services/bag-logs.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table, usageOutcome } from '../terminal.ts';
import { endsBeforeItBegins } from './logs.ts';

export interface ExportCommandOptions {
  readonly recorder?: string;
  readonly from?: number;
  readonly to?: number;
  readonly out: string;
  readonly format: LogFormat;
}

/** `logs export BAG --out DIR|FILE`: works on a backup alone, without a data folder. */
export async function exportLogs(
  context: CommandContext,
  bag: string,
  options: ExportCommandOptions,
): Promise<Outcome> {
  if (endsBeforeItBegins(options)) return usageOutcome('--from is later than --to.', 'logs export');
  const exported = await exportBagLogs(bag, { ...options, signal: context.signal });
  if (!exported.ok) return failedOutcome(exported.problem);
  const { logs, problems } = exported.value;
  const rows = logs.reduce((sum, log) => sum + log.rows, 0);
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
  if (problem === undefined) return { exit: EXIT.done, document: { rows, logs }, lines };
  // The others are written; that one is missing has to be seen by a script, too.
  return {
    exit: EXIT.failed,
    document: { problem, rows, logs, problems },
    lines: [...lines, ...problems.flatMap(problemLines)],
  };
}

/** Rows that a range leaves out because nobody knows whether they are in it. */
function undatedLine({ recorder, leftOut: { undated } }: ExportedLog): readonly string[] {
  if (undated === 0) return [];
  return [`${recorder.name ?? recorder.id}: ${undated} rows without a time are in no range and were left out.`];
}
