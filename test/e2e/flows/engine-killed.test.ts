import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { look } from './look.ts';
import { answerChecks, choosePackage, control, go, openWizardByMouse, startPractice, state, takeBackup } from './steps.ts';

it('resumes with the button of the page after the engine was killed in the middle of the transfer', async () => {
  const { app, page, close } = await startApp('engine killed');
  const meter = await startPractice(page);
  await openWizardByMouse(page, meter);
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  // The session that sends the image stands still in its middle, so that there is time to kill the engine there.
  const fault = { kind: 'delay', protocol: 'sftp', direction: 'in', atByte: 1_000_000, milliseconds: 60_000, times: 1 };
  await control(meter, 'fault', fault);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  const progress = page.getByRole('progressbar').first();
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 60_000 }).toBeGreaterThan(0);

  const pid = await app.evaluate(
    ({ app: shell }) => shell.getAppMetrics().find(({ name }) => name === 'Meterwright engine')?.pid,
  );
  if (pid === undefined) throw new Error('There is no engine.');
  process.kill(pid, 'SIGKILL');
  // The simulated meter lived in the engine; it comes back with it, as far as it was, and is asked without anybody's doing.
  const heading = page.getByRole('heading', { name: /^Interrupted: transferring, [1-9]\d? %$/ });
  await heading.waitFor({ timeout: 60_000 });
  await page.getByText('The meter answers with 4.0.0.').waitFor({ timeout: 30_000 });
  const wrong: string[] = [];
  await look(app, page, 'upgrade-4-interrupted-transfer', wrong);
  await go(page, '#/activity');
  await page.getByText('The meter answers with 4.0.0.').waitFor();
  await look(app, page, 'activity-interrupted-transfer', wrong);
  await page.getByRole('button', { name: /^Resume / }).click();

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  const point = page.getByRole('region', { name: 'This cannot be undone' });
  await point.waitFor({ timeout: 60_000 });
  await point.getByRole('button', { name: 'Apply 4.6.0 now' }).click();
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  expect((await state(meter))['firmware']).toBe('4.6.0');
  expect(wrong).toEqual([]);
  await close();
});
