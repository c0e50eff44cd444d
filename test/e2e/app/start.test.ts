import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type KnownMeter, meterListText } from '../../../electron/inventory/meter-list.ts';
import { startApp } from './harness.ts';

it('starts, shows itself, and ends when its window is closed', async () => {
  const { page, app, complaints, close, log } = await startApp('start');
  expect(page.url()).toBe('app://bundle/index.html');
  expect(await page.evaluate(() => window.origin)).toBe('app://bundle');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(true);
  await close();
  expect(complaints).toEqual([]);
  expect(log()).toContain('The engine ended with code 0.');
});

it('shows the list of meters before the engine says it, and also where there is no engine to say it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'meterwright-home-'));
  mkdirSync(join(home, 'inventory'));
  writeFileSync(
    join(home, 'inventory', 'meters.json'),
    meterListText([HOSTILE, { ...HOSTILE, id: 'old', practice: true }]),
  );
  // Pinned host keys that cannot be read: no engine works with them.
  writeFileSync(join(home, 'known-hosts.json'), 'damaged');
  const { page, complaints, close } = await startApp('first-picture', { home, waitForPage: false });
  await page.getByText('The known host keys cannot be read').waitFor();
  const rows = page.getByRole('row', { name: HOSTILE.identity.name });
  await rows.waitFor();
  expect(await rows.count()).toBe(1);
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2');
  expect(await page.evaluate(() => document.documentElement.dataset['appState'])).toBeUndefined();
  await close();
  expect(complaints).toEqual([]);
});

const HOSTILE = {
  id: 'hostile',
  address: { host: '127.0.0.1', ports: { modbus: 1, sftp: 1, dlms: 1, bacnet: 1 }, unit: 255, timeoutMs: 1_000 },
  site: '',
  note: '<!--',
  addedAt: '2026-02-03T04:05:06.000Z',
  lastSeen: '2026-02-03T04:05:06.000Z',
  identity: {
    name: '</script><img src=x onerror=alert(1)>',
    model: 'ION7400',
    serial: 'MW-1',
    firmware: { major: 4, minor: 0, patch: 0 },
    productId: 18_000,
    commercialReference: null,
    manufacturer: null,
    featureSet: 'advanced',
    simulated: true,
  },
  clockOffsetSeconds: 0,
  advisories: [],
  practice: false,
} as const satisfies KnownMeter;
