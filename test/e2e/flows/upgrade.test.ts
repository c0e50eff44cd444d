import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { answerChecks, choosePackage, openWizardByMouse, startPractice, state, takeBackup } from './steps.ts';

it('takes a simulated meter through all six steps by mouse', async () => {
  const { page, complaints, close } = await startApp('upgrade by mouse');
  const meter = await startPractice(page);
  complaints.length = 0;
  await openWizardByMouse(page, meter);
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  await page.getByText('It is safe to stop', { exact: false }).first().waitFor();

  const point = page.getByRole('region', { name: 'This cannot be undone' });
  await point.waitFor({ timeout: 60_000 });
  expect(await point.innerText()).toContain('4.6.0');
  expect((await state(meter))['firmware']).toBe('4.0.0');
  // The focus waits on the heading: Enter out of habit answers nothing.
  await page.keyboard.press('Enter');
  expect(await point.isVisible()).toBe(true);
  await point.getByRole('button', { name: 'Apply 4.6.0 now' }).click();

  await page.getByText('It cannot be cancelled any more', { exact: false }).waitFor();
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  const table = page.getByRole('table', { name: 'Is the meter as it should be?' });
  expect(await table.innerText()).toContain('4.6.0');
  expect((await state(meter))['firmware']).toBe('4.6.0');

  await page.getByRole('button', { name: 'Next: Report' }).click();
  await page.getByRole('button', { name: 'As JSON' }).click();
  const written = page.getByText(/^Written: /);
  await written.waitFor();
  const file = (await written.innerText()).replace('Written: ', '');
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(report).toMatchObject({ verdict: 'verified', simulated: true });
  await close();
  expect(complaints).toEqual([]);
});
