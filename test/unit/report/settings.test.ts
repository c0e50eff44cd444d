import { expect, test } from 'vitest';
import { renderCsv } from '../../../electron/report/formats/csv.ts';
import { renderHtml } from '../../../electron/report/formats/html.ts';
import { reportSchema } from '../../../electron/report/schema.ts';
import { JOBS, reportFor } from './jobs.ts';

test('settings that were applied since the job began stand in the report with who, from, to and outcome', () => {
  const report = reportFor(JOBS.verified);
  expect(reportSchema.safeParse(report).success).toBe(true);
  const html = renderHtml(report);
  expect(html).toContain('BACnet/IP, 2026-03-01 10:30:00 UTC, by R. Vance');
  for (const text of ['deviceId', '471955', '6022', 'Written, and read again', 'Not known: the record ends']) {
    expect(html).toContain(text);
  }
  expect(html).toContain('It ended early: The meter stopped answering.');
  expect(renderCsv(report)).toContain('\r\nsetting,bacnet deviceId,written,471955,6022,It was read again.,,,R. Vance,');
});

test('a job without settings has no such section, in any form', () => {
  const report = reportFor(JOBS.verified, { configurations: [] });
  expect(report.configurations).toBeUndefined();
  expect(renderHtml(report)).not.toContain('. Settings</h2>');
  expect(renderHtml(reportFor(JOBS.verified))).toContain('. Settings</h2>');
  expect(renderCsv(report)).not.toContain('\r\nsetting,');
});

test('names of people and texts of meters in it are text and no markup', () => {
  const [configuration] = reportFor(JOBS.verified).configurations ?? [];
  if (configuration === undefined) throw new Error('The report was expected to have one.');
  const hostile = '<script>alert(1)</script>"\'=cmd|x';
  const settings = [{ id: 'deviceId', from: hostile, to: hostile, outcome: 'failed' as const, because: hostile }];
  const report = reportFor(JOBS.verified, {
    configurations: [{ ...configuration, by: hostile, settings, problem: hostile }],
  });
  const html = renderHtml(report);
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;');
  expect(
    renderCsv(report)
      .split('\r\n')
      .find((line) => line.startsWith('setting')),
  ).toContain('"<script>alert(1)</script>""');
});
