import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderCsv } from '../../../electron/report/formats/csv.ts';
import type { Report } from '../../../electron/report/schema.ts';
import { FINDINGS, JOBS, reportFor } from './jobs.ts';

describe('CSV', () => {
  test('is RFC 4180 with a byte order mark: the verdict of the job, its findings, its gates', () => {
    const lines = renderCsv(reportFor(JOBS.unknown)).split('\r\n');
    expect(lines[0]).toBe(
      '\uFEFFkind,id,verdict,before,after,because,fix,override_reason,override_by,job,meter,serial,simulated',
    );
    expect(lines[1]).toBe(
      'job,done,unknown,,,"The job was carried out. The meter was read again, and not everything could be compared: Settings.",,,,20260301T100000Z-MT-1509A001-02-a1b2c3,Feeder 12,MT-1509A001-02,SIMULATED',
    );
    expect(lines[6]).toMatch(
      /^finding,settings,unknown,30 settings,28 settings,"28 settings compared, 2 could not be read\.",/,
    );
    expect(lines.filter((line) => line.startsWith('gate,'))).toHaveLength(3);
    expect(lines.at(-1)).toBe('');
  });

  test.each([
    ['=HYPERLINK("http://192.0.2.1")', '"\'=HYPERLINK(""http://192.0.2.1"")"'],
    ['+1+1', "'+1+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' \t=1', "'  =1"],
    ['\n=1', "' =1"],
    ['\uFF1D1', "'\uFF1D1"],
    ['-42.0 s', '-42.0 s'],
    ['-5', '-5'],
    ['a "b", c', '"a ""b"", c"'],
    ['two\r\nlines', 'two lines'],
  ])('%j becomes %j', (text, field) => {
    expect(firstBefore(text)).toBe(field);
  });

  test('whatever a meter says, no cell begins like a formula, no line breaks, and the number of cells stays', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const csv = renderCsv(withBefore(text));
        const rows = csv.slice(1, -2).split('\r\n');
        expect(rows).toHaveLength(renderCsv(withBefore('x')).slice(1, -2).split('\r\n').length);
        for (const row of rows) {
          const cells = row.match(/("([^"]|"")*"|[^,"]*)(,|$)/g) ?? [];
          // The pattern also matches the empty text after the last cell.
          expect(cells.filter((cell, index) => cell !== '' || index < cells.length - 1)).toHaveLength(13);
          for (const cell of cells) {
            const shown = cell.replace(/,$/, '').replace(/^"/, '').trimStart();
            expect(shown).not.toMatch(/^[=+@]/);
            if (shown.startsWith('-')) expect(shown).toMatch(/^-\d+(\.\d+)?( s)?$/);
          }
        }
      }),
    );
  });
});

function withBefore(before: string): Report {
  const report = reportFor(JOBS.verified);
  return { ...report, findings: FINDINGS.map((finding) => ({ ...finding, before })) };
}

/** The cell `before` of the first finding, as it stands in the file. */
function firstBefore(text: string): string {
  const line = renderCsv(withBefore(text)).split('\r\n')[2] ?? '';
  return line.slice('finding,firmware,verified,'.length, line.indexOf(',4.6.0,'));
}
