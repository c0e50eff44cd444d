import { expect, it } from 'vitest';
import { backupLine } from '../../../electron/cli/commands/backup.ts';
import { jobLine } from '../../../electron/cli/terminal.ts';

const ROWS = { done: 480, total: 3360, perSecond: 2000.4 };

it('the rows of a log are counted and timed in the line of a backup and in that of a job', () => {
  const shown = { done: 480, total: 3360, perSecond: 2000, unit: 'rows' };
  const step = { index: 9, count: 13 };
  const line = backupLine('M1', { item: 'recorder-logs', step, message: 'Reading Revenue Log', rows: ROWS });
  expect(line).toMatchObject({ stage: '9/13 recorder-logs', ...shown });
  const stage = { index: 2, count: 8, label: 'Back up' };
  const job = { job: 'j', meter: 'M1', state: 'gated', stage, stop: 'safe', message: 'Reading Revenue Log' } as const;
  expect(jobLine({ ...job, rows: ROWS })).toMatchObject(shown);
  // Nobody knows how many will come: no share is claimed.
  expect(jobLine({ ...job, rows: { ...ROWS, total: null } })).not.toHaveProperty('total');
  expect(jobLine(job)).not.toHaveProperty('unit');
});
