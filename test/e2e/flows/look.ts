import type { Page } from 'playwright-core';
import { accessibilityProblems, photograph, resize, type TestApp } from '../app/harness.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
] as const;

/** A picture of the screen in both themes and sizes, and what is wrong on it in each theme. */
export async function look(app: TestApp['app'], page: Page, name: string, wrong: string[]): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((value) => document.documentElement.setAttribute('data-mantine-color-scheme', value), theme);
    for (const size of SIZES) {
      await resize(app, size);
      await page.waitForFunction(({ width }) => window.innerWidth === width, size);
      await photograph(page, `${name}-${theme}-${size.width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) wrong.push(`${name} ${theme} ${size.width}: ${wide} px wider than the window`);
    }
    wrong.push(...(await accessibilityProblems(page)).map((problem) => `${name} ${theme}: ${problem}`));
  }
}
