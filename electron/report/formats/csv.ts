import { missedText, rateText, readoutText } from '../document/log-words.ts';
import type { Report, ReportLog, ReportMissedLog } from '../schema.ts';
import { csvText } from './csv-text.ts';

const COLUMNS = [
  'kind',
  'id',
  'verdict',
  'before',
  'after',
  'because',
  'fix',
  'override_reason',
  'override_by',
  'job',
  'meter',
  'serial',
  'simulated',
] as const;

/**
 * Findings and gates of a report for a spreadsheet, see {@link csvText}. The first row after the names is the verdict of the whole job.
 */
export function renderCsv(report: Report): string {
  const meter = [
    report.job,
    report.before.name ?? report.address.host,
    report.before.serial ?? '',
    report.simulated ? 'SIMULATED' : '',
  ];
  const rows: readonly (readonly string[])[] = [
    COLUMNS,
    [
      'job',
      report.state,
      report.verdict ?? '',
      '',
      '',
      report.headline,
      report.problem?.nextStep ?? '',
      '',
      '',
      ...meter,
    ],
    ...report.findings.map((finding) => [
      'finding',
      finding.id,
      finding.verdict,
      finding.before,
      finding.after,
      finding.because,
      '',
      '',
      '',
      ...meter,
    ]),
    ...logsOf(report).map(({ log, later, by }) => [
      'log',
      log.name ?? log.id,
      '',
      rateText(log),
      later === undefined ? '' : rateText(later),
      `${readoutText(log)} ${log.fetched}`,
      '',
      '',
      by,
      ...meter,
    ]),
    ...missedLogsOf(report).map(({ log, by }) => [
      'log',
      log.name ?? log.id,
      '',
      '',
      '',
      `${missedText(log)} ${log.because}`,
      '',
      '',
      by,
      ...meter,
    ]),
    ...(report.configurations ?? []).flatMap(({ area, by, settings }) =>
      settings.map(({ id, from, to, outcome, because }) => [
        'setting',
        `${area} ${id}`,
        outcome,
        from,
        to,
        because,
        '',
        '',
        by,
        ...meter,
      ]),
    ),
    ...report.gates.map((gate) => [
      'gate',
      gate.id,
      gate.verdict,
      '',
      '',
      gate.because,
      gate.fix,
      gate.override?.reason ?? '',
      gate.override?.by ?? '',
      ...meter,
    ]),
  ];
  return csvText(rows);
}

/** The logs of the backup, each with its readout on the new firmware where a later backup has one, and who took the backup. */
function logsOf({ backup }: Report) {
  const { logs = [], by } = told(backup);
  return logs.map((log) => ({ log, by, later: backup?.later?.logs.find(({ id }) => id === log.id) }));
}

/** The logs that the meter showed and the backup does not have. */
function missedLogsOf({ backup }: Report) {
  const { missedLogs = [], by } = told(backup);
  return missedLogs.map((log) => ({ log, by }));
}

/** What the backup tells of its logs; nothing where its evidence was not read. */
function told(backup: Report['backup']): {
  readonly by: string;
  readonly logs?: readonly ReportLog[];
  readonly missedLogs?: readonly ReportMissedLog[];
} {
  return backup?.evidence.read === true ? backup.evidence : { by: '' };
}
