import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { accessibilityProblems, photograph, resize, startApp, type TestApp } from '../app/harness.ts';
import { sightProblems } from '../app/sight.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
] as const;
const PATIENCE = 30_000;

/** A picture in both themes and sizes; what is inaccessible in each theme, and what does not fit the window. */
async function look({ app, page }: TestApp, name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((value) => document.documentElement.setAttribute('data-mantine-color-scheme', value), theme);
    for (const size of SIZES) {
      await resize(app, size);
      await page.waitForFunction(({ width }) => window.innerWidth === width, size);
      await settled(page);
      await photograph(page, `${name}-${theme}-${size.width}`);
      for (const cut of await tooWide(page))
        wrong.push(`${name} ${theme} ${size.width}: ${cut} is wider than its place`);
    }
    wrong.push(...(await accessibilityProblems(page)).map((problem) => `${name} ${theme}: ${problem}`));
  }
  await resize(app, SIZES[0]);
  return wrong;
}

/** Colours that fade would be measured half way. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const moving = document.getAnimations().filter((one) => {
      const timing = one.effect?.getComputedTiming();
      return one.playState === 'running' && timing?.iterations !== Number.POSITIVE_INFINITY;
    });
    return moving.length === 0;
  });
}

/** Whatever makes the window, the screen or a dialog scroll sideways. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('html, main, main > div, [role="dialog"], table[role="grid"]')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`),
  );
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

/** Starts simulated meters from the list, as a person does who has none. */
async function practise(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Practise on a simulated meter' }).first().click();
  await page.getByRole('textbox', { name: 'How many' }).fill(String(count));
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page
    .getByRole('row', { name: /upgrade available/ })
    .nth(count - 1)
    .waitFor({ timeout: PATIENCE });
}

/** Says of two of three meters where they stand, by keyboard, and looks at that site alone. */
async function sites(run: TestApp): Promise<string[]> {
  const { page } = run;
  for (const name of ['SIM-00001', 'SIM-00002']) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  await page.getByRole('button', { name: 'Site…' }).press('Enter');
  await page.getByRole('dialog', { name: 'Where 2 meters stand' }).waitFor();
  await page.keyboard.type('Cooling plant, north switchroom');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('treeitem', { name: 'Cooling plant, north switchroom (2 meters)' }).click();
  const meters = page.getByRole('row', { name: /^Select SIM-/ });
  await expect.poll(() => meters.count()).toBe(2);
  // What is not shown any more is not selected any more.
  await page.getByRole('button', { name: 'Site…' }).waitFor({ state: 'detached' });
  const wrong = await look(run, 'meters-site');
  await page.getByRole('checkbox', { name: 'Select SIM-00001' }).check();
  wrong.push(...(await sightProblems(run, 'meters')));
  await page.getByRole('checkbox', { name: 'Select SIM-00001' }).uncheck();
  await page.getByRole('treeitem', { name: 'All meters (3 meters)' }).click();
  await expect.poll(() => meters.count()).toBe(3);
  return wrong;
}

/** What a backup left that was killed long ago is told, and removed when a person says so twice. */
async function remains({ page, home }: TestApp): Promise<void> {
  const left = join(home, 'backups', '.SIM-00003_4.0.0_20261101T060000Z.partial');
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, 'identity.json'), '{}');
  const longAgo = new Date(Date.now() - 86_400_000);
  for (const path of [join(left, 'identity.json'), left]) utimesSync(path, longAgo, longAgo);
  await go(page, '#/backups');
  const table = page.getByRole('table', { name: 'Left by what was interrupted' });
  await table.getByText('1 file, 2 B').waitFor({ timeout: PATIENCE });
  await table.getByRole('button', { name: 'Remove .SIM-00003_4.0.0_20261101T060000Z.partial' }).click();
  const question = page.getByRole('dialog', { name: 'Remove what was left?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  expect(existsSync(left)).toBe(true);
  await table.getByRole('button', { name: /^Remove / }).press('Enter');
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Removed: .SIM-00003_4.0.0_20261101T060000Z.partial').waitFor();
  await table.waitFor({ state: 'detached' });
  expect(existsSync(left)).toBe(false);
}

it('meters: empty, practised on, probed, opened, backed up; nothing inaccessible, nothing cut off', async () => {
  const run = await startApp('screens of meters');
  const { page, complaints, close } = run;
  const wrong: string[] = [];
  await page.getByRole('heading', { name: 'No meters yet' }).waitFor();
  wrong.push(...(await look(run, 'meters-empty')));

  await go(page, '#/meters/practise');
  await page.getByRole('dialog').waitFor();
  wrong.push(...(await look(run, 'meters-practise')));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await practise(page, 3);
  // The button that opened the dialog went with the empty list.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
  wrong.push(...(await look(run, 'meters')));

  const port = (
    await page
      .getByRole('gridcell', { name: /^127\.0\.0\.1:/ })
      .first()
      .innerText()
  ).replace(/^.*:(\d+)\/.*$/, '$1');
  wrong.push(...(await sites(run)));
  await go(page, '#/meters/add');
  await page.getByRole('textbox', { name: 'Address or name' }).fill('not a host!');
  // The palette does not open over a dialog: its Escape would close both, and cost what was typed.
  await page.keyboard.press('Control+k');
  await page.keyboard.press('F1');
  expect(await page.getByRole('dialog').count()).toBe(1);
  await page.getByRole('button', { name: 'Probe' }).click();
  await page.getByText('An IP address or a name, such as 10.0.0.7.').waitFor();
  await page.getByRole('textbox', { name: 'Address or name' }).fill('127.0.0.1');
  await page.getByRole('textbox', { name: 'Modbus port' }).fill('1');
  await page.getByRole('button', { name: 'Probe' }).click();
  await page.getByRole('alert').waitFor({ timeout: PATIENCE });
  wrong.push(...(await look(run, 'meters-add-refused')));
  await page.getByRole('textbox', { name: 'Modbus port' }).fill(port);
  await page.getByRole('button', { name: 'Probe' }).click();
  await page.getByText('A meter answers').waitFor({ timeout: PATIENCE });
  wrong.push(...(await look(run, 'meters-add-found')));
  wrong.push(...(await sightProblems(run, 'adding a meter')));
  await page.keyboard.press('Escape');

  await page.getByRole('row', { name: /SIM-00002/ }).click();
  await page.getByRole('table', { name: 'Live values' }).waitFor({ timeout: PATIENCE });
  await page.getByText('The meter answers Modbus TCP.').waitFor({ timeout: PATIENCE });
  wrong.push(...(await look(run, 'meter-overview')));
  wrong.push(...(await sightProblems(run, 'a meter')));

  await page.getByRole('tab', { name: 'Backups' }).click();
  await page.getByRole('heading', { name: 'No backup yet' }).waitFor();
  await page.getByRole('button', { name: 'Take a backup now' }).click();
  await page.getByText('Enter your name; it stands in the evidence.').waitFor();
  await page.getByRole('button', { name: 'Items and waivers' }).click();
  await page
    .getByRole('textbox', { name: 'Reason to go on without: Exports of ION Setup' })
    .fill('Read with ION Setup last week');
  wrong.push(...(await look(run, 'meter-backups-empty')));
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Example');
  await page.getByRole('button', { name: 'Take a backup now' }).click();
  await page.getByText('Sealed on disk, read again and verified.').waitFor({ timeout: 90_000 });
  const waived = page
    .getByRole('table', { name: 'Items of the backup' })
    .getByRole('row', { name: /^Exports of ION Setup/ });
  expect(await waived.innerText()).toContain('Waived by Ada Example: Read with ION Setup last week');
  wrong.push(...(await look(run, 'meter-backups')));
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
  wrong.push(...(await look(run, 'meter-history')));

  await go(page, '#/meters');
  const row = page.getByRole('row', { name: /SIM-00002/ });
  await row.waitFor();
  const age = row.getByText('every file was there and unchanged', { exact: false }).locator('xpath=../..');
  await age.waitFor();
  expect(await age.innerText(), 'the list knows of the backup').toMatch(/sec\.|min\.|now/);
  wrong.push(...(await look(run, 'meters-backed-up')));
  await remains(run);
  expect(wrong).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it('live values come each second, and go on after the page was reloaded', async () => {
  const { page, close } = await startApp('live values');
  await practise(page, 1);
  await page.getByRole('row', { name: /SIM-00001/ }).click();
  const live = page.getByRole('region', { name: 'Live values' });
  const at = () => live.locator('time').getAttribute('datetime');
  const later = async (than: string | null) => {
    await expect.poll(at, { timeout: PATIENCE }).not.toBe(than);
    return at();
  };
  await live.locator('time').waitFor({ timeout: PATIENCE });
  const first = await at();
  const second = await later(first);
  expect(Date.parse(second ?? '') - Date.parse(first ?? '')).toBeLessThan(5_000);
  await page.reload();
  await live.locator('time').waitFor({ timeout: PATIENCE });
  await later(await at());
  await close();
});

it('gallery: every piece in every state, in both themes', async () => {
  const run = await startApp('gallery');
  const { page, complaints, close } = run;
  const wrong: string[] = [];
  await go(page, '#/gallery');
  await page.getByRole('heading', { name: 'Gallery of pieces' }).waitFor();
  wrong.push(...(await look(run, 'gallery')));
  const accept = page.getByRole('article', { name: 'Clock of the meter' });
  await accept.getByRole('button', { name: 'Accept with a reason…' }).click();
  await accept.getByRole('button', { name: 'Accept', exact: true }).click();
  await accept.getByText('Write a reason first.').waitFor();
  wrong.push(...(await look(run, 'gallery-reason')));
  await accept.getByRole('textbox').fill('Clock is set tomorrow');
  await accept.getByRole('button', { name: 'Accept', exact: true }).click();
  await accept.getByText('Accepted, because: Clock is set tomorrow').waitFor();

  const typed = page.getByRole('region', { name: 'Confirm by typing' });
  await typed.getByRole('textbox').fill('no way back');
  await typed.getByRole('button', { name: 'Confirm by typing' }).click();
  await typed.getByText('Type exactly: NO WAY BACK').waitFor();
  expect(await typed.locator('output').innerText()).toBe('');
  await typed.getByRole('textbox').fill('NO WAY BACK');
  await typed.getByRole('button', { name: 'Confirm by typing' }).click();
  expect(await typed.locator('output').innerText()).toBe('NO WAY BACK');

  const blocked = page.getByRole('article', { name: 'Revenue lock' });
  expect(await blocked.getByRole('button', { name: /Accept/ }).count(), 'a block has no override').toBe(0);
  expect(wrong).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it('a table of 5,000 rows by keyboard alone, with only the visible rows in the page', async () => {
  const { page, close } = await startApp('table by keyboard');
  await go(page, '#/gallery');
  const table = page.getByRole('grid', { name: 'Table of 5,000 rows' });
  await table.waitFor();
  expect(Number(await table.getAttribute('aria-rowcount'))).toBe(5_001);
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  const focused = () =>
    page.evaluate(() => (document.activeElement?.tagName === 'TR' ? document.activeElement.textContent : 'no row'));
  await table.getByRole('row', { name: /^Select Meter 1 / }).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toContain('Meter 2');
  await page.keyboard.press('End');
  await expect.poll(focused).toContain('Meter 5000');
  await page.keyboard.press('Space');
  await page.getByText('1 row selected').waitFor();
  await page.keyboard.press('Home');
  await expect.poll(focused).toMatch(/^Meter 1(?!\d)/);
  // A row that is scrolled away takes the focus with it: no key acts on a row that came in its place.
  await table.evaluate((grid) => grid.parentElement?.scrollTo({ top: 50_000 }));
  await expect.poll(focused).toBe('no row');
  await page.keyboard.press('Space');
  await page.getByText('1 row selected').waitFor();
  // And the grid can still be reached by Tab.
  expect(await table.locator('tbody tr[tabindex="0"]').count()).toBe(1);
  await table.evaluate((grid) => grid.parentElement?.scrollTo({ top: 0 }));
  await table.getByRole('row', { name: /^Select Meter 1 / }).focus();
  await page.keyboard.press('Control+a');
  await page.getByText('5000 rows selected').waitFor();
  await page.getByRole('textbox', { name: 'Filter rows' }).fill('meter 499');
  await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('12');
  await table.getByRole('button', { name: 'Name' }).press('Enter');
  await table.getByRole('button', { name: 'Name' }).press('Enter');
  await expect.poll(() => table.getByRole('row').nth(1).innerText()).toContain('Meter 4999');
  await close();
});

it('palette, keyboard map and help by keyboard, in English and in German', async () => {
  const run = await startApp('palette and help');
  const { page, close } = run;
  const wrong: string[] = [];
  await page.getByRole('heading', { name: 'No meters yet' }).waitFor();
  await page.keyboard.press('F1');
  await page.getByRole('dialog', { name: 'Help: Meters' }).waitFor();
  wrong.push(...(await look(run, 'help')));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Shift+?');
  await page.getByRole('dialog', { name: 'Keyboard map' }).waitFor();
  wrong.push(...(await look(run, 'keyboard-map')));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to or do…' }).waitFor();
  wrong.push(...(await look(run, 'palette')));
  await page.keyboard.type('activ');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  expect(await page.title()).toContain('Activity');
  await page.keyboard.press('Control+1');
  await page.getByRole('heading', { name: 'Meters', level: 1 }).waitFor();
  await page.evaluate(() =>
    localStorage.setItem('meterwright.preferences', JSON.stringify({ language: 'de', person: '' })),
  );
  await page.reload();
  await page.getByRole('heading', { name: 'Noch keine Zähler' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  wrong.push(...(await look(run, 'german')));
  expect(wrong).toEqual([]);
  await close();
});
