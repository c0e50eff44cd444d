import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { look } from './look.ts';
import { control, go } from './steps.ts';

it('shows how far it is with many meters, and stops when it is told', async () => {
  const { app, page, close } = await startApp('many meters');
  await go(page, '#/settings/practice');
  await page.getByRole('textbox', { name: 'How many' }).fill('3');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const rows = page.getByRole('table', { name: 'Simulated meters' }).locator('tbody tr');
  await rows.nth(2).waitFor({ timeout: 30_000 });
  const controls = await rows.locator('td:last-child').allInnerTexts();
  await page.getByRole('link', { name: 'Meters', exact: true }).click();
  // Each was identified by itself: the list shows names, not addresses.
  for (const name of ['SIM-00001', 'SIM-00002', 'SIM-00003'])
    await page.getByRole('row', { name: new RegExp(name) }).waitFor({ timeout: 30_000 });

  const slow = { kind: 'delay', protocol: 'modbus', direction: 'out', atByte: 1, milliseconds: 2_000, times: 20 };
  for (const base of controls) await control({ control: base }, 'fault', slow);
  await page.getByRole('checkbox', { name: 'Select all rows shown' }).click();
  await page.getByRole('button', { name: 'Read again' }).click();
  await page.getByRole('progressbar', { name: 'Meters done' }).waitFor();
  const wrong: string[] = [];
  // It goes on behind another screen.
  await go(page, '#/activity');
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  await go(page, '#/meters');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText(/^Stopped: \d of 3 done/).waitFor({ timeout: 30_000 });
  await look(app, page, 'meters-stopped', wrong);
  await page.getByRole('button', { name: 'Put away' }).click();
  expect(await page.getByText(/^Stopped: /).count()).toBe(0);
  expect(wrong).toEqual([]);
  await close();
});
