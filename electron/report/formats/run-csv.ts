import type { RunReport } from '../run-report.ts';
import { csvText } from './csv-text.ts';

const COLUMNS = [
  ...['setting', 'before', 'planned', 'read_back', 'outcome', 'because', 'way', 'rows'],
  ...['area', 'run', 'at', 'by', 'meter', 'serial', 'firmware', 'map_sha256', 'simulated'],
];

/** The settings of one application of a plan for a spreadsheet, a row each; see {@link csvText}. */
export function renderRunCsv(report: RunReport): string {
  const { area, run, at, by, meter, map, simulated } = report;
  const common = [
    ...[area, run, at, by, meter.name ?? meter.address?.host ?? '', meter.serial ?? '', meter.firmware ?? ''],
    ...[map?.sha256 ?? '', simulated ? 'SIMULATED' : ''],
  ];
  const rows = report.settings.map(({ id, before, planned, readBack, outcome, because, channel, rows: places }) => [
    ...[id, before, planned, readBack, outcome, because, channel],
    places.map(({ name, register }) => `${name} (${register})`).join('; '),
    ...common,
  ]);
  return csvText([COLUMNS, ...rows]);
}
