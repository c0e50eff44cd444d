import { exportBagLogs, type LogFormat } from '../../services/bag-logs.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, table } from '../terminal.ts';

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
  const exported = await exportBagLogs(bag, { ...options, signal: context.signal });
  if (!exported.ok) return failedOutcome(exported.problem);
  const rows = exported.value.reduce((sum, log) => sum + log.rows, 0);
  return {
    exit: EXIT.done,
    document: { rows, logs: exported.value },
    lines: table(
      ['Log', 'Rows', 'First', 'Last', 'File'],
      exported.value.map((log) => [
        log.recorder.name ?? log.recorder.id,
        String(log.rows),
        log.first ?? '-',
        log.last ?? '-',
        log.file,
      ]),
    ),
  };
}
