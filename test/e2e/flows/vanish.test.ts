import { expect, it } from 'vitest';
import { startApp, untilLoaded } from '../app/harness.ts';
import { answerChecks, choosePackage, control, openWizard, startPractice, takeBackup } from './steps.ts';

it('waits for a meter that loses its power while it applies, over a reload of the page', async () => {
  const { page, home, close } = await startApp('meter vanishes');
  const meter = await startPractice(page);
  await openWizard(page, home);
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  const point = page.getByRole('region', { name: 'This cannot be undone' });
  await point.waitFor({ timeout: 60_000 });

  // A reload lands on the question again: it is the engine that asks.
  await page.reload();
  await untilLoaded(page);
  await point.waitFor({ timeout: 30_000 });
  await point.getByRole('button', { name: 'Apply 4.6.0 now' }).click();
  await page.getByText('It cannot be cancelled any more', { exact: false }).waitFor();
  await control(meter, 'power-loss', { seconds: 4 });

  await page.reload();
  await untilLoaded(page);
  await page.getByText('It cannot be cancelled any more', { exact: false }).waitFor({ timeout: 30_000 });
  const cancel = page.getByRole('button', { name: 'Cancel the upgrade' });
  expect(await cancel.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  await close();
});

it('cancels before the point of no return, and says that nothing was applied', async () => {
  const { page, home, close } = await startApp('cancel');
  const meter = await startPractice(page);
  await openWizard(page, home);
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  const point = page.getByRole('region', { name: 'This cannot be undone' });
  await point.waitFor({ timeout: 60_000 });
  await point.getByRole('button', { name: 'Cancel; nothing is applied' }).click();
  await page.getByRole('heading', { name: 'The upgrade was cancelled' }).waitFor();
  await page.getByText('Nothing was applied; the meter runs what it ran before.').first().waitFor();
  await close();
});
