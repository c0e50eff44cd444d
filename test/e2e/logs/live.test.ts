import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { look } from '../flows/look.ts';
import { control, go, startPractice } from '../flows/steps.ts';

const PATIENCE = 60_000;

it('reads a log from a simulated meter, stops one, and shows what was read and what was backed up', {
  timeout: 300_000,
}, async () => {
  const { app, page, home, close } = await startApp('logs read now');
  const wrong: string[] = [];
  const meter = await startPractice(page);
  await go(page, '#/meters');
  await page.getByRole('row', { name: new RegExp(`${meter.serial}|127\\.0\\.0\\.1:`) }).click({ timeout: PATIENCE });
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByRole('heading', { name: 'No logs of this meter on this laptop' }).waitFor({ timeout: PATIENCE });
  await look(app, page, 'meter-logs-none', wrong);

  await page.getByRole('button', { name: 'Read now…' }).click();
  await page.getByRole('button', { name: 'Ask the meter for its logs' }).click();
  const list = page.getByRole('table', { name: 'Logs that the meter exports now' });
  await list.waitFor({ timeout: PATIENCE });
  await look(app, page, 'meter-logs-live', wrong);

  const read = page.getByRole('button', { name: /^Read (?!now|again)/ });
  await page.getByRole('radio', { name: 'Show Load Curve' }).click();
  // Slow enough that a person could press Stop in the middle.
  await control(meter, 'fault', { kind: 'slow', protocol: 'dlms', milliseconds: 300 });
  await read.click();
  await page.getByText(/ rows\/s, /).waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText(/stopped\. What was read so far is not kept\./).waitFor({ timeout: PATIENCE });
  await control(meter, 'fault', { kind: 'clear' });
  const folder = join(home, 'logs', meter.serial);
  expect(readdirSync(folder)).toEqual([]);

  // Another readout goes to its end: the meter was let go of.
  await page
    .getByRole('radio', { name: /^Show / })
    .last()
    .click();
  await read.click();
  await page.getByRole('button', { name: 'Show it' }).click({ timeout: PATIENCE });
  await page.getByRole('table', { name: 'Recorders and events' }).waitFor({ timeout: PATIENCE });
  expect(
    readdirSync(folder)
      .map((name) => name.replace(/^.*\./, ''))
      .sort(),
  ).toEqual(['csv', 'json']);
  await look(app, page, 'meter-logs-read', wrong);
  await close();
  expect(wrong).toEqual([]);
});
