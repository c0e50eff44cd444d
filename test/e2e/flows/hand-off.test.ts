import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../app/harness.ts';
import {
  answerChecks,
  answerFileDialog,
  choosePackage,
  control,
  openWizard,
  startPractice,
  state,
  takeBackup,
} from './steps.ts';

it('hands the upgrade to ION Setup with exact values, watches the meter, and verifies it afterwards', async () => {
  const { page, home, close } = await startApp('hand-off');
  const meter = await startPractice(page);
  await openWizard(page, home);
  await choosePackage(page, 'By ION Setup (hand-off)');
  await page.getByRole('button', { name: 'Next: Checks' }).click();
  await page.getByText(/to answer/).waitFor();

  // ION Setup is not on this PC and carries this upgrade: that blocks until its version is told.
  await page.getByLabel('Version that Help > About of ION Setup shows').fill('3.2.25037.01');
  await page.getByRole('button', { name: 'Use this version' }).click();
  await page.locator('#gate-ion-setup').getByText('pass', { exact: true }).waitFor();
  await answerChecks(page, meter);
  await page.getByRole('button', { name: 'Next: Backup' }).click();
  await takeBackup(page);
  await page.getByRole('button', { name: 'Next: Upgrade' }).click();
  await page.getByRole('button', { name: 'Show the instructions and watch the meter' }).click();

  await page.getByRole('heading', { name: 'Upgrade to 4.6.0 with ION Setup' }).waitFor({ timeout: 60_000 });
  const shown = await page.getByRole('main').innerText();
  for (const value of ['3.2.25037.01', '127.0.0.1/TLS', meter.serial, 'ION7400_V004.006.000.zip']) {
    expect(shown).toContain(value);
  }
  expect(shown).toContain('The meter answers on 4.0.0.');
  expect(shown).toContain('Meterwright writes nothing to the meter');
  expect((await state(meter))['firmware']).toBe('4.0.0');

  // There is no ION Setup on this PC: the button says so and what to do instead.
  await page.getByRole('button', { name: 'Start ION Setup' }).click();
  const notStarted = page.getByRole('alert').filter({ hasText: 'ION Setup was not started' });
  await notStarted.waitFor();
  expect(await notStarted.innerText()).toContain('no path of the program was given');

  await control(meter, 'upgrade', { version: '4.6.0' });
  await page.getByText('The meter has stopped answering: ION Setup is at work on it.').waitFor({ timeout: 60_000 });
  await page.getByText('It cannot be cancelled any more', { exact: false }).waitFor();
  await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
  await close();
});

it.skipIf(process.platform === 'win32')(
  'starts a stand-in for ION Setup with its own button, and sees what that does',
  async () => {
    const { app, page, home, close } = await startApp('hand-off with a stand-in');
    const meter = await startPractice(page);
    await openWizard(page, home);
    await choosePackage(page, 'By ION Setup (hand-off)');
    await page.getByRole('button', { name: 'Next: Checks' }).click();
    await page.getByText(/to answer/).waitFor();

    // It is started once with the instructions and does nothing then; started by the button it upgrades the meter, as a person would with it.
    const folder = mkdtempSync(join(tmpdir(), 'meterwright-stand-in-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const program = join(folder, 'ion-setup-stand-in');
    const starts = join(folder, 'starts');
    const script = [
      `#!${process.execPath}`,
      `const { appendFileSync, readFileSync } = require('node:fs');`,
      `appendFileSync(${JSON.stringify(starts)}, JSON.stringify(process.argv.slice(2)) + '\\n');`,
      `const times = readFileSync(${JSON.stringify(starts)}, 'utf8').split('\\n').length - 1;`,
      `if (times === 2) fetch(${JSON.stringify(`${meter.control}upgrade`)}, { method: 'POST', body: '{"version":"4.6.0"}' });`,
    ];
    writeFileSync(program, script.join('\n'));
    chmodSync(program, 0o755);
    await answerFileDialog(app, program);
    await page.getByRole('button', { name: 'Show where ION Setup is…' }).click();
    // Its version cannot be read out of a script, so it is told.
    await page.getByLabel('Version that Help > About of ION Setup shows').fill('3.2.25037.01');
    await page.getByRole('button', { name: 'Use this version' }).click();
    await page.locator('#gate-ion-setup').getByText('pass', { exact: true }).waitFor();
    await answerChecks(page, meter);
    await page.getByRole('button', { name: 'Next: Backup' }).click();
    await takeBackup(page);
    await page.getByRole('button', { name: 'Next: Upgrade' }).click();
    await page.getByRole('button', { name: 'Show the instructions and watch the meter' }).click();
    await page.getByRole('heading', { name: 'Upgrade to 4.6.0 with ION Setup' }).waitFor({ timeout: 60_000 });
    await expect.poll(() => existsSync(starts) && readFileSync(starts, 'utf8'), { timeout: 30_000 }).toBe('[]\n');
    expect((await state(meter))['firmware']).toBe('4.0.0');

    await page.getByRole('button', { name: 'Start ION Setup' }).click();
    await page.getByText('It cannot be cancelled any more', { exact: false }).waitFor({ timeout: 60_000 });
    // It was given no argument, neither from the meter nor from a file.
    expect(readFileSync(starts, 'utf8')).toBe('[]\n[]\n');
    expect(await page.getByRole('alert').filter({ hasText: 'ION Setup was not started' }).count()).toBe(0);
    await page.getByText('Everything that was compared is as it should be.').waitFor({ timeout: 120_000 });
    await close();
  },
);
