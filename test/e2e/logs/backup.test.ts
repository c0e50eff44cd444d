import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { go, startPractice } from '../flows/steps.ts';

const PATIENCE = 90_000;

it('backs up a simulated meter and shows the logs of that backup, and how the next backup goes on from it', {
  timeout: 400_000,
}, async () => {
  const { page, close, complaints } = await startApp('logs of a backup');
  const meter = await startPractice(page);
  await go(page, '#/meters');
  await page.getByRole('row', { name: new RegExp(`${meter.serial}|127\\.0\\.0\\.1:`) }).click({ timeout: PATIENCE });
  const backUp = async (): Promise<void> => {
    await page.getByRole('tab', { name: 'Backups' }).click();
    await page.getByLabel('Your name').fill('T. Tester');
    await page.getByRole('button', { name: 'Take a backup now' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ timeout: PATIENCE });
    await page.getByText('Sealed on disk, read again and verified.').waitFor({ timeout: PATIENCE });
  };
  await backUp();
  // What no open protocol reaches stands there with the steps to save it.
  await page.getByRole('button', { name: 'What no open protocol reaches, and how to save it' }).click();
  const template = page.getByRole('region', { name: /^Device template/ });
  await template.getByText('Attach the file (usually .dcf) to the backup.').waitFor({ timeout: PATIENCE });
  const saved = page.getByRole('row', { name: /^Data recorder logs/ });
  expect(await saved.innerText()).toMatch(/[1-9]\d* of [1-9]\d* exported logs, \d+ rows/);

  await page.getByRole('tab', { name: 'Logs' }).click();
  const list = page.getByRole('table', { name: 'Recorders and events' });
  await list.waitFor({ timeout: PATIENCE });
  await page.getByRole('radio', { name: 'Show Load Curve' }).click();
  const plot = page.getByRole('group', { name: 'Trend of Load Curve' });
  await plot.waitFor({ timeout: PATIENCE });
  const range = page.getByRole('status').filter({ hasText: / rows\./ });
  await range.waitFor({ timeout: PATIENCE });
  const rows = Number(/: ([\d,]+) rows\./.exec(await range.innerText())?.[1]?.replaceAll(',', ''));
  expect(rows).toBeGreaterThan(10);
  await page.getByText('Table', { exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Rows of Load Curve' });
  expect(await grid.getAttribute('aria-rowcount')).toBe(String(rows + 1));
  await grid.getByRole('row').nth(1).waitFor();
  // Its columns have their units, and its rows have values.
  await grid
    .getByRole('columnheader', { name: /\((V|A|W|kW|Wh|kWh|var|VA)\)/ })
    .first()
    .waitFor();
  await page.getByText(/rows read in .* round trips/).waitFor();
  expect(await page.getByText(/^.*Older rows were taken over from/).count()).toBe(0);

  await backUp();
  await page.getByRole('tab', { name: 'Logs' }).click();
  await list.waitFor({ timeout: PATIENCE });
  await page.getByRole('radio', { name: 'Show Load Curve' }).click();
  const continued = page.getByText(new RegExp(`Older rows were taken over from ${meter.serial}_`));
  await continued.waitFor({ timeout: PATIENCE });
  expect(await continued.innerText()).toMatch(/[1-9]\d* rows that both have were read again and are equal/);
  expect(complaints).toEqual([]);
  await close();
});
