import type { ReportFormat } from '../../../../shared/domain/report-format.ts';
import { exportRunReport } from '../../../services/reports/run-reports.ts';
import type { ConfigurationRecord } from '../../../services/settings/configuration-record.ts';
import { listConfigurations } from '../../../services/settings/configuration-record.ts';
import { type CommandContext, houseFor } from '../../context.ts';
import { EXIT, failedOutcome, type Outcome, table } from '../../terminal.ts';

/** `configurations list`: plans that were applied from this PC, newest first. */
export async function configurationsList(
  context: CommandContext,
  { serial }: { readonly serial?: string },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const records = await listConfigurations(house.value, serial);
  const document = {
    configurations: records.map(({ run, at, by, meter, serial: own, area, results, problem, simulated }) => ({
      ...{ run, at, by, meter, serial: own, area, simulated, problem },
      written: results.filter(({ outcome }) => outcome === 'written').length,
      of: results.length,
    })),
  };
  const rows = records.map((record) => [record.run, record.meter ?? '', record.area, record.by, resultText(record)]);
  const lines =
    rows.length === 0 ? ['No plan was applied yet.'] : table(['Run', 'Meter', 'Area', 'By', 'Result'], rows);
  return { exit: EXIT.done, document, lines };
}

function resultText({ results, changes, problem }: ConfigurationRecord): string {
  const written = results.filter(({ outcome }) => outcome === 'written').length;
  return `${written} of ${changes.length} written${problem === null ? '' : `; ${problem.title}`}`;
}

/** `configurations report RUN` */
export async function configurationsReport(
  context: CommandContext,
  run: string,
  { format, out }: { readonly format: ReportFormat; readonly out?: string },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const written = await exportRunReport(house.value, run, format, out);
  if (!written.ok) return failedOutcome(written.problem);
  const { file, sha256, report } = written.value;
  return {
    exit: EXIT.done,
    document: { report: file, sha256, verdict: report.verdict },
    lines: [report.headline, `Report  ${file}`],
  };
}
