import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type KnownMeter, meterListText } from '../../../electron/inventory/meter-list.ts';
import { startApp, untilLoaded } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterwright-picture-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

it('is what the page renders after it, to the letter', async () => {
  const home = homeWith(Array.from({ length: 60 }, (_, index) => meter(index)));
  const { page, complaints, close } = await startApp('picture', { home, folder: watchedApp() });
  const { picture, rendered } = await pictures(page);
  expect(picture.split('\n').filter((line) => line.trimStart().startsWith('TR ')).length).toBeGreaterThan(15);
  expect(picture).toContain('Feeder 1\n');
  expect(picture).toBe(rendered);
  await close();
  expect(complaints).toEqual([]);
});

it('is so in another language and theme, with sites, and with more columns than there is room for', async () => {
  const home = homeWith([
    meter(1, { site: 'Werk Süd' }),
    meter(2, { identity: null, lastSeen: null, clockOffsetSeconds: null }),
    meter(3, { note: '</script><b>&amp;', advisories: [] }),
  ]);
  const userData = join(folder, 'profile');
  const before = await startApp('picture-before', { home, userData });
  await before.page.evaluate(async () => {
    localStorage.setItem('meterwright.preferences', JSON.stringify({ language: 'de' }));
    localStorage.setItem('mantine-color-scheme-value', 'dark');
    await window.meterwright.shell.setTheme('dark');
  });
  await before.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1024, 700));
  await before.close();
  const { page, complaints, close } = await startApp('picture-after', { home, userData, folder: watchedApp() });
  const { picture, rendered, language, scheme } = await pictures(page);
  expect([language, scheme]).toEqual(['de', 'dark']);
  expect(picture).toContain('Werk Süd');
  expect(picture).toBe(rendered);
  await close();
  expect(complaints).toEqual([]);
});

it('keeps the room of the tree of sites free, or not where that is folded away', async () => {
  const home = homeWith([meter(1, { site: 'Plant A / Hall' }), meter(2)]);
  const userData = join(folder, 'profile');
  for (const siteTree of [true, false]) {
    const { page, complaints, close } = await startApp('picture-tree', { home, userData, folder: watchedApp() });
    const { picture, rendered } = await pictures(page);
    expect(picture).toContain('Plant A / Hall');
    expect(picture).toContain(`aria-expanded=${siteTree}`);
    expect(picture).toBe(rendered);
    await page.evaluate(() => localStorage.setItem('meterwright.preferences', '{"siteTree":false}'));
    await close();
    expect(complaints).toEqual([]);
  }
});

it('is left out where there is no meter to show, and where the page is loaded again', async () => {
  const home = homeWith([meter(1, { practice: true })]);
  const nobody = await startApp('picture-of-nobody', { home, folder: watchedApp() });
  expect((await pictures(nobody.page)).picture).toBe('');
  await nobody.close();
  homeWith([meter(1)]);
  const { page, close } = await startApp('picture-again', { home, folder: watchedApp() });
  expect((await pictures(page)).picture).toContain('Feeder 1');
  await page.reload();
  await untilLoaded(page);
  await page.getByRole('row', { name: 'Feeder 1' }).waitFor();
  expect(await page.locator('.mw-picture').count()).toBe(0);
  await close();
});

function homeWith(meters: readonly KnownMeter[]): string {
  const home = join(folder, 'home');
  mkdirSync(join(home, 'inventory'), { recursive: true });
  writeFileSync(join(home, 'inventory', 'meters.json'), meterListText(meters));
  return home;
}

function meter(number: number, other: Partial<KnownMeter> = {}): KnownMeter {
  return {
    id: `meter-${number}`,
    address: {
      host: '127.0.0.1',
      ports: { modbus: 1, sftp: 1, dlms: 1, bacnet: 1 },
      unit: 1 + (number % 247),
      timeoutMs: 1_000,
    },
    site: '',
    note: '',
    addedAt: '2026-02-03T04:05:06.000Z',
    lastSeen: '2026-02-03T04:05:06.000Z',
    identity: {
      name: `Feeder ${number}`,
      model: 'ION7400',
      serial: `MW-${number}`,
      firmware: { major: number % 4 === 0 ? 2 : 4, minor: number % 2 === 0 ? 6 : 0, patch: 0 },
      productId: 18_000,
      commercialReference: null,
      manufacturer: null,
      featureSet: 'advanced',
      simulated: number % 3 === 0,
    },
    clockOffsetSeconds: number - 30.5,
    advisories: [],
    practice: false,
    ...other,
  };
}

/** The built program with somebody who watches its first page from the moment when there is a document. */
function watchedApp(): string {
  const root = resolve('.');
  const app = join(folder, 'app');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), '{ "name": "watched", "version": "1.0.0", "main": "index.js" }\n');
  writeFileSync(
    join(app, 'index.js'),
    `'use strict';
const { app } = require('electron');
app.setAppPath(${JSON.stringify(root)});
app.once('web-contents-created', (_event, contents) => contents.once('dom-ready', () => {
  contents.mainFrame.executeJavaScript(${JSON.stringify(`(${watch.toString()})()`)});
}));
require(${JSON.stringify(join(root, 'out', 'main', 'index.js'))});
`,
  );
  return app;
}

/** Runs in the page: keeps what the first picture looked like, and what took its place in the same turn. */
function watch(): void {
  const root = document.getElementById('root');
  if (root === null) return;
  const describe = (node: Node, depth: number): string => {
    if (node.nodeType === Node.TEXT_NODE) return `${' '.repeat(depth)}${node.textContent}\n`;
    if (!(node instanceof Element)) return '';
    const styled = node as HTMLElement;
    // How many rows there are below the edge, where nobody sees them, is a matter of whoever measures first.
    if (node.tagName === 'TR' && node.getBoundingClientRect().top > window.innerHeight) return '';
    const attributes = [...node.attributes]
      .map(({ name, value }) => (name === 'style' ? `style=${styled.style.cssText}` : `${name}=${value}`))
      // Numbers that React gives to elements of its own accord.
      .map((text) => text.replace(/mantine-(?:_R_)?\w+(?=$| )/gu, 'ID'))
      .sort();
    const inside = [...node.childNodes].map((child) => describe(child, depth + 1)).join('');
    return `${' '.repeat(depth)}${node.tagName} ${attributes.join(' ')}\n${inside}`;
  };
  const inside = (place: Element) => [...place.childNodes].map((node) => describe(node, 0).trimStart()).join('');
  const kept: { picture?: string; rendered?: string } = {};
  Object.assign(window, { kept });
  const look = () => {
    const picture = root.querySelector('.mw-picture');
    if (picture !== null) kept.picture = inside(picture);
    else if (kept.picture !== undefined) kept.rendered ??= inside(root);
  };
  new MutationObserver(look).observe(root, { childList: true });
  look();
}

function pictures(page: Page) {
  return page.evaluate(() => {
    const { kept } = window as unknown as { readonly kept: { readonly picture?: string; readonly rendered?: string } };
    return {
      picture: kept.picture ?? '',
      rendered: kept.rendered ?? '',
      language: document.documentElement.lang,
      scheme: document.documentElement.dataset['mantineColorScheme'],
    };
  });
}
