import { csvText } from './csv-text.ts';
import type { Report } from './schema.ts';

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
    ...logsOf(report).map(({ log, later }) => [
      'log',
      log.name ?? log.id,
      '',
      perSecond(log),
      later === undefined ? '' : perSecond(later),
      log.fetched,
      '',
      '',
      '',
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

/** The logs of the backup, each with its readout on the new firmware where a later backup has one. */
function logsOf({ backup }: Report) {
  const logs = backup?.evidence.read === true ? (backup.evidence.logs ?? []) : [];
  return logs.map((log) => ({ log, later: backup?.later?.logs.find(({ id }) => id === log.id) }));
}

function perSecond({
  readout: { rows, milliseconds },
}: {
  readonly readout: { readonly rows: number; readonly milliseconds: number };
}): string {
  return milliseconds > 0 ? `${Math.round((rows * 1000) / milliseconds)} rows/s` : '';
}
