import { beforeEach, describe, expect, it } from 'vitest';
import { isBusy, putAwayBatch, runBatch, stopBatch, useBatch } from '../../../renderer/features/meters/batch.ts';
import { problem } from '../../../shared/domain/problem.ts';

const SILENT = problem({ code: 'modbus/timeout', title: 'No answer', because: 'x', nextStep: 'y' });
const rows = ['A', 'B', 'C'].map((name) => ({ name }));
const now = () => useBatch.getState().batch;

beforeEach(() => {
  putAwayBatch();
});

describe('work on many meters', () => {
  it('is done one after the other, and says which failed', async () => {
    const seen: string[] = [];
    let atOnce = 0;
    await runBatch('read', rows, async ({ name }) => {
      atOnce += 1;
      seen.push(`${name} ${now()?.at} ${now()?.done} ${atOnce}`);
      await Promise.resolve();
      atOnce -= 1;
      return name === 'B' ? SILENT : null;
    });
    expect(seen).toEqual(['A A 0 1', 'B B 1 1', 'C C 2 1']);
    expect(now()).toMatchObject({ state: 'ended', done: 3, of: 3, at: '', failed: [{ name: 'B', problem: SILENT }] });
    putAwayBatch();
    expect(now()).toBeNull();
  });

  it('is stopped at the meter that is being asked; that one counts as neither done nor failed', async () => {
    const reached: string[] = [];
    const ended = runBatch('read', rows, ({ name }, signal) => {
      reached.push(name);
      if (name === 'A') return Promise.resolve(null);
      return new Promise((settle) => signal.addEventListener('abort', () => settle(SILENT)));
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(isBusy(now())).toBe(true);
    // Nothing else begins meanwhile, and nothing busy is put away.
    await runBatch('remove', rows, () => Promise.reject(new Error('never')));
    putAwayBatch();
    stopBatch();
    expect(now()?.state).toBe('stopping');
    await ended;
    expect(reached).toEqual(['A', 'B']);
    expect(now()).toMatchObject({ state: 'stopped', done: 1, of: 3, failed: [] });
  });
});
