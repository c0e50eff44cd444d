import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  answerSaveDialog,
  catchPrint,
  confirmRows,
  importMap,
  openPane,
  withSetupMeter,
  withSetupMeters,
} from './configure-meter.ts';
import { look } from './look.ts';
import { go } from './steps.ts';

const PATIENCE = 30_000;
const PASSPHRASE = 'four words that nobody joins';

it('a policy is set, passwords are sealed, set and verified, and none of it is shown unasked', {
  timeout: 300_000,
}, async () => {
  await withSetupMeter(
    'passwords and users',
    { seed: 62, programming: true },
    async ({ app, page, meter, folder, wrong }) => {
      const file = join(folder, 'sealed.json');
      const id = await meter.list(app);
      await openPane(page, id, 'security');
      await importMap(app, page, meter);
      await confirmRows(page);
      await page.getByText('50 of 50 users still have the default password').waitFor({ timeout: PATIENCE });

      await page.getByRole('combobox', { name: 'Password complexity' }).click();
      await page.getByRole('option', { name: 'NERC CIP-007-5' }).click();
      const length = page.getByLabel('Minimum password length');
      expect(await length.inputValue()).toBe('6');
      await page.getByText(/NERC CIP-007-5 recommends at least 8 characters/).waitFor();
      await look(app, page, 'passwords-policy', wrong);
      await length.fill('8');
      await page.getByLabel('USER2: Security configuration').check();
      expect(await page.getByLabel(/^USER2: Full meter configuration/).isChecked()).toBe(true);
      await page.getByLabel('Role of USER2', { exact: true }).selectOption('viewer');
      await page.getByRole('button', { name: 'Review', exact: true }).click();
      await page.getByRole('button', { name: 'Apply 3 changes' }).click();
      await page.getByRole('table', { name: 'What came of it' }).waitFor({ timeout: PATIENCE });
      await page.getByRole('button', { name: 'Done', exact: true }).click();

      await page.getByLabel('New password for USER2', { exact: true }).check();
      await page.getByLabel('New password for USER3', { exact: true }).check();
      await page.getByRole('button', { name: 'Seal into a file…' }).click();
      await page.getByText('A passphrase for the file, typed twice.').waitFor();
      await page.getByLabel(/^USER3: I type the password myself/).check();
      const fields = page.getByRole('group', { name: 'Password for USER3' });
      const typed = fields.getByLabel('New password for USER3', { exact: true });
      await typed.fill('abcdefg1');
      await page.getByText(/^Not met: 3 of the kinds/).waitFor();
      await typed.fill('Tr4vel-Lantern');
      await page.getByText(/^Met: 3 of the kinds/).waitFor();
      await page.getByText('Advice only: the meter decides by its rules.').waitFor({ timeout: PATIENCE });
      await fields.getByLabel('New password for USER3, once more').fill('Tr4vel-Lantern');
      await page.getByLabel('Passphrase for the file').fill(PASSPHRASE);
      await page.getByLabel('Passphrase, once more').fill(PASSPHRASE);
      await answerSaveDialog(app, file);
      await page.getByRole('button', { name: 'Seal into a file…' }).click();
      await page.getByText('see the sealed file').first().waitFor({ timeout: PATIENCE });
      expect(readFileSync(file, 'utf8')).not.toContain('Tr4vel-Lantern');
      expect(await page.content()).not.toContain('Tr4vel-Lantern');
      await look(app, page, 'passwords-sealed', wrong);

      await page.getByLabel('Passphrase of this file').fill('four other words here');
      await page.getByRole('button', { name: 'Check the file against this meter' }).click();
      await page.getByRole('heading', { name: 'The secrets were not opened' }).waitFor({ timeout: PATIENCE });
      await page.getByLabel('Passphrase of this file').fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Check the file against this meter' }).click();
      await page.getByText('USER3 New Password, register 61416').waitFor({ timeout: PATIENCE });
      await page.getByLabel('Try one login over SFTP with each new password').check();
      await page.getByRole('button', { name: 'Set 2 passwords' }).click();
      const results = page.getByRole('table', { name: 'What came of the passwords' });
      await results.waitFor({ timeout: PATIENCE });
      expect(await results.getByText('verified by a login').count()).toBe(2);
      await page.getByText('48 of 50 users still have the default password').waitFor({ timeout: PATIENCE });
      await page.getByRole('button', { name: 'Show the passwords of this meter' }).click();
      const shown = page.getByRole('table', { name: 'Passwords in the file' });
      await shown.getByText('Tr4vel-Lantern').waitFor({ timeout: PATIENCE });
      await look(app, page, 'passwords-results', wrong);
      await page.getByRole('button', { name: 'Hide the passwords' }).click();
      await expect.poll(() => page.content()).not.toContain('Tr4vel-Lantern');
    },
  );
});

it('new passwords for several meters are sealed at once, with a sheet for each, and set on the page of a meter', {
  timeout: 300_000,
}, async () => {
  await withSetupMeters(
    'passwords of many',
    [
      { seed: 67, programming: true },
      { seed: 68, programming: false },
    ],
    async ({ app, page, meters, folder, wrong }) => {
      const file = join(folder, 'sealed.json');
      const ids = [await meters[0].list(app), await meters[1].list(app)] as const;
      for (const id of ids) await openPane(page, id, 'security');
      await openPane(page, ids[0], 'security');
      await importMap(app, page, meters[0]);
      await confirmRows(page);

      await go(page, '#/meters');
      await page.getByRole('checkbox', { name: 'Select all rows shown' }).check();
      await page.getByRole('button', { name: 'Configure the selected…' }).click();
      await page.getByText('New passwords', { exact: true }).click();
      await page.getByRole('heading', { name: 'New passwords for 2 meters' }).waitFor({ timeout: PATIENCE });
      await page.getByRole('button', { name: 'Seal into a file…' }).click();
      await page.getByText('Choose at least one user.').waitFor();
      for (const user of ['USER2', 'USER3']) await page.getByRole('checkbox', { name: user, exact: true }).check();
      await page.getByRole('combobox', { name: 'Held to' }).click();
      await page.getByRole('option', { name: 'NERC CIP-007-5' }).click();
      await page.getByLabel('Passphrase for the file').fill(PASSPHRASE);
      await page.getByLabel('Passphrase, once more').fill(PASSPHRASE);
      await look(app, page, 'passwords-many', wrong);
      await answerSaveDialog(app, file);
      await page.getByRole('button', { name: 'Seal into a file…' }).click();
      const sealed = page.getByRole('table', { name: 'Meters in the sealed file' });
      await sealed.waitFor({ timeout: PATIENCE });
      expect(await sealed.getByText('USER2, USER3').count()).toBe(2);
      expect(await sealed.getByText('NERC CIP-007-5, at least 8 characters').count()).toBe(2);
      await look(app, page, 'passwords-many-sealed', wrong);

      const printed = await catchPrint(page);
      await page.getByRole('button', { name: 'Print all sheets' }).click();
      const [paper = ''] = await printed();
      for (const { serial } of meters) expect(paper).toContain(serial);
      expect(paper.split('Set passwords in ION Setup')).toHaveLength(3);
      expect(paper).toContain('Set the new password of USER3; see the sealed file.');

      await sealed.getByRole('button', { name: 'Feeder 67' }).click();
      await page.getByText(file, { exact: true }).waitFor({ timeout: PATIENCE });
      await page.getByLabel('Passphrase of this file').fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Check the file against this meter' }).click();
      await page.getByRole('button', { name: 'Set 2 passwords' }).click({ timeout: PATIENCE });
      const results = page.getByRole('table', { name: 'What came of the passwords' });
      await results.waitFor({ timeout: PATIENCE });
      expect(await results.getByText('taken by the meter').count()).toBe(2);
      await page.getByText('48 of 50 users still have the default password').waitFor({ timeout: PATIENCE });
    },
  );
});
