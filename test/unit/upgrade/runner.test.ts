import { expect, it } from 'vitest';
import { diskProblem } from '../../../electron/inventory/durable.ts';
import type { Journal } from '../../../electron/upgrade/journal.ts';
import { advance, begin } from '../../../electron/upgrade/machine.ts';
import { runUpgrade } from '../../../electron/upgrade/runner.ts';
import type { UpgradePorts } from '../../../electron/upgrade/session.ts';
import { METER_STATE } from '../../../shared/domain/problem.ts';
import { GOOD_EVENTS, PLAN } from './arbitraries.ts';

const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const fullDisk: Journal = {
  entries: [],
  tip: '',
  append: () => Promise.resolve({ ok: false, problem: diskProblem(FULL, '/jobs/x/journal.jsonl', 'written') }),
  close: () => Promise.resolve(),
};
/** Without an effect none of them is asked. */
const NO_PORTS = {} as UpgradePorts;

/** The job after the first `count` events of an upgrade without trouble, at a disk that takes nothing any more. */
async function stoppedAfter(count: number) {
  const { job } = GOOD_EVENTS.slice(0, count).reduce((step, next) => advance(step.job, next), begin(PLAN));
  const running = runUpgrade(fullDisk, { job, effect: null }, NO_PORTS, () => undefined);
  await running.slept('2026-11-23T02:00:00Z', '2026-11-23T02:01:00Z');
  return running.job();
}

it('a journal that cannot be written says what the meter is doing meanwhile, and that the job can be resumed', async () => {
  const before = await stoppedAfter(4);
  expect(before).toMatchObject({ state: 'interrupted', pastNoReturn: false, problem: { code: 'disk/full' } });
  expect(before.problem?.meterState).toMatch(/nothing was applied/i);
  const applying = await stoppedAfter(8);
  expect(applying).toMatchObject({ state: 'interrupted', pastNoReturn: true, problem: { code: 'disk/full' } });
  expect(applying.problem?.meterState).toContain(METER_STATE.unknown);
  expect(applying.problem?.nextStep).toMatch(/resume the job/);
});
