import type { JobSummary } from '../../../shared/domain/job.ts';
import type { ReportFormat } from '../../../shared/domain/report-format.ts';
import { exportReport } from '../../services/reports/reports.ts';
import { createUpgrades } from '../../services/upgrades/upgrades.ts';
import { type CommandContext, houseFor } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../terminal.ts';
import { jobLines } from './upgrade.ts';

/** `jobs` and `jobs JOB` */
export async function jobs(context: CommandContext, job: string | undefined): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const upgrades = createUpgrades(house.value);
  if (job !== undefined) {
    const found = await upgrades.load(job);
    if (!found.ok) return failedOutcome(found.problem);
    const { summary, stored } = found.value;
    const journal = stored.entries.map(({ seq, at, event }) => ({ seq, at, event: event.type }));
    return {
      exit: EXIT.done,
      document: { jobs: [summary], journal },
      lines: [
        ...jobLines(summary),
        '',
        ...table(
          ['At', 'Event'],
          journal.map(({ at, event }) => [at, event]),
        ),
      ],
    };
  }
  const list = await upgrades.list();
  const damaged = await upgrades.damaged();
  return {
    exit: EXIT.done,
    document: { jobs: list, damaged },
    lines: [
      ...(list.length === 0 ? [damaged.length === 0 ? 'No jobs yet.' : 'No jobs that can be read.'] : jobsTable(list)),
      ...damaged.flatMap(({ job: name, problem }) => ['', name, ...problemLines(problem)]),
    ],
  };
}

function jobsTable(list: readonly JobSummary[]): readonly string[] {
  return table(
    ['Job', 'Meter', 'Sent', 'State', 'Verdict', 'Changed'],
    list.map(({ job, meter, target, state, verdict, changedAt }) => [
      job,
      meter,
      target,
      state,
      verdict ?? '',
      changedAt,
    ]),
  );
}

/** `report JOB` */
export async function report(
  context: CommandContext,
  job: string,
  options: { readonly format: ReportFormat; readonly out?: string },
): Promise<Outcome> {
  const house = await houseFor(context.options);
  if (!house.ok) return failedOutcome(house.problem);
  const found = await createUpgrades(house.value).load(job);
  if (!found.ok) return failedOutcome(found.problem);
  const written = await exportReport(house.value, found.value.stored, options.format, options.out);
  if (!written.ok) return failedOutcome(written.problem);
  return { exit: EXIT.done, document: { report: written.value.file }, lines: [`Report  ${written.value.file}`] };
}
