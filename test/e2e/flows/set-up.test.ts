import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { TestApp } from '../app/harness.ts';
import {
  answerSaveDialog,
  catchPrint,
  confirmRows,
  importMap,
  openPane,
  type SetupMeter,
  withSetupMeter,
} from './configure-meter.ts';
import { look } from './look.ts';

const PATIENCE = 30_000;

/** What is set up on a meter after its upgrade to 4.6.0: the same three panes, filled in the same way. */
const AREAS = [
  { pane: 'bacnet', fill: fillBacnet, changes: 2, sheet: 'Set BACnet/IP in ION Setup' },
  { pane: 'security', fill: fillPolicy, changes: 2, sheet: 'Set security in ION Setup' },
  { pane: 'recorders', fill: fillRecorder, changes: 5, sheet: 'Set data recorders in ION Setup' },
] as const;

async function fillBacnet(page: Page): Promise<void> {
  await page.getByLabel('Device ID', { exact: true }).fill('6022');
  await page.getByRole('combobox', { name: 'BACnet/IP enabled' }).click();
  await page.getByRole('option', { name: 'On', exact: true }).click();
}

async function fillPolicy(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Password complexity' }).click();
  await page.getByRole('option', { name: 'NERC CIP-007-5' }).click();
  await page.getByLabel('Minimum password length').fill('8');
}

async function fillRecorder(page: Page): Promise<void> {
  await page.getByLabel('Number of the recorder').fill('6');
  await page.getByRole('button', { name: 'Set up another recorder' }).click();
  const editor = page.getByRole('region', { name: 'Edit data recorder 6' });
  await editor.getByRole('button', { name: /^Add all that are shown/ }).click();
  await editor.getByLabel('Interval (s)').fill('60');
  await editor.getByRole('button', { name: 'Use the maximum, 37,718' }).click();
  await editor.getByLabel('Buffer depth (records)').fill('96');
  await editor.getByLabel(/^Insert Outage Records/).check();
}

/** What the simulator holds of what the panes were filled with; asked of it and not of the program. */
async function setUp(meter: SetupMeter) {
  const { bacnet, security, recorders } = (await meter.settings()) as {
    bacnet: { enabled: boolean; deviceId: number };
    security: { complexity: number; minimumLength: number };
    recorders: readonly { depth: number; interval: number; insertOutageRecords: boolean; sources: readonly number[] }[];
  };
  const six = recorders[5];
  return {
    ...{ enabled: bacnet.enabled, deviceId: bacnet.deviceId, ...security },
    recorder: six === undefined ? null : [six.depth, six.interval, six.insertOutageRecords, six.sources.length],
  };
}

/** Fills a pane, has it reviewed and applied. */
async function applyPane(page: Page, { fill, changes }: (typeof AREAS)[number]): Promise<void> {
  await fill(page);
  await page.getByRole('button', { name: 'Review', exact: true }).click();
  await page.getByRole('button', { name: `Apply ${changes} changes` }).click();
  await page.getByRole('table', { name: 'What came of it' }).waitFor({ timeout: PATIENCE });
}

async function outcomes(page: Page, words: string): Promise<number> {
  return page.getByRole('table', { name: 'What came of it' }).getByText(words, { exact: true }).count();
}

async function verify(page: Page, verdict: string, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Verify what can be read' }).click();
  const table = page.getByRole('table', { name: 'The plan against the meter' });
  await table.waitFor({ timeout: PATIENCE });
  await expect.poll(() => table.getByText(verdict, { exact: true }).count(), { timeout: PATIENCE }).toBe(count);
}

/** The check over BACnet/IP and the sheet for the colleague of the building automation. */
async function saveSheet(app: TestApp['app'], page: Page, file: string): Promise<void> {
  await page.getByRole('button', { name: 'Check over BACnet/IP' }).click();
  const save = page.getByRole('button', { name: 'Export the sheet as CSV…' });
  await save.waitFor({ timeout: PATIENCE });
  const printed = await catchPrint(page);
  await page.getByRole('button', { name: 'Print the sheet…' }).click();
  const [paper = ''] = await printed();
  for (const text of ['6022', 'analog-input 1', 'SIM-000071']) expect(paper).toContain(text);
  await answerSaveDialog(app, file);
  await save.click();
  await expect.poll(() => existsSync(file), { timeout: PATIENCE }).toBe(true);
}

it('a meter of 4.6.0 is set up in one sitting: BACnet/IP, NERC policy of 8, a recorder of 50 sources, each read back', {
  timeout: 300_000,
}, async () => {
  await withSetupMeter('set up', { seed: 71, programming: true }, async ({ app, page, meter, folder, wrong }) => {
    const id = await meter.list(app);
    for (const [index, area] of AREAS.entries()) {
      await openPane(page, id, area.pane);
      if (index === 0) await importMap(app, page, meter);
      await confirmRows(page);
      await applyPane(page, area);
      expect(await outcomes(page, 'written and read back')).toBe(area.changes);
      await verify(page, 'verified', area.changes);
      const report = page.getByRole('region', { name: 'Report of this run' });
      await report.getByRole('button', { name: 'As PDF' }).click();
      await report.getByText(/^Written: .*\.pdf$/).waitFor({ timeout: PATIENCE });
      await report.getByText(/^[0-9a-f]{64}$/).waitFor();
      await look(app, page, `set-up-${area.pane}`, wrong);
      if (area.pane === 'bacnet') await saveSheet(app, page, join(folder, 'sheet.csv'));
    }
    // The palette goes to the panes of the meter that is looked at.
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Type a screen, a meter or a command').fill('clock');
    await page.getByRole('button', { name: /^Clock: / }).click();
    await page.getByRole('heading', { name: 'Set the clock' }).waitFor({ timeout: PATIENCE });
    expect(readFileSync(join(folder, 'sheet.csv'), 'utf8')).toContain(',6022,');
    expect(await setUp(meter)).toEqual({
      ...{ enabled: true, deviceId: 6022, complexity: 2, minimumLength: 8 },
      recorder: [37_718, 60, true, 50],
    });
  });
});

it('the same with Modbus programming off ends in one change sheet each, with every value, and nothing is changed', {
  timeout: 300_000,
}, async () => {
  await withSetupMeter('set up by hand', { seed: 72, programming: false }, async ({ app, page, meter, wrong }) => {
    const sheets: Record<string, string[]> = {};
    const before = await meter.settings();
    const id = await meter.list(app);
    for (const [index, area] of AREAS.entries()) {
      await openPane(page, id, area.pane);
      if (index === 0) await importMap(app, page, meter);
      await confirmRows(page);
      await applyPane(page, area);
      expect(await outcomes(page, 'written and read back')).toBe(0);
      await page.getByRole('heading', { name: area.sheet }).waitFor({ timeout: PATIENCE });
      await page
        .getByText(/Modbus programming/i)
        .first()
        .waitFor();
      const steps = page.getByRole('listitem').filter({ has: page.getByRole('code') });
      if (index === 0) {
        const printed = await catchPrint(page);
        await page.getByRole('button', { name: 'Print the change sheet…' }).click();
        const [paper = ''] = await printed();
        for (const text of [meter.serial, area.sheet, 'Device ID', '6022']) expect(paper).toContain(text);
      }
      sheets[area.pane] = await steps.getByRole('code').allInnerTexts();
      await verify(page, 'mismatch', area.changes);
      await look(app, page, `set-up-by-hand-${area.pane}`, wrong);
    }
    expect(sheets['bacnet']).toEqual(['Yes', '6022']);
    expect(sheets['security']).toEqual(['8', 'NERC CIP-007-5']);
    expect(sheets['recorders']).toEqual(expect.arrayContaining(['60', '37718', '96', 'Yes', 'kWh del int']));
    expect(sheets['recorders']).toHaveLength(54);
    expect(await meter.settings()).toEqual(before);
  });
});
