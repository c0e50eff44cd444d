import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TestApp } from '../app/harness.ts';

/** What the settings page says of a running simulated meter. */
export interface PracticeMeter {
  readonly name: string;
  readonly serial: string;
  /** Base of the control address, ends with a slash. */
  readonly control: string;
  readonly package: string;
  /** The image alone, without its package. */
  readonly bareImage: string;
}

/** Long enough for a loaded machine; a step that takes longer is broken. */
const PATIENCE = 30_000;

/** Starts one simulated meter on the settings page, by mouse. */
export async function startPractice(page: Page): Promise<PracticeMeter> {
  await go(page, '#/settings/practice');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const table = page.getByRole('table', { name: 'Simulated meters' });
  await table.waitFor({ timeout: PATIENCE });
  const cells = await table.locator('tbody tr').first().locator('th, td').allInnerTexts();
  const [name = '', serial = '', , , control = ''] = cells;
  const shown = await page
    .getByText(/ION7400_V004\.006\.000\.zip/)
    .first()
    .innerText();
  const file = shown.trim();
  return { name, serial, control, package: file, bareImage: file.replace(/[^\\/]+$/, 'ION7400_V004.006.000.upx') };
}

/** Goes to a place of the page by its address. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

/** Opens the wizard for the only meter of the list. */
export async function openWizard(page: Page, home: string): Promise<void> {
  const stored: unknown = JSON.parse(readFileSync(join(home, 'inventory', 'meters.json'), 'utf8'));
  const { meters } = stored as { readonly meters: readonly { readonly id: string }[] };
  await go(page, `#/upgrade/meter/${meters[0]?.id ?? ''}`);
  await page.getByRole('radio', { name: 'Directly over SFTP' }).waitFor({ timeout: PATIENCE });
}

/** Opens the wizard as a person does: the list, the meter, its button. */
export async function openWizardByMouse(page: Page, meter: PracticeMeter): Promise<void> {
  await page.getByRole('link', { name: 'Meters', exact: true }).click();
  // A meter that was never asked stands there by its address.
  await page.getByRole('row', { name: new RegExp(`${meter.serial}|127\\.0\\.0\\.1:`) }).click({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Upgrade firmware…' }).click({ timeout: PATIENCE });
  await page.getByRole('radio', { name: 'Directly over SFTP' }).waitFor({ timeout: PATIENCE });
}

/** Answers the dialog of the system the next time a file is asked for. */
export async function answerFileDialog(app: TestApp['app'], ...paths: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, files) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: files.length === 0, filePaths: files, bookmarks: [] });
    },
    [...paths],
  );
}

/** Sends a command to the control address of a simulated meter. */
export async function control(meter: Pick<PracticeMeter, 'control'>, command: string, body: unknown): Promise<void> {
  const answer = await fetch(new URL(command, meter.control), { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${command}: ${answer.status} ${await answer.text()}`);
}

/** What a simulated meter says of itself at its control address. */
export async function state(meter: PracticeMeter): Promise<Readonly<Record<string, unknown>>> {
  return (await (await fetch(new URL('state', meter.control))).json()) as Record<string, unknown>;
}

/** Step 1 with the package for simulated meters, directly over SFTP. */
export async function choosePackage(page: Page, channel = 'Directly over SFTP'): Promise<void> {
  await page.getByRole('button', { name: 'Use the simulated package' }).click();
  await page.getByRole('table', { name: 'What is inside' }).waitFor({ timeout: PATIENCE });
  await page.getByRole('radio', { name: channel }).click();
  await page.getByLabel('Your name').fill('T. Tester');
}

/** Step 2: gives a reason for every warning, and the serial number where it is asked for. */
export async function answerChecks(page: Page, meter: PracticeMeter): Promise<void> {
  await page.getByText(/to answer|are passed or answered/).waitFor({ timeout: PATIENCE });
  const open = page.getByRole('button', { name: 'Accept with a reason…' });
  for (let left = await open.count(); left > 0; left -= 1) {
    await open.first().click();
    const typed = page.getByLabel(`Type “${meter.serial}” to confirm`);
    if ((await typed.count()) > 0) await typed.fill(meter.serial);
    else await page.getByLabel('Why it is right to go on').fill('Known and accepted for this test.');
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
  }
  await page.getByText(/are passed or answered/).waitFor({ timeout: PATIENCE });
}

/** Step 3: waives by name what only ION Setup can save, and takes the backup. */
export async function takeBackup(page: Page): Promise<void> {
  for (const field of await page.getByLabel(/^Go on without/).all()) await field.fill('Kept elsewhere, for this test.');
  await page.getByRole('button', { name: 'Take the backup' }).click();
  await page.getByText(/^It counts:/).waitFor({ timeout: 60_000 });
}
