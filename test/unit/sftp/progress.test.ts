import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../electron/protocols/sftp/progress.ts';
import type { TransferProgress } from '../../../electron/protocols/sftp/types.ts';
import { chunkFor, createWindow } from '../../../electron/protocols/sftp/window.ts';

function recorded(total: number, counted = 0) {
  const seen: TransferProgress[] = [];
  let time = 0;
  const meter = createProgress(
    total,
    counted,
    (progress) => seen.push(progress),
    () => time,
  );
  return {
    seen,
    meter,
    /** Advances the clock, then counts. */
    later(milliseconds: number, done: number) {
      time += milliseconds;
      meter.at(done);
    },
  };
}

describe('progress', () => {
  it('is reported at most four times a second', () => {
    const { seen, later } = recorded(100_000);
    for (let step = 1; step <= 1000; step += 1) later(10, step * 100);
    expect(seen.length).toBeLessThanOrEqual(40);
    expect(seen.length).toBeGreaterThanOrEqual(39);
  });

  it('has the speed of the last few seconds, not of the whole transfer', () => {
    const { seen, later } = recorded(1_000_000);
    for (let second = 1; second <= 60; second += 1) later(1000, second * 10_000);
    expect(seen.at(-1)?.perSecond).toBeCloseTo(10_000);
    for (let second = 1; second <= 6; second += 1) later(1000, 600_000 + second * 1000);
    expect(seen.at(-1)?.perSecond).toBeCloseTo(1000);
  });

  it('does not take what was there before for speed', () => {
    const { seen, later } = recorded(1000, 900);
    later(1000, 950);
    expect(seen.at(-1)).toEqual({ done: 950, total: 1000, perSecond: 50 });
  });

  it('has a finite speed even when no time has passed', () => {
    const { seen, meter } = recorded(10);
    meter.end(10);
    expect(seen).toEqual([{ done: 10, total: 10, perSecond: 0 }]);
  });
});

describe('the window of a transfer', () => {
  it('grows while answers come fast, shrinks while they are slow, within its bounds', () => {
    const window = createWindow(32 * 1024);
    const answer = (tookMs: number) => {
      window.started();
      window.finished(tookMs);
    };
    const first = window.limit;
    for (let count = 0; count < 1000; count += 1) answer(20);
    expect(window.limit).toBe(128);
    for (let count = 0; count < 1000; count += 1) answer(1500);
    expect(window.limit).toBe(128);
    for (let count = 0; count < 1000; count += 1) answer(5000);
    expect(window.limit).toBe(4);
    expect(first).toBe(32);
    expect(window.inFlight).toBe(0);
  });

  it('wakes everybody who waits for a change', async () => {
    const window = createWindow(32 * 1024);
    const waiting = Promise.all([window.change(), window.change()]);
    window.wake();
    await expect(waiting).resolves.toHaveLength(2);
  });
});

describe('the size of a chunk', () => {
  it('is what the host takes in one request, within reason', () => {
    expect(chunkFor(34_000 - 2048)).toBe(31 * 1024);
    expect(chunkFor(255 * 1024)).toBe(124 * 1024);
    expect(chunkFor(100_000)).toBe(31 * 1024);
    expect(chunkFor(4096)).toBe(4096);
    expect(chunkFor(1)).toBe(1024);
    expect(chunkFor(Number.POSITIVE_INFINITY)).toBe(124 * 1024);
    expect(createWindow(1).limit).toBeGreaterThan(0);
    expect(createWindow(100 * 1024 * 1024).limit).toBe(4);
  });
});
