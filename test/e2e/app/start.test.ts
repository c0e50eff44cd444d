import { expect, it } from 'vitest';
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
