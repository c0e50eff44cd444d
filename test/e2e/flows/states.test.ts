import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { engineCall, startMeter, startUpgrade } from '../app/engine-calls.ts';
import { startApp, type TestApp } from '../app/harness.ts';
import { look } from './look.ts';
import { control, go } from './steps.ts';

describe('how a job can stand besides well', () => {
  let meter: Awaited<ReturnType<typeof startMeter>>;
  let started: TestApp;
  const wrong: string[] = [];
  beforeEach(async () => {
    wrong.length = 0;
    meter = await startMeter();
    started = await startApp('states of a job');
    // After the pictures of a failure were taken.
    onTestFinished(async () => {
      await started.close();
      await meter.stop();
    });
  });

  const atThePoint = async (page: Page) => {
    const point = page.getByRole('region', { name: 'This cannot be undone' });
    await point.waitFor({ timeout: 60_000 });
    return point;
  };

  it('with ION Setup, and back on another version than the one that was asked for: a mismatch', async () => {
    const { app, page } = started;
    const job = await startUpgrade(app, meter, 'ion-setup');
    await go(page, `#/upgrade/${job}`);
    await page.getByRole('heading', { name: 'Upgrade to 4.6.0 with ION Setup' }).waitFor({ timeout: 60_000 });
    await look(app, page, 'upgrade-4-hand-off', wrong);
    await page.getByRole('button', { name: 'Start ION Setup' }).click();
    await page.getByRole('alert').filter({ hasText: 'ION Setup was not started' }).waitFor();
    await look(app, page, 'upgrade-4-hand-off-not-started', wrong);
    await control(meter, 'upgrade', { version: '4.5.1' });
    await page.getByText('The meter is not as it should be.', { exact: false }).first().waitFor({ timeout: 90_000 });
    await look(app, page, 'upgrade-5-mismatch', wrong);
    expect(wrong).toEqual([]);
  });

  it('cancelled, then interrupted by the end of the engine', async () => {
    const { app, page } = started;
    const first = await startUpgrade(app, meter);
    await go(page, `#/upgrade/${first}`);
    await (await atThePoint(page)).getByRole('button', { name: 'Cancel; nothing is applied' }).click();
    await page.getByRole('heading', { name: 'The upgrade was cancelled' }).waitFor();
    await look(app, page, 'upgrade-4-cancelled', wrong);

    const second = await startUpgrade(app, meter);
    await go(page, `#/upgrade/${second}`);
    await atThePoint(page);
    const pid = await app.evaluate(
      ({ app: shell }) => shell.getAppMetrics().find(({ name }) => name === 'Meterwright engine')?.pid,
    );
    if (pid === undefined) throw new Error('There is no engine.');
    process.kill(pid, 'SIGKILL');
    await page.getByRole('heading', { name: /^Interrupted: / }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Check the meter now' }).click();
    await page.getByText('The meter answers: serial', { exact: false }).waitFor({ timeout: 30_000 });
    await look(app, page, 'upgrade-4-interrupted', wrong);
    await go(page, '#/activity');
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
    await look(app, page, 'activity-interrupted', wrong);
    expect(wrong).toEqual([]);
  });

  it('done, but not known to be well: unknown is not verified, and can be read again', async () => {
    const { app, page } = started;
    const job = await startUpgrade(app, meter);
    await go(page, `#/upgrade/${job}`);
    const point = await atThePoint(page);
    // From here on the meter has no value for an energy that it had before.
    await control(meter, 'fault', { kind: 'unavailable', registers: [3204, 3205, 3206, 3207] });
    await point.getByRole('button', { name: 'Apply 4.6.0 now' }).click();
    const table = page.getByRole('table', { name: 'Is the meter as it should be?' });
    await table.getByText('could not be read after the upgrade', { exact: false }).waitFor({ timeout: 90_000 });
    expect(await page.getByText('Everything that was compared is as it should be.').count()).toBe(0);
    const [summary] = await engineCall<readonly { readonly verdict: string }[]>(app, 'jobs/list');
    expect(summary?.verdict).toBe('unknown');
    await look(app, page, 'upgrade-5-unknown', wrong);

    await control(meter, 'fault', { kind: 'clear' });
    await page.getByRole('button', { name: /^Read the meter again/ }).click();
    await page.getByText(/values compared/).waitFor({ timeout: 30_000 });
    await look(app, page, 'upgrade-5-unknown-read-again', wrong);
    expect(wrong).toEqual([]);
  });
});
