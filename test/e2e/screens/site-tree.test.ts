import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { meterListText } from '../../../electron/inventory/meter-list.ts';
import { benchMeter } from '../../bench/window/meters.ts';
import { accessibilityProblems, photograph, resize, startApp, untilLoaded } from '../app/harness.ts';
import { sightProblems } from '../app/sight.ts';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 1024, height: 700 };
const SITES = ['Plant B/Hall 10', 'Plant B/Hall 9', 'Plant A / Feeder hall', 'Plant A', '/Plant A//Feeder hall/', ''];

/** A data folder with a meter at each of these sites; none of them answers. */
function homeWith(sites: readonly string[]): string {
  const home = mkdtempSync(join(tmpdir(), 'meterwright-home-'));
  mkdirSync(join(home, 'inventory'));
  const meters = sites.map((site, index) => ({ ...benchMeter(index + 1), site }));
  writeFileSync(join(home, 'inventory', 'meters.json'), meterListText(meters));
  return home;
}

const rowsOf = (page: Page): Locator => page.getByRole('row', { name: /^Select Feeder/ });
const active = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);

it('the tree of sites is walked, folded and chosen from by keyboard alone, and found by screen readers in both themes', async () => {
  const { app, page, complaints, close } = await startApp('site tree', { home: homeWith(SITES), size: WIDE });
  const tree = page.getByRole('tree', { name: 'Sites' });
  await tree.waitFor();
  expect(await page.getByRole('combobox', { name: 'Meters of which site' }).count()).toBe(0);
  const said = await tree.getByRole('treeitem').evaluateAll((items) =>
    items.map((item) => {
      const [level, position, of] = ['level', 'posinset', 'setsize'].map((name) => item.getAttribute(`aria-${name}`));
      return `${level}: ${position}/${of} ${item.getAttribute('aria-label')}`;
    }),
  );
  expect(said).toEqual([
    '1: 1/4 All meters (6 meters)',
    '1: 2/4 Plant A (3 meters)',
    '2: 1/1 Feeder hall (2 meters)',
    '1: 3/4 Plant B (2 meters)',
    '2: 1/2 Hall 9 (1 meter)',
    '2: 2/2 Hall 10 (1 meter)',
    '1: 4/4 Without a site (1 meter)',
  ]);

  // What is selected goes with what is no more shown, and with nothing else.
  await page.getByRole('checkbox', { name: 'Select Feeder 1', exact: true }).check();
  await page.getByPlaceholder('Filter the meters ( / )').focus();
  while ((await active(page)) !== 'All meters (6 meters)') await page.keyboard.press('Tab');
  const walk: [key: string, reached: string][] = [
    ['ArrowDown', 'Plant A (3 meters)'],
    ['ArrowRight', 'Feeder hall (2 meters)'],
    ['ArrowLeft', 'Plant A (3 meters)'],
    ['ArrowLeft', 'Plant A (3 meters)'],
    ['ArrowDown', 'Plant B (2 meters)'],
    ['End', 'Without a site (1 meter)'],
    ['Home', 'All meters (6 meters)'],
    ['h', 'Hall 9 (1 meter)'],
    ['h', 'Hall 10 (1 meter)'],
  ];
  for (const [key, reached] of walk) {
    await page.keyboard.press(key);
    await expect.poll(() => active(page), { message: key }).toBe(reached);
  }
  expect(await page.getByText('1 selected').isVisible()).toBe(true);
  expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe(
    'solid',
  );
  await page.keyboard.press('Enter');
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await page.getByText('1 selected').waitFor({ state: 'detached' });
  expect(await tree.getByRole('treeitem', { selected: true }).getAttribute('aria-label')).toBe('Hall 10 (1 meter)');

  // A closed place shows that what is chosen is in it; the list stays as it is.
  for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
  await expect.poll(() => tree.getByRole('treeitem', { name: 'Hall 10' }).count()).toBe(0);
  expect(await rowsOf(page).count()).toBe(1);
  await page.keyboard.press('Space');
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await page.keyboard.press('*');
  await expect.poll(() => tree.getByRole('treeitem').count()).toBe(7);

  const wrong: string[] = [];
  for (const theme of ['light', 'dark']) {
    await page.evaluate((value) => document.documentElement.setAttribute('data-mantine-color-scheme', value), theme);
    await photograph(page, `site-tree-${theme}`);
    wrong.push(...(await accessibilityProblems(page)).map((problem) => `${theme}: ${problem}`));
  }
  wrong.push(...(await sightProblems({ app, page }, 'the tree of sites')));
  expect(wrong).toEqual([]);
  await close();
  expect(complaints).toEqual([]);
});

it('the tree of sites gives way to a choice where it has no room, and stays folded away over a new start', async () => {
  const home = homeWith(SITES);
  const { app, page, complaints, close } = await startApp('site tree folded', { home, size: WIDE });
  const tree = page.getByRole('tree', { name: 'Sites' });
  const choice = page.getByRole('combobox', { name: 'Meters of which site' });
  const fold = page.getByRole('button', { name: 'Sites', exact: true });
  await tree.getByRole('treeitem', { name: 'Plant A (3 meters)' }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(3);

  // The same place in either of them.
  await resize(app, NARROW);
  await choice.waitFor();
  expect([await tree.count(), await fold.count()]).toEqual([0, 0]);
  expect(await choice.inputValue()).toBe('Plant A (3 meters)');
  await choice.press('Enter');
  await page.getByRole('option', { name: 'Plant A / Feeder hall (2 meters)' }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await resize(app, WIDE);
  await tree.waitFor();
  expect(await choice.count()).toBe(0);
  expect(await tree.getByRole('treeitem', { selected: true }).getAttribute('title')).toBe('Plant A / Feeder hall');

  await fold.press('Enter');
  await choice.waitFor();
  expect(await tree.count()).toBe(0);
  expect(await fold.getAttribute('aria-expanded')).toBe('false');
  expect(await fold.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.reload();
  await untilLoaded(page);
  await choice.waitFor();
  expect(await tree.count()).toBe(0);
  await fold.press('Enter');
  await tree.waitFor();
  await close();
  expect(complaints).toEqual([]);
});

it('the table stands where it will stay from its first picture on', async () => {
  const { page, complaints, close } = await startApp('site tree first', { home: homeWith(SITES), size: WIDE });
  await page.getByRole('treeitem', { name: 'All meters (6 meters)' }).waitFor();
  const moved = await page.evaluate(
    () =>
      new Promise<string[]>((settle) => {
        // Told of all that was there before it: what of it moved between two pictures of the page.
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as unknown as { sources: { node: Node | null; currentRect: DOMRect }[] }[];
          settle(
            shifts.flatMap(({ sources }) =>
              // The notice of the development runtime, which comes later, moves the entries of the navigation.
              sources.flatMap(({ node }) =>
                node instanceof Element && node.closest('nav') === null ? [`${node.nodeName}.${node.className}`] : [],
              ),
            ),
          );
        }).observe({ type: 'layout-shift', buffered: true });
        requestIdleCallback(() => requestAnimationFrame(() => requestAnimationFrame(() => settle([]))));
      }),
  );
  expect(moved).toEqual([]);
  const tree = await page.getByRole('tree').boundingBox();
  expect(tree?.width).toBeLessThanOrEqual(200);
  await close();
  expect(complaints).toEqual([]);
});

it('a list without sites has neither tree nor choice', async () => {
  const { page, complaints, close } = await startApp('no sites', { home: homeWith(['', '']), size: WIDE });
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  expect(await page.getByRole('tree').count()).toBe(0);
  expect(await page.getByRole('combobox').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Sites', exact: true }).count()).toBe(0);
  await close();
  expect(complaints).toEqual([]);
});
