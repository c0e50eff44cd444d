import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../app/harness.ts';
import { look } from './look.ts';
import { answerChecks, answerFileDialog, choosePackage, go, openWizard, startPractice, takeBackup } from './steps.ts';

it('shows every screen of the flows in both themes and sizes, with nothing inaccessible', {
  timeout: 400_000,
}, async () => {
  const { app, page, home, close } = await startApp('screens of the flows');
  const wrong: string[] = [];
  for (const [name, hash, heading] of [
    ['backups-empty', '#/backups', 'No backups yet'],
    ['activity-empty', '#/activity', 'No jobs yet'],
    ['vendor-resources', '#/help', 'Vendor resources'],
  ] as const) {
    await go(page, hash);
    await page.getByRole('heading', { name: heading }).waitFor();
    await look(app, page, name, wrong);
  }
  const vendor = mkdtempSync(join(tmpdir(), 'meterwright-vendor-'));
  onTestFinished(() => rmSync(vendor, { recursive: true, force: true }));
  for (const name of ['ION7400_V004.006.000.zip', 'BACnet PICS ION7400.pdf', 'ION Setup 3.2.25037.01.exe'])
    writeFileSync(join(vendor, name), '');
  await answerFileDialog(app, vendor);
  await page.getByRole('button', { name: 'Choose the folder where you keep them…' }).click();
  await page.getByText('BACnet PICS ION7400.pdf').waitFor();
  await look(app, page, 'vendor-resources-folder', wrong);
  const meter = await startPractice(page);
  await look(app, page, 'settings', wrong);

  await openWizard(page, home);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await look(app, page, 'upgrade-1-package-blocked', wrong);
  await page.getByRole('button', { name: 'Use another login…' }).click();
  await page.getByRole('dialog').waitFor();
  await look(app, page, 'login', wrong);
  await page.keyboard.press('Escape');
  await choosePackage(page);
  await look(app, page, 'upgrade-1-package', wrong);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await page.getByText(/to answer/).waitFor();
  await look(app, page, 'upgrade-2-checks', wrong);
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await page.getByRole('button', { name: 'Take the backup' }).waitFor();
  await look(app, page, 'upgrade-3-backup', wrong);
  await takeBackup(page);
  await look(app, page, 'upgrade-3-backup-taken', wrong);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await look(app, page, 'upgrade-4-start', wrong);
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  await page.getByRole('region', { name: 'This cannot be undone' }).waitFor({ timeout: 60_000 });
  await look(app, page, 'upgrade-4-irreversible', wrong);
  await page.getByRole('button', { name: 'Apply 4.6.0 now' }).click();
  await page.getByText('It cannot be cancelled any more', { exact: false }).waitFor();
  await look(app, page, 'upgrade-4-applying', wrong);
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  await look(app, page, 'upgrade-5-verify', wrong);
  await page.getByRole('button', { name: 'Next: Report' }).click();
  await page.getByRole('button', { name: 'As PDF' }).click();
  await page.getByText(/^Written: /).waitFor();
  await look(app, page, 'upgrade-6-report', wrong);

  await go(page, '#/backups');
  await page.getByRole('button', { name: /^Verify: / }).click();
  await page.getByText('Verified: every file is there and unchanged.').waitFor();
  await page.getByRole('button', { name: /^Compare with the meter: / }).click();
  await page.getByText(/values compared:/).waitFor();
  await look(app, page, 'backups', wrong);
  await go(page, '#/activity');
  await page.getByRole('button', { name: /^Journal: job/ }).click();
  await page.getByText('apply-confirmed').waitFor();
  await look(app, page, 'activity', wrong);
  await close();
  expect(wrong).toEqual([]);
});
