import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { answerChecks, choosePackage, go, type PracticeMeter, takeBackup } from '../flows/steps.ts';

const SIZE = { width: 1280, height: 800 };
const METERS = 8;
const PATIENCE = 60_000;
/** What one picture may weigh in the repository. */
const MAX_BYTES = 80_000;
const folder = resolve('docs', 'screens');

/** A picture of the whole window with a palette of its own; text stays sharp, and it weighs a third. */
async function take(page: Page, name: string, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate((value) => document.documentElement.setAttribute('data-mantine-color-scheme', value), theme);
  await page.mouse.move(640, 799);
  await page
    .waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'), null, {
      timeout: 3_000,
    })
    // What moves without end may be on the picture.
    .catch(() => undefined);
  const raw = join(folder, `${name}.raw.png`);
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: raw });
  execFileSync('convert', [
    raw,
    '+dither',
    '-colors',
    '160',
    '-strip',
    '-define',
    'png:compression-level=9',
    `PNG8:${file}`,
  ]);
  rmSync(raw);
  expect(statSync(file).size, name).toBeLessThan(MAX_BYTES);
}

/** Starts simulated meters from the list and says how the first of them is reached. */
async function practise(page: Page): Promise<PracticeMeter> {
  await go(page, '#/meters/practise');
  await page.getByRole('textbox', { name: 'How many' }).fill(String(METERS));
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page
    .getByRole('row', { name: /upgrade available/ })
    .nth(METERS - 1)
    .waitFor({ timeout: PATIENCE });
  return { name: 'SIM-00003', serial: 'SIM-00003', control: '', package: '', bareImage: '' };
}

it('takes the pictures of the README', async () => {
  mkdirSync(folder, { recursive: true });
  const { page, close } = await startApp('pictures', { size: SIZE });
  const meter = await practise(page);

  await page.getByRole('row', { name: /SIM-00002/ }).click();
  await page.getByRole('table', { name: 'Live values' }).waitFor({ timeout: PATIENCE });
  await page.getByText('The meter answers Modbus TCP.').waitFor({ timeout: PATIENCE });
  await take(page, 'meter', 'dark');

  await page.getByRole('link', { name: 'Meters', exact: true }).click();
  await page.getByRole('row', { name: /SIM-00003/ }).click();
  await page.getByRole('button', { name: 'Upgrade firmware…' }).click({ timeout: PATIENCE });
  await page.getByRole('radio', { name: 'Directly over SFTP' }).waitFor({ timeout: PATIENCE });
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await page.getByText(/to answer/).waitFor({ timeout: PATIENCE });
  await page.getByRole('heading', { level: 1 }).click();
  await take(page, 'checks', 'light');
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).click();
  await page.getByRole('region', { name: 'This cannot be undone' }).waitFor({ timeout: PATIENCE });
  await take(page, 'irreversible', 'dark');
  await page.getByRole('link', { name: 'Meters', exact: true }).click();
  await page.getByRole('row', { name: /SIM-00003/ }).waitFor();
  await take(page, 'meters', 'light');
  await page.getByRole('link', { name: /SIM-00003/ }).click();
  await page.getByRole('button', { name: 'Apply 4.6.0 now' }).click({ timeout: PATIENCE });
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: PATIENCE });
  await take(page, 'verify', 'light');

  await go(page, '#/backups');
  await page.getByRole('button', { name: /^Verify: / }).click();
  await page.getByText('Verified: every file is there and unchanged.').waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: /^Compare with the meter: / }).click();
  await page.getByText(/values compared:/).waitFor({ timeout: PATIENCE });
  await take(page, 'backups', 'dark');
  await close();
});
