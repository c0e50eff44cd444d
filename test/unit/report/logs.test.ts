import { expect, test } from 'vitest';
import { renderCsv } from '../../../electron/report/formats/csv.ts';
import { renderHtml } from '../../../electron/report/formats/html.ts';
import { type Report, reportSchema } from '../../../electron/report/schema.ts';
import { EVIDENCE, JOBS, reportFor } from './jobs.ts';

function logs(milliseconds: number) {
  return [
    {
      id: '1-0:99.1.0*255',
      name: 'Revenue Log',
      rows: 3360,
      first: '2026-01-01T00:00:00.000Z',
      last: '2026-02-05T00:00:00.000Z',
      gapCount: 1,
      fetched: 'Read whole: no earlier backup is gone on with.',
      readout: { rows: 3360, milliseconds, roundTrips: 60 },
    },
  ];
}

function withLogs(later: boolean): Report {
  const report = reportFor(JOBS.verified);
  if (report.backup === null || !EVIDENCE.read) throw new Error('The job was expected to have a backup.');
  const evidence = { ...EVIDENCE, logs: logs(1680) };
  const backup = { ...report.backup, evidence };
  return {
    ...report,
    backup: later ? { ...backup, later: { bag: 'later-bag', firmware: '4.6.0', logs: logs(420) } } : backup,
  };
}

test('the readout of each log stands in the report, and beside it that of a later backup on the new firmware', () => {
  const both = withLogs(true);
  expect(reportSchema.safeParse(both).success).toBe(true);
  const html = renderHtml(both);
  expect(html).toContain('Read on 4.0.0');
  expect(html).toContain('3360 rows in 1.68 s, 2000 rows/s, 60 round trips.');
  expect(html).toContain('Read on 4.6.0');
  expect(html).toContain('3360 rows in 0.42 s, 8000 rows/s');
  expect(renderCsv(both)).toContain('log,Revenue Log,,2000 rows/s,8000 rows/s,');
});

test('how rows were asked for, how many gave way, logs that are missing and who took the backup stand in the report and in its CSV', () => {
  const report = withLogs(false);
  if (report.backup?.evidence.read !== true) throw new Error('The job was expected to have a backup.');
  const [log] = logs(1680);
  if (log === undefined) throw new Error('There is a log.');
  const asked = { ...log, readout: { ...log.readout, by: 'range' as const, missed: 3 } };
  const because = 'The profile cannot be read: its columns are not given.';
  const evidence = {
    ...report.backup.evidence,
    logs: [asked],
    missedLogs: [{ id: '1-0:99.2.0*255', name: null, entries: 500, because }],
  };
  const full: Report = { ...report, backup: { ...report.backup, evidence } };
  expect(reportSchema.safeParse(full).success).toBe(true);
  const html = renderHtml(full);
  expect(html).toContain('60 round trips, asked by time. 3 rows gave way to newer ones meanwhile.');
  expect(html).toContain('Not in the backup: 500 rows on the meter.');
  expect(html).toContain(because);
  const csv = renderCsv(full).split('\r\n');
  const first = csv.find((line) => line.startsWith('log,Revenue Log'));
  expect(first).toContain('asked by time. 3 rows gave way to newer ones meanwhile. Read whole:');
  expect(first).toContain(`,,,${evidence.by},`);
  expect(csv.find((line) => line.startsWith('log,1-0:99.2.0*255'))).toContain(
    `Not in the backup: 500 rows on the meter. ${because}`,
  );
});

test('without a later backup nothing is said of the new firmware', () => {
  const html = renderHtml(withLogs(false));
  expect(html).toContain('2000 rows/s');
  expect(html).not.toContain('Read on 4.6.0');
});
