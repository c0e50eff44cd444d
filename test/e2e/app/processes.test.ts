import type { ElectronApplication } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobSummary } from '../../../shared/domain/job.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { engineCall, jobNow, startMeter, startUpgrade, untilCall, untilState } from './engine-calls.ts';
import { startApp, type TestApp, untilLoaded } from './harness.ts';

/** The transfer stands still for so long in its middle. */
const STALL_MS = 8_000;

const isAwake = (app: ElectronApplication): Promise<boolean> =>
  app.evaluate(({ powerSaveBlocker }) =>
    Array.from({ length: 50 }, (_, id) => id).some((id) => powerSaveBlocker.isStarted(id)),
  );

const title = (app: ElectronApplication): Promise<string> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? '');

/** The process of the engine. */
const enginePid = (app: ElectronApplication): Promise<number | undefined> =>
  app.evaluate(({ app: shell }) => shell.getAppMetrics().find(({ name }) => name === 'Meterwright engine')?.pid);

describe('processes that die in the middle of a transfer', () => {
  let meter: Awaited<ReturnType<typeof startMeter>>;
  let started: TestApp;
  beforeEach(async () => {
    meter = await startMeter({ stallMs: STALL_MS });
    started = await startApp('processes');
  });
  afterEach(async () => {
    await started.close();
    await meter.stop();
  });

  async function finish(job: string): Promise<JobSummary> {
    const { app } = started;
    await untilCall(
      'the job asks before it applies',
      async () => {
        const now = await jobNow(app, job);
        if (now?.state === 'failed' || now?.state === 'interrupted') throw new Error(JSON.stringify(now.problem));
        return now?.asks === 'apply' ? true : undefined;
      },
      90_000,
    );
    expect(await engineCall(app, 'upgrades/confirm', { job, confirmed: true })).toMatchObject({ ok: true });
    return untilState(app, job, 'done');
  }

  it('goes on when the page crashes, and the page comes back to the truth', async () => {
    const { app, log } = started;
    expect(await isAwake(app)).toBe(false);
    const job = await startUpgrade(app, meter);
    await untilState(app, job, 'transferring');
    expect(await isAwake(app)).toBe(true);
    await untilCall('the title says so', async () => ((await title(app)).includes('transferring') ? true : undefined));
    const engine = await enginePid(app);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    await untilCall('the page was lost and is back', async () => {
      const state = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.documentElement.dataset.appState'),
      );
      return log().includes('The page is gone: ') && state === 'loaded' ? true : undefined;
    });
    expect(await enginePid(app)).toBe(engine);
    expect(await finish(job)).toMatchObject({ state: 'done', verdict: 'verified', problem: null });
    const journal = await engineCall<Result<readonly { readonly type: string }[]>>(app, 'jobs/journal', { job });
    const types = journal.ok ? journal.value.map(({ type }) => type) : [];
    expect(types).toContain('transfer-completed');
    expect(types).not.toContain('interrupted');
    await untilCall('the computer may sleep', async () => ((await isAwake(app)) ? undefined : true));
    await untilCall('the title says so, too', async () =>
      (await title(app)) === 'Meters – Meterwright' ? true : undefined,
    );
  });

  it('loads a page again that hangs, when a person says so', async () => {
    const { app, log } = started;
    const job = await startUpgrade(app, meter);
    await untilState(app, job, 'transferring');
    const asked = await app.evaluate(({ BrowserWindow, dialog }) => {
      const questions: unknown[] = [];
      dialog.showMessageBoxSync = (...input: unknown[]) => {
        questions.push(input.at(-1));
        return 1;
      };
      BrowserWindow.getAllWindows()[0]?.emit('unresponsive');
      return questions as { readonly message: string; readonly detail: string; readonly buttons: string[] }[];
    });
    expect(asked).toMatchObject([
      { message: 'The window does not answer.', detail: 'Jobs go on.', buttons: ['Wait', 'Load it again'] },
    ]);
    await untilCall('the page was ended and is back', async () =>
      log().includes('The page is gone: ') && (await jobNow(app, job))?.state === 'transferring' ? true : undefined,
    );
  });

  it('says on the page of a job that the computer slept', async () => {
    const { app, page } = started;
    const job = await startUpgrade(app, meter);
    await untilState(app, job, 'transferring');
    await page.evaluate((to) => {
      window.location.hash = to;
    }, `#/upgrade/job/${job}`);
    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.emit('suspend');
      powerMonitor.emit('resume');
    });
    await page.getByText(/^The laptop slept from /).waitFor({ timeout: 30_000 });
    const journal = await engineCall<Result<readonly { readonly type: string }[]>>(app, 'jobs/journal', { job });
    expect(journal.ok && journal.value.map(({ type }) => type)).toContain('laptop-slept');
    expect((await jobNow(app, job))?.state).toBe('transferring');
  });

  it('writes a defect of the shell into its log and goes on', async () => {
    const { app, log } = started;
    await app.evaluate(() => {
      void Promise.reject(new Error('a defect that a test made'));
    });
    await expect.poll(log).toContain('Defect in the shell: Error: a defect that a test made');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('finds the job interrupted when the engine is killed, and resumes it to the end', async () => {
    const { app, page } = started;
    const job = await startUpgrade(app, meter);
    await untilState(app, job, 'transferring');
    // Listening is settled before the engine is killed, or its first word could be missed.
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      window.meterwright.shell.onEngineState(({ state }) => seen.push(state));
    });
    const pid = await enginePid(app);
    if (pid === undefined) throw new Error('There is no engine.');
    process.kill(pid, 'SIGKILL');
    const states = await untilCall('the engine runs again', async () => {
      const seen = await page.evaluate(() => (window as unknown as { readonly seen: readonly string[] }).seen);
      return seen.includes('running') ? seen : undefined;
    });
    expect(states).toEqual(['restarting', 'running']);
    await untilCall('the computer may sleep', async () => ((await isAwake(app)) ? undefined : true));
    expect(await enginePid(app)).not.toBe(pid);
    const found = await untilState(app, job, 'interrupted');
    expect(found.problem?.code).toBe('job/interrupted');
    // The page may just be taking up its new connection; a call that finds none was not made.
    const resumed = await untilCall('the job is taken up', () =>
      engineCall<Result<JobSummary>>(app, 'upgrades/resume', {
        job,
        by: 'tester',
        credentials: meter.credentials,
      }),
    );
    expect(resumed).toMatchObject({ ok: true });
    expect(await finish(job)).toMatchObject({ state: 'done', verdict: 'verified', problem: null });
  });

  it('keeps the truth over a reload, and asks once before closing in the middle', async () => {
    const { app, page } = started;
    const job = await startUpgrade(app, meter);
    await untilState(app, job, 'transferring');
    await page.reload();
    await untilLoaded(page);
    expect((await jobNow(app, job))?.state).toBe('transferring');
    const question = await app.evaluate(({ BrowserWindow, dialog }) => {
      const asked: unknown[] = [];
      dialog.showMessageBoxSync = (...input: unknown[]) => {
        asked.push(input.at(-1));
        return 0;
      };
      BrowserWindow.getAllWindows()[0]?.close();
      return { asked: asked as { message: string; detail: string }[], open: BrowserWindow.getAllWindows().length };
    });
    expect(question.open).toBe(1);
    expect(question.asked).toHaveLength(1);
    expect(question.asked[0]?.detail).toContain('the job stops here; nothing was applied');
    expect((await jobNow(app, job))?.state).toBe('transferring');
  });
});
