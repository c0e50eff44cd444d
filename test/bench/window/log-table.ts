import type { Page } from 'playwright-core';
import { makeBag } from '../../e2e/logs/bag.ts';

/** Rows of the table that is scrolled. */
export const LOG_ROWS = 1_000_000;
const LOAD_MS = 120_000;

/** Writes a backup with a log of a million rows of seven columns; answers with its path. */
export function writeLongLog(folder: string): Promise<string> {
  return makeBag(folder, LOG_ROWS, 'long-log');
}

/** Opens the table of the log; waits for its first rows, and until the backup is verified, because the engine reads all of it for that. */
export async function openLongLog(page: Page, bag: string): Promise<void> {
  await page.evaluate(
    (to) => {
      window.location.hash = to;
    },
    `#/logs/bag/${encodeURIComponent(bag)}`,
  );
  await page.getByText('Table', { exact: true }).click({ timeout: LOAD_MS });
  await page.getByText('Verified: every file is there and unchanged.').waitFor({ timeout: LOAD_MS });
  await page.getByRole('gridcell', { name: '1,000,000', exact: true }).waitFor({ timeout: LOAD_MS });
}
