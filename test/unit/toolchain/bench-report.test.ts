import { describe, expect, it } from 'vitest';
import { type BenchRow, benchDocument, benchTable, parseBenchArguments, targetsMet } from '../../bench/report.ts';

const met: BenchRow = { name: 'modbus: sweep', ratio: 1.234, target: 1, ok: true, ours: '120 ms', theirs: '148 ms' };
const missed: BenchRow = { name: 'sftp', ratio: 0.5, target: 0.8, ok: false, ours: 50, theirs: 100 };

describe('the report of the bench', () => {
  it('meets the targets only when there are rows and all meet theirs', () => {
    expect(targetsMet([met])).toBe(true);
    expect(targetsMet([met, missed])).toBe(false);
    expect(targetsMet([])).toBe(false);
  });

  it('has exactly four fields a row in the document', () => {
    expect(JSON.parse(benchDocument([met]))).toEqual({
      rows: [{ name: 'modbus: sweep', ratio: 1.234, target: 1, ok: true }],
    });
  });

  it('lines its columns up and says what was missed', () => {
    expect(benchTable([met, missed]).split('\n')).toEqual([
      'bench          ratio  target          ours    theirs',
      'modbus: sweep  1.23   1.00    met     120 ms  148 ms',
      'sftp           0.50   0.80    MISSED  50      100',
    ]);
  });

  it.each([
    [[], { json: false, filter: undefined }],
    [['--json'], { json: true, filter: undefined }],
    [['sftp', '--json'], { json: true, filter: 'sftp' }],
  ])('reads the arguments %j', (args, expected) => {
    expect(parseBenchArguments(args)).toEqual(expected);
  });

  it.each([[['--jsn']], [['a', 'b']], [['-x']]])('refuses the arguments %j', (args) => {
    expect(parseBenchArguments(args)).toEqual(expect.any(String));
  });
});
