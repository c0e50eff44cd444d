import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startApp, type TestApp, untilLoaded } from '../app/harness.ts';
import { look } from '../flows/look.ts';
import { control, go, type PracticeMeter, startPractice, state } from '../flows/steps.ts';

const PATIENCE = 60_000;

async function openLogs(page: Page, { serial }: PracticeMeter): Promise<void> {
  await go(page, '#/meters');
  await page.getByRole('row', { name: new RegExp(`${serial}|127\\.0\\.0\\.1:`) }).click({ timeout: PATIENCE });
  await page.getByRole('tab', { name: 'Logs' }).click();
}

/** Closes the window as a person does who keeps it open when asked; answers with what was asked. */
function askedOnClose(app: TestApp['app']): Promise<{ readonly message: string; readonly detail?: string }> {
  return app.evaluate(
    ({ dialog, BrowserWindow }) =>
      new Promise((settle, reject) => {
        dialog.showMessageBoxSync = (...args: readonly unknown[]) => {
          settle(args.at(-1) as { message: string });
          return 0;
        };
        const [window] = BrowserWindow.getAllWindows();
        window?.close();
        setTimeout(() => reject(new Error('Nothing was asked.')), 10_000);
      }),
  );
}

it('reads a log from a simulated meter, stops one, and shows what was read and what was backed up', {
  timeout: 300_000,
}, async () => {
  const { app, page, home, close } = await startApp('logs read now');
  const wrong: string[] = [];
  const meter = await startPractice(page);
  await openLogs(page, meter);
  await page.getByRole('heading', { name: 'No logs of this meter on this laptop' }).waitFor({ timeout: PATIENCE });
  await look(app, page, 'meter-logs-none', wrong);

  await page.getByRole('button', { name: 'Read now…' }).click();
  await page.getByRole('button', { name: 'Ask the meter for its logs' }).click();
  const list = page.getByRole('table', { name: 'Logs that the meter exports now' });
  await list.waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Association' }).click();
  const chooseLink = async (name: string): Promise<void> => {
    await page.getByRole('combobox', { name: 'Way to the meter' }).click();
    await page.getByRole('option', { name }).click();
  };
  await chooseLink('HDLC on a serial line');
  await page.getByText('Enter the port.').waitFor();
  const ask = page.getByRole('button', { name: 'Ask the meter for its logs' });
  expect(await ask.isDisabled()).toBe(true);
  await look(app, page, 'meter-logs-live', wrong);
  // What was changed has to be taken by the meter before anything is read with it.
  await chooseLink('TCP (wrapper)');
  await page.getByText('The association was changed: ask the meter for its logs with it first.').waitFor();
  await ask.click();
  await list.waitFor({ timeout: PATIENCE });

  const read = page.getByRole('button', { name: /^Read (?!now|again)/ });
  await page.getByRole('radio', { name: 'Show Load Curve' }).click();
  // Slow enough that a person could press Stop in the middle.
  await control(meter, 'fault', { kind: 'slow', protocol: 'dlms', milliseconds: 300 });
  await read.click();
  await page.getByText(/ rows\/s, /).waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText(/stopped\. What was read so far is not kept\./).waitFor({ timeout: PATIENCE });
  await control(meter, 'fault', { kind: 'clear' });
  const folder = join(home, 'logs', meter.serial);
  expect(readdirSync(folder)).toEqual([]);

  // Another readout goes to its end: the meter was let go of.
  await page
    .getByRole('radio', { name: /^Show / })
    .last()
    .click();
  await read.click();
  await page.getByRole('button', { name: 'Show it' }).click({ timeout: PATIENCE });
  await page.getByRole('table', { name: 'Recorders and events' }).waitFor({ timeout: PATIENCE });
  expect(
    readdirSync(folder)
      .map((name) => name.replace(/^.*\./, ''))
      .sort(),
  ).toEqual(['csv', 'json']);
  await look(app, page, 'meter-logs-read', wrong);
  await close();
  expect(wrong).toEqual([]);
});

it('goes on with a read when the page is loaded again, and names it before the window closes', {
  timeout: 300_000,
}, async () => {
  const { app, page, home, close } = await startApp('a read over a reload');
  const meter = await startPractice(page);
  await openLogs(page, meter);
  await page.getByRole('button', { name: 'Read now…' }).click();
  // The client of simulated meters that has a secret.
  await page.getByRole('button', { name: 'Association' }).click();
  await page.getByLabel('Client SAP').fill('1');
  const password = page.getByRole('textbox', { name: 'Password' });
  await password.fill('00000000');
  await page.getByRole('button', { name: 'Ask the meter for its logs' }).click();
  await page.getByRole('radio', { name: 'Show Load Curve' }).click({ timeout: PATIENCE });
  await control(meter, 'fault', { kind: 'slow', protocol: 'dlms', milliseconds: 150 });
  await page.getByRole('button', { name: 'Read Load Curve' }).click();
  await page.getByText(/^Load Curve: /).waitFor({ timeout: PATIENCE });

  await page.reload();
  await untilLoaded(page);
  // Nothing is pressed: the tab shows by itself what is under way.
  await page.getByText(/^Load Curve: /).waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Association' }).click();
  expect(await page.getByLabel('Client SAP').inputValue()).toBe('1');
  expect([await password.inputValue(), await password.getAttribute('placeholder')]).toEqual(['', 'kept in memory']);
  const asked = await askedOnClose(app);
  expect(asked.message).toBe('One read of a log is at work. Close Meterwright?');
  expect(asked.detail).toContain('the log that is being read is not kept');
  expect(await state(meter)).toMatchObject({ connections: { dlms: 1 } });

  await control(meter, 'fault', { kind: 'clear' });
  await page.getByRole('button', { name: 'Show it' }).click({ timeout: PATIENCE });
  await page.getByRole('group', { name: 'Trend of Load Curve' }).waitFor({ timeout: PATIENCE });
  const endings = readdirSync(join(home, 'logs', meter.serial)).map((name) => name.replace(/^.*?\./, ''));
  expect(endings.sort()).toEqual(['csv', 'json']);
  expect(await state(meter)).toMatchObject({ connections: { dlms: 0 } });
  await close();
});
