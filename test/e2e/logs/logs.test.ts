import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../app/harness.ts';
import { look } from '../flows/look.ts';
import { answerFileDialog, go } from '../flows/steps.ts';
import { makeBag, START, STEP } from './bag.ts';

const ROWS = 20_000;
const PATIENCE = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'meterwright-logs-'));
let bag = '';
beforeAll(async () => {
  bag = await makeBag(folder, ROWS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Drops a folder onto the window, as the system does: only a real file of the disk has a path. */
async function dropFolder(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  }
}

/** Answers the dialog of the system the next time a file is to be saved. */
async function answerSaveDialog(app: TestApp['app'], path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath, bookmark: '' });
  }, path);
}

/** How many colours a plot has: one that draws nothing has hardly any. */
function paintedColours(plot: Locator): Promise<number> {
  return plot.locator('canvas').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] };
    const colours = new Set<string>();
    for (let at = 0; at < data.length; at += 4) {
      if ((data[at + 3] ?? 0) === 255) colours.add(`${data[at]} ${data[at + 1]} ${data[at + 2]}`);
    }
    return colours.size;
  });
}

/** What makes the screen scroll sideways, as well as what is inaccessible. */
async function seen(app: TestApp['app'], page: Page, name: string, wrong: string[]): Promise<void> {
  await look(app, page, name, wrong);
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('main, main > div')].map((one) => one.scrollWidth - one.clientWidth),
  );
  if (Math.max(...wide) > 1) wrong.push(`${name}: the screen scrolls sideways`);
}

async function rangeShown(page: Page): Promise<string> {
  return page.getByRole('status').filter({ hasText: ' rows.' }).innerText();
}

it('shows the logs and waveforms of a backup folder that is dropped onto the window', {
  timeout: 300_000,
}, async () => {
  const { app, page, close, complaints } = await startApp('logs of a dropped backup');
  const wrong: string[] = [];
  await go(page, '#/logs');
  await page.getByRole('heading', { name: 'No backup folder is open' }).waitFor({ timeout: PATIENCE });
  await seen(app, page, 'logs-nothing', wrong);
  await dropFolder(page, bag);
  await page.getByText('Verified: every file is there and unchanged.').waitFor({ timeout: PATIENCE });
  const plot = page.getByRole('group', { name: 'Trend of Load profile' });
  await plot.waitFor({ timeout: PATIENCE });
  await expect.poll(() => rangeShown(page), { timeout: PATIENCE }).toContain('20,000 rows.');
  expect(await rangeShown(page)).toContain('4 gaps without rows');
  expect(await paintedColours(plot)).toBeGreaterThan(3);
  await seen(app, page, 'logs-trend', wrong);

  // The keyboard narrows the view, moves it, and gives all of it back.
  await plot.focus();
  for (let press = 0; press < 6; press += 1) await page.keyboard.press('ArrowUp');
  await expect.poll(() => rangeShown(page), { timeout: PATIENCE }).not.toContain('20,000 rows.');
  const narrow = await rangeShown(page);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => rangeShown(page), { timeout: PATIENCE }).not.toBe(narrow);
  await page.keyboard.press('Shift+ArrowRight');
  const values = page.getByRole('table', { name: 'Values of Load profile' });
  await expect.poll(() => values.getByRole('row', { name: /^Voltage L1/ }).innerText()).toMatch(/(\d+\.\d V.*){4}/s);
  await seen(app, page, 'logs-zoomed', wrong);

  // What is in view is what is exported.
  const out = join(folder, 'part.csv');
  await answerSaveDialog(app, out);
  const shown = Number(/: ([\d,]+) rows\./.exec(await rangeShown(page))?.[1]?.replaceAll(',', ''));
  await page.getByRole('button', { name: 'Export what is in view…' }).click();
  await page.getByText(/^Written: /).waitFor({ timeout: PATIENCE });
  const lines = readFileSync(out, 'utf8').trimEnd().split('\r\n');
  expect(lines.length).toBe(shown + 1);
  expect(lines[0]).toMatch(/^time,origin,/);
  expect(JSON.parse(readFileSync(join(folder, 'part.json'), 'utf8'))).toMatchObject({ rows: shown });
  await page.keyboard.press('Escape');
  await plot.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => rangeShown(page), { timeout: PATIENCE }).toContain('20,000 rows.');

  // The table, to its end and to a time.
  await page.getByText('Table', { exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Rows of Load profile' });
  await grid.getByRole('gridcell', { name: '1,000,000', exact: true }).waitFor({ timeout: PATIENCE });
  await grid.focus();
  await page.keyboard.press('End');
  await grid.getByRole('gridcell', { name: '20,000', exact: true }).waitFor({ timeout: PATIENCE });
  await grid
    .getByRole('gridcell', { name: (1_000_000 + (ROWS - 1) * 250).toLocaleString('en') })
    .waitFor({ timeout: PATIENCE });
  await seen(app, page, 'logs-table', wrong);
  const tenth = new Date(START + 10 * STEP);
  const local = new Date(tenth.getTime() - tenth.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  await page.getByLabel('Go to time').fill(local);
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await grid.getByRole('row', { selected: true }).filter({ hasText: '1,002,500' }).waitFor({ timeout: PATIENCE });

  await page.getByRole('radio', { name: 'Show Event log' }).click();
  await page
    .getByRole('grid', { name: 'Rows of Event log' })
    .getByText('Setup changed by "USER1", port 502')
    .first()
    .waitFor({ timeout: PATIENCE });
  await seen(app, page, 'logs-events', wrong);

  await page
    .getByRole('button', { name: /^Open / })
    .filter({ hasText: 'Open' })
    .last()
    .click();
  const phasors = page.getByRole('figure');
  await phasors
    .getByText(/Voltage A.*V/)
    .first()
    .waitFor({ timeout: PATIENCE });
  const waves = page.getByRole('group', { name: /^Waveforms in V: V1, V2, V3/ });
  await waves.scrollIntoViewIfNeeded();
  expect(await paintedColours(waves)).toBeGreaterThan(3);
  await seen(app, page, 'waveform', wrong);
  await waves.hover({ position: { x: 400, y: 90 } });
  await page.getByText(/^At -?[\d.]+ ms from the trigger$/).waitFor();
  await phasors.scrollIntoViewIfNeeded();
  await seen(app, page, 'waveform-phasors', wrong);
  // The same without a pointer: the cursor goes from sample to sample, and the view is narrowed and given back.
  await page.mouse.move(1, 1);
  await waves.focus();
  const instant = page.getByText(/^At -?[\d.]+ ms from the trigger/);
  await page.keyboard.press('Shift+ArrowRight');
  const before = await instant.innerText();
  for (let press = 0; press < 5; press += 1) await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => instant.innerText(), { timeout: PATIENCE }).not.toBe(before);
  const axis = (): Promise<string> =>
    waves.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const all = await axis();
  await page.keyboard.press('ArrowUp');
  await expect.poll(axis, { timeout: PATIENCE }).not.toBe(all);
  expect(complaints).toEqual([]);
  expect(wrong).toEqual([]);
  await close();
});

it('says of a folder that is no backup why, and opens one through the dialog', async () => {
  const { app, page, close } = await startApp('no backup');
  await dropFolder(page, folder);
  await page.getByText('It has no evidence.json.').waitFor({ timeout: PATIENCE });
  await answerFileDialog(app, bag);
  await page.getByRole('button', { name: 'Open a backup folder…' }).click();
  await page.getByRole('group', { name: 'Trend of Load profile' }).waitFor({ timeout: PATIENCE });
  await close();
});
