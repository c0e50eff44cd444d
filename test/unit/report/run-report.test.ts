import { describe, expect, test } from 'vitest';
import { runDocumentOf } from '../../../electron/report/document/run-document.ts';
import { renderDocument } from '../../../electron/report/formats/html.ts';
import { renderRunCsv } from '../../../electron/report/formats/run-csv.ts';
import { type RunFacts, runReportOf, runReportSchema } from '../../../electron/report/run-report.ts';
import type { Change } from '../../../shared/domain/change.ts';
import { elementsOf } from './elements.ts';

const HASH = 'ab'.repeat(32);
const change = (id: string, from: Change['from'], to: Change['to'], more: Partial<Change> = {}): Change => ({
  ...{ id, from, to, channel: 'modbus', destroys: [], mayCutConnection: false, consequences: [] },
  ...more,
});
const FACTS: RunFacts = {
  run: '2026-03-01T10-30-00-000Z_bacnet_a1b2c3',
  area: 'bacnet',
  at: '2026-03-01T10:30:00.000Z',
  by: 'R. Vance',
  simulated: true,
  map: {
    fileName: 'map.xlsx',
    sha256: HASH,
    provenance: 'simulated',
    confirmed: { by: 'A. Else', at: '2026-03-01T09:00:00.000Z' },
  },
  plan: { area: 'bacnet', settings: { deviceId: 6022, bbmdAddress: null } },
  meter: 'Feeder 12',
  serial: 'SIM-000042',
  firmware: '4.6.0',
  address: { host: '192.0.2.7', modbusPort: 502, unit: 255 },
  targets: [{ id: 'deviceId', name: 'BACnet Device ID', register: 61_101 }],
  changes: [change('deviceId', 471_955, 6022), change('bbmdAddress', '192.0.2.10', null)],
  givenUp: {},
  results: [
    { id: 'deviceId', outcome: 'written', because: 'It was read again.', before: 471_955, after: 6022 },
    { id: 'bbmdAddress', outcome: 'written', because: 'It was read again.', before: '192.0.2.10', after: null },
  ],
  problem: null,
  audit: { trail: 'cd'.repeat(32), lines: 12, tip: 'ef'.repeat(32) },
};
const PROBLEM = {
  ...{ code: 'modbus/timeout', title: 'The meter stopped answering', because: 'No answer.', meterState: 'Unknown.' },
  ...{ nextStep: 'Ask it again.', details: { path: '/srv/of-somebody/secret' } },
};
const reportOf = (facts: Partial<RunFacts> = {}) =>
  runReportOf(
    { ...FACTS, ...facts },
    {
      toolVersion: '0.1.0',
      now: new Date('2026-03-02T08:00:00.000Z'),
      signature: { signed: false, because: 'A test has no key.' },
    },
  );
const htmlOf = (facts: Partial<RunFacts> = {}) => renderDocument(runDocumentOf(reportOf(facts)));
const result = (outcome: RunFacts['results'][number]['outcome'], id = 'deviceId'): RunFacts['results'][number] => ({
  ...{ id, outcome, because: '', before: 1, after: 2 },
});

test('it says what was, what was planned, what was read again, where, who, when, and through which map', () => {
  const report = reportOf();
  expect(runReportSchema.safeParse(JSON.parse(JSON.stringify(report))).success).toBe(true);
  expect(report).toMatchObject({
    verdict: 'verified',
    headline: 'All 2 settings were written, and read again as planned.',
    settings: [
      {
        ...{ id: 'deviceId', before: '471955', planned: '6022', readBack: '6022', outcome: 'written' },
        rows: [{ name: 'BACnet Device ID', register: 61_101 }],
      },
      { id: 'bbmdAddress', before: '192.0.2.10', planned: 'none', readBack: 'none', rows: [] },
    ],
  });
  const html = htmlOf();
  expect(() => elementsOf(html)).not.toThrow();
  for (const text of [
    ...['Settings report: Feeder 12, BACnet/IP', 'SIMULATED', 'SIM-000042', '4.6.0', '192.0.2.7 port 502 unit 255'],
    ...['R. Vance', '2026-03-01 10:30:00 UTC', '471955', '6022', 'Written, and read again', 'BACnet Device ID (61101)'],
    ...[
      'map.xlsx',
      HASH,
      'by A. Else, 2026-03-01 09:00:00 UTC',
      'cd'.repeat(32),
      'ef'.repeat(32),
      'head -n 12 audit.jsonl',
    ],
  ]) {
    expect(html).toContain(text);
  }
  expect(renderRunCsv(report).split('\r\n')[1]).toBe(
    `deviceId,471955,6022,6022,written,It was read again.,modbus,BACnet Device ID (61101),bacnet,${FACTS.run},${FACTS.at},R. Vance,Feeder 12,SIM-000042,4.6.0,${HASH},SIMULATED`,
  );
});

describe('its verdict', () => {
  test.each([
    [['written', 'written'], 'verified', 'All 2 settings'],
    [['written', 'failed'], 'mismatch', '1 of the 2 settings'],
    [['failed', 'skipped'], 'mismatch', 'None of the 2 settings'],
    [['written', 'skipped'], 'unknown', '1 of the 2 settings'],
    [['written', 'cannot-be-read-back'], 'unknown', '1 of the 2 settings'],
  ] as const)('of %j is %s', (outcomes, verdict, headline) => {
    const [first, second] = outcomes;
    const report = reportOf({ results: [result(first), result(second, 'bbmdAddress')] });
    expect(report.verdict).toBe(verdict);
    expect(report.headline).toContain(headline);
  });

  test('is none where nothing was to be changed', () => {
    const report = reportOf({ changes: [], results: [] });
    expect(report.verdict).toBeNull();
    expect(htmlOf({ changes: [], results: [] })).toContain('No verdict');
  });
});

test('a record that ends before its outcome says so, and one that failed as a whole says that nothing was sent', () => {
  const unfinished = reportOf({ results: [], audit: null });
  expect(unfinished.settings.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
  expect(unfinished.verdict).toBe('unknown');
  expect(htmlOf({ results: [], audit: null })).toContain('Not recorded: the run has not ended');
  const failed = reportOf({ results: [], problem: PROBLEM });
  expect(failed.settings[0]).toMatchObject({
    outcome: 'skipped',
    because: 'Nothing was sent: The meter stopped answering.',
  });
  expect(JSON.stringify(failed)).not.toContain('/srv/of-somebody');
  expect(htmlOf({ problem: PROBLEM })).toContain('It ended early');
});

test('logs that were erased stand in it once, with their backup or the reason for giving them up', () => {
  const destroys = [{ recorder: 1, records: 3360, backup: 'missing' as const }];
  const facts: Partial<RunFacts> = {
    area: 'recorders',
    changes: [change('1.interval', 900, 300, { destroys }), change('1.depth', 3360, 100, { destroys })],
    givenUp: { '1': 'The energy management system has it.' },
  };
  expect(reportOf(facts).erased).toEqual([
    { recorder: 1, records: 3360, backup: 'missing', givenUp: 'The energy management system has it.' },
  ]);
  expect(htmlOf(facts)).toContain('The energy management system has it.');
});

test('names of people and texts of meters in it are text and no markup, and no formula', () => {
  const hostile = '<script>alert(1)</script>"\'=cmd|x';
  const facts: Partial<RunFacts> = {
    by: hostile,
    meter: hostile,
    changes: [change('ethernetDeviceName', hostile, '=1+1')],
    results: [{ id: 'ethernetDeviceName', outcome: 'failed', because: hostile, before: hostile, after: hostile }],
  };
  const html = htmlOf(facts);
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;');
  expect(renderRunCsv(reportOf(facts))).toContain(",'=1+1,");
});
