import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApp, untilLoaded } from '../app/harness.ts';
import { answerChecks, choosePackage, control, openWizard, startPractice } from './steps.ts';

it('keeps what was chosen and typed over a reload, and a backup that is being taken goes on without the page', async () => {
  const { page, home, close } = await startApp('draft over a reload');
  const meter = await startPractice(page);
  await openWizard(page, home);
  await choosePackage(page);
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await answerChecks(page, meter);

  await page.reload();
  await untilLoaded(page);
  // The gates were asked again, and every answer that was given stands.
  await page.getByText(/are passed or answered/).waitFor({ timeout: 60_000 });
  expect(await page.getByRole('button', { name: 'Accept with a reason…' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  const reasons = page.getByLabel(/^Go on without/);
  await reasons.first().waitFor();
  for (const field of await reasons.all()) await field.fill('Kept elsewhere, for this test.');

  // Slow enough to go away in the middle.
  await control(meter, 'fault', {
    kind: 'delay',
    protocol: 'sftp',
    direction: 'out',
    atByte: 1,
    milliseconds: 2_500,
    times: 2,
  });
  await page.getByRole('button', { name: 'Take the backup' }).click();
  await page.getByRole('button', { name: 'Stop the backup' }).waitFor();
  await page.reload();
  await untilLoaded(page);
  await page.getByText(/^It counts:/).waitFor({ timeout: 60_000 });
  expect(readdirSync(join(home, 'backups'))).toHaveLength(1);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Start the upgrade' }).waitFor();
  await close();
});

it('takes a package that is dropped on the wizard, with its path', async () => {
  const { page, home, close } = await startApp('drop a package');
  const meter = await startPractice(page);
  await openWizard(page, home);
  const place = page.getByRole('region', { name: 'Place for the package' });
  await drop(page, place, [meter.package, meter.bareImage]);
  await place.getByRole('alert').getByText(/one/i).waitFor();
  await drop(page, place, [meter.package]);
  await page.getByRole('table', { name: 'What is inside' }).waitFor({ timeout: 30_000 });
  expect(await page.getByRole('main').innerText()).toContain('4.6.0');
  await close();
});

/** Drops files as the system does: through the browser's own input, with paths that the page itself cannot see or make up. */
async function drop(page: Page, place: ReturnType<Page['getByRole']>, files: readonly string[]): Promise<void> {
  const box = await place.boundingBox();
  if (box === null) throw new Error('There is no place to drop anything.');
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + 10, data: { items: [], files: [...files], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at });
  await session.detach();
}
