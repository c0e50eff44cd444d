import { expect, it } from 'vitest';
import type { JobSummary } from '../../../shared/domain/job.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { engineCall, untilCall } from '../app/engine-calls.ts';
import { photograph, startApp } from '../app/harness.ts';
import { look } from './look.ts';
import {
  answerChecks,
  choosePackage,
  control,
  go,
  openWizardByMouse,
  startPractice,
  state,
  takeBackup,
} from './steps.ts';

it('resumes with the button of the page after the engine was killed in the middle of the transfer', async () => {
  const { app, page, close } = await startApp('engine killed');
  const meter = await startPractice(page);
  await openWizardByMouse(page, meter);
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  // Every session that sends stands still after so much, so that there is time to kill the engine there.
  const fault = {
    kind: 'delay',
    protocol: 'sftp',
    direction: 'in',
    atByte: 1_000_000,
    milliseconds: 180_000,
    times: 10,
  };
  await control(meter, 'fault', fault);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  await untilCall('part of the image has arrived', async () => {
    const [summary] = await engineCall<readonly JobSummary[]>(app, 'jobs/list');
    const journal = await engineCall<Result<readonly { readonly type: string }[]>>(app, 'jobs/journal', {
      job: summary?.job,
    });
    return journal.ok && journal.value.some(({ type }) => type === 'transfer-progress') ? true : undefined;
  });
  await photograph(page, 'upgrade-4-sending');

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
  await page
    .getByRole('button', { name: /^Resume/ })
    .first()
    .click();

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  const point = page.getByRole('region', { name: 'This cannot be undone' });
  await point.waitFor({ timeout: 60_000 });
  await point.getByRole('button', { name: 'Apply 4.6.0 now' }).click();
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  expect((await state(meter))['firmware']).toBe('4.6.0');
  expect(wrong).toEqual([]);
  await close();
});
