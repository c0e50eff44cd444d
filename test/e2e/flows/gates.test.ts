import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { sightProblems } from '../app/sight.ts';
import { answerChecks, answerFileDialog, choosePackage, control, openWizard, startPractice } from './steps.ts';

it('names what blocks, goes there, and goes on when it is put right', async () => {
  const { app, page, home, close } = await startApp('blocked gate');
  const meter = await startPractice(page);
  await control(meter, 'lock', { revenueLock: 'locked' });
  await openWizard(page, home);

  // Pressed at once: everything that is missing is named, and the focus is where the first of it is given.
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  const blocked = page.getByRole('region', { name: 'This step is not finished' });
  expect(await blocked.getByRole('listitem').allInnerTexts()).toEqual([
    'Choose the firmware package of the vendor (.zip) first.',
    'Choose how the firmware gets to the meter.',
    'Enter your name; it stands in the report.',
  ]);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('choose-package');

  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await page.getByText(/to answer/).waitFor();
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  expect((await blocked.getByRole('listitem').allInnerTexts())[0]).toContain('“Revenue lock” blocks');
  const focused = await page.evaluate(() => document.activeElement?.closest('[id^="gate-"]')?.id);
  expect(focused).toBe('gate-revenue-lock');
  expect(await sightProblems({ app, page }, 'checks that block')).toEqual([]);
  const row = page.locator('#gate-revenue-lock');
  expect(await row.innerText()).toContain('There is no override.');
  expect(await row.getByRole('button', { name: 'Accept with a reason…' }).count()).toBe(0);

  await control(meter, 'lock', { revenueLock: 'unlocked' });
  await row.getByRole('button', { name: 'Check again: Revenue lock' }).click();
  await row.getByText('pass', { exact: true }).waitFor();
  await page.getByText('Checked again: Revenue lock — pass.').waitFor();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await page.getByRole('button', { name: 'Take the backup' }).waitFor();

  // The backup step does the same: the first item that is neither saved nor waived.
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await blocked.getByText('Take a backup').first().waitFor();
  await page.getByRole('button', { name: 'Take the backup' }).click();
  await page.getByText(/^It does not count:/).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await blocked.getByText('is neither saved nor waived').first().waitFor();
  await close();
});

it('refuses a bare image and says why', async () => {
  const { app, page, home, close } = await startApp('bare image');
  const meter = await startPractice(page);
  await openWizard(page, home);
  await answerFileDialog(app, meter.bareImage);
  await page.getByRole('button', { name: 'Choose a file…' }).click();
  await page.getByText('A bare .upx is refused', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  const blocked = page.getByRole('region', { name: 'This step is not finished' });
  await blocked.getByText('The package is refused').first().waitFor();
  await close();
});
