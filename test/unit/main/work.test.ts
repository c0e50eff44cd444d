import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAllowedPaths } from '../../../electron/main/guards/allowed-paths.ts';
import { createPageGuard } from '../../../electron/main/guards/page-guard.ts';
import { createLog } from '../../../electron/main/log.ts';
import { closeQuestion } from '../../../electron/main/window/close-guard.ts';
import { createAwake } from '../../../electron/main/window/power.ts';
import { shownWork } from '../../../electron/main/window/progress.ts';
import { FIRST_STATE, readWindowState, visibleBounds, writeWindowState } from '../../../electron/main/window/state.ts';
import type { Work } from '../../../shared/contract/shell/processes.ts';

const job: Work = { job: 'j1', meter: 'M1', state: 'transferring', fraction: 0.634, stop: 'safe' };

describe('the computer', () => {
  it('is kept awake exactly while somebody needs it, with one blocker', () => {
    const act = fc.oneof(
      fc.record({ hold: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ release: fc.integer({ min: 1, max: 4 }) }),
      fc.constant({ all: true }),
    );
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        const blocks = new Set<number>();
        let next = 0;
        const awake = createAwake({
          start: () => {
            next += 1;
            blocks.add(next);
            return next;
          },
          stop: (id) => blocks.delete(id),
        });
        const needed = new Set<number>();
        for (const step of acts) {
          if ('hold' in step) {
            awake.hold(step.hold);
            needed.add(step.hold);
          } else if ('release' in step) {
            awake.release(step.release);
            needed.delete(step.release);
          } else {
            awake.releaseAll();
            needed.clear();
          }
          expect(blocks.size).toBe(needed.size > 0 ? 1 : 0);
          expect(awake.active).toBe(needed.size > 0);
        }
      }),
    );
  });
});

describe('closing the window', () => {
  it('asks nothing when nothing is at work', () => {
    expect(closeQuestion([])).toBeUndefined();
    expect(closeQuestion([], [])).toBeUndefined();
    const backup = closeQuestion([], ['192.0.2.7']);
    expect(backup?.message).toBe('One backup is at work. Close Meterwright?');
    expect(backup?.detail).toContain('192.0.2.7: the backup ends unfinished');
    const read = closeQuestion([], [], ['192.0.2.8']);
    expect(read?.message).toBe('One read of a log is at work. Close Meterwright?');
    expect(read?.detail).toBe('192.0.2.8: the log that is being read is not kept; nothing was changed on the meter.');
    expect(closeQuestion([], ['192.0.2.7'], ['192.0.2.8'])?.message).toBe(
      'One backup and one read of a log are at work. Close Meterwright?',
    );
  });

  it('says for each meter what goes on, and keeps the window open unless told otherwise', () => {
    const question = closeQuestion([job, { ...job, meter: 'M2', state: 'applying', stop: 'too-late' }]);
    expect(question?.message).toBe('2 jobs are at work. Close Meterwright?');
    expect(question?.detail).toMatch(/M1 \(transferring\): the job stops here; nothing was applied\./);
    expect(question?.detail).toMatch(/M2 \(applying\): the meter goes on applying the firmware by itself/);
    expect(question?.buttons[0]).toBe('Keep it open');
  });
});

describe('the taskbar and the title', () => {
  it('show nothing, a share, or that nobody knows how long', () => {
    expect(shownWork([])).toEqual({ value: -1, title: 'Meterwright' });
    expect(shownWork([job])).toEqual({ value: 0.634, title: 'M1: transferring 63 % - Meterwright' });
    expect(shownWork([{ ...job, fraction: null }])).toEqual({ value: 2, title: 'M1: transferring - Meterwright' });
    expect(shownWork([job, { ...job, fraction: 0.2 }]).title).toBe('2 meters: upgrading 41 % - Meterwright');
  });
});

describe('a page that dies', () => {
  it('is loaded again, and asked about when it happens again and again', () => {
    let now = 0;
    const guard = createPageGuard(() => now);
    expect([guard.died(), guard.died(), guard.died(), guard.died()]).toEqual(['reload', 'reload', 'reload', 'ask']);
    now = 120_000;
    expect(guard.died()).toBe('reload');
  });
});

describe('folders that may be shown', () => {
  it('are the data folder and what a person chose', () => {
    const allowed = createAllowedPaths();
    const home = resolve('/data/home');
    expect(allowed.allows(home)).toBe(false);
    allowed.setHome(home);
    allowed.chose([resolve('/media/stick/bag')]);
    for (const path of [home, join(home, 'jobs', 'j1'), resolve('/media/stick/bag/data')]) {
      expect(allowed.allows(path), path).toBe(true);
    }
    for (const path of [join(home, '..'), `${home}-other`, resolve('/data'), resolve('/media/stick'), 'jobs', '']) {
      expect(allowed.allows(path), path).toBe(false);
    }
  });
});

describe('the place of the window', () => {
  it('is kept, and a damaged file is the first day', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meterwright-window-'));
    const file = join(folder, 'deep', 'window.json');
    expect(readWindowState(file)).toEqual(FIRST_STATE);
    const state = { bounds: { x: -5, y: 7, width: 900, height: 700 }, maximized: true, theme: 'dark' } as const;
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    const { x: _x, ...cornerless } = state.bounds;
    const damaged = [
      { ...state, bounds: { ...state.bounds, width: 1 } },
      { ...state, bounds: { ...state.bounds, height: 700.5 } },
      { ...state, bounds: { ...state.bounds, y: '7' } },
      { ...state, bounds: { ...state.bounds, x: 20_001 } },
      { ...state, bounds: cornerless },
      { ...state, maximized: 1 },
      { ...state, theme: 'pink' },
      { ...state, bounds: null },
    ].map((value) => JSON.stringify(value));
    for (const text of ['', '{}', 'null', '[]', '"dark"', ...damaged]) {
      writeFileSync(file, text);
      expect(readWindowState(file)).toEqual(FIRST_STATE);
    }
    rmSync(folder, { recursive: true });
  });

  it('is not on a screen that was unplugged', () => {
    const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    const size = { width: 1280, height: 800 };
    expect(visibleBounds({ ...size, x: 100, y: 100 }, screens)).toEqual({ ...size, x: 100, y: 100 });
    expect(visibleBounds({ ...size, x: 2500, y: 100 }, screens)).toEqual(size);
    expect(visibleBounds({ ...size, x: 100, y: -500 }, screens)).toEqual(size);
    expect(visibleBounds(size, screens)).toEqual(size);
  });
});

describe('the log', () => {
  it('keeps lines with their time, never stops the work, and does not grow without end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meterwright-log-'));
    const file = join(folder, 'logs', 'shell.log');
    const log = createLog(file, () => new Date('2026-01-02T03:04:05Z'));
    log('first\n');
    expect(readFileSync(file, 'utf8')).toBe('2026-01-02T03:04:05.000Z first\n');
    writeFileSync(file, 'x'.repeat(3 * 1024 * 1024));
    log('second');
    expect(readFileSync(file, 'utf8')).toBe('2026-01-02T03:04:05.000Z second\n');
    expect(() => createLog(join(file, 'not-a-folder.log'))('third')).not.toThrow();
    rmSync(folder, { recursive: true });
  });
});
