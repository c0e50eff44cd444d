import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { openWizard, startPractice } from './steps.ts';

/** The longest way round the page that is still a way. */
const FAR = 120;

/** Goes with Tab until the control with this name has the focus; fails when a whole round does not reach it. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < FAR; step += 1) {
    const focused = await nameOfFocused(page);
    if (name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(name)}.`);
}

function nameOfFocused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return '';
    const labels = 'labels' in focused ? (focused as HTMLInputElement).labels : null;
    return focused.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? focused.textContent ?? '';
  });
}

async function press(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

it('takes a simulated meter through all six steps by keyboard alone', async () => {
  const { page, home, close } = await startApp('upgrade by keyboard');
  const meter = await startPractice(page);
  await openWizard(page, home);

  await press(page, /^Use the simulated package$/);
  await page.getByRole('table', { name: 'What is inside' }).waitFor();
  await tabTo(page, /^Directly over SFTP/);
  await page.keyboard.press('Space');
  await tabTo(page, /^Your name/);
  await page.keyboard.type('T. Tester');
  await press(page, /^Next: Checks$/);

  await page.getByText(/to answer/).waitFor();
  for (let open = await answers(page); open > 0; open = await answers(page)) {
    await press(page, /^Accept with a reason…$/);
    const typed = page.getByLabel(`Type “${meter.serial}” to confirm`);
    const byTyping = (await typed.count()) > 0;
    await tabTo(page, byTyping ? /^Type “/ : /^Why it is right to go on/);
    await page.keyboard.type(byTyping ? meter.serial : 'Known and accepted.');
    await press(page, /^Accept$/);
  }
  await press(page, /^Next: Backup$/);
  for (const item of [/^Go on without “Exports/, /^Go on without “Data recorder/, /^Go on without “Event/]) {
    await tabTo(page, item);
    await page.keyboard.type('Kept elsewhere.');
  }
  await press(page, /^Take the backup$/);
  await page.getByText(/^It counts:/).waitFor({ timeout: 60_000 });
  await press(page, /^Next: Upgrade$/);
  await press(page, /^Start the upgrade$/);

  await page.getByRole('region', { name: 'This cannot be undone' }).waitFor({ timeout: 60_000 });
  expect(await nameOfFocused(page)).toContain('This cannot be undone');
  await press(page, /^Apply 4\.6\.0 now$/);
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  await press(page, /^Next: Report$/);
  await press(page, /^As HTML$/);
  await page.getByText(/^Written: /).waitFor();
  await close();
});

function answers(page: Page): Promise<number> {
  return page.getByRole('button', { name: 'Accept with a reason…' }).count();
}
