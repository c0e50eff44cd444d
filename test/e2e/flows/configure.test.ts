import { expect, it } from 'vitest';
import { confirmRows, importMap, openPane, withSetupMeter, withSetupMeters } from './configure-meter.ts';
import { look } from './look.ts';
import { control, go } from './steps.ts';

const PATIENCE = 30_000;

it('BACnet/IP is enabled with a new Device ID, read back, and told in the history', { timeout: 300_000 }, async () => {
  await withSetupMeter('configure bacnet', { seed: 61, programming: true }, async ({ app, page, meter, wrong }) => {
    const id = await meter.list(app);
    await openPane(page, id, 'bacnet');
    await page
      .getByText(/No Modbus map was imported for firmware 4\.6\.0/)
      .first()
      .waitFor({ timeout: PATIENCE });
    await look(app, page, 'configure-no-map', wrong);
    await importMap(app, page, meter);
    await page.getByText('Rows not checked yet').waitFor({ timeout: PATIENCE });
    await look(app, page, 'configure-rows', wrong);
    await confirmRows(page);

    const table = page.getByRole('table', { name: 'BACnet/IP as you want it' });
    await table.waitFor({ timeout: PATIENCE });
    await page.getByLabel('Device ID', { exact: true }).fill('4194303');
    await table.getByText('4194303 can be stored, but it means that the device is not set up.').waitFor();
    await look(app, page, 'configure-bacnet-blocked', wrong);
    await page.getByLabel('Device ID', { exact: true }).fill('6022');
    await page.getByRole('combobox', { name: 'BACnet/IP enabled' }).click();
    await page.getByRole('option', { name: 'On', exact: true }).click();
    await page.getByRole('button', { name: 'Review', exact: true }).click();
    const changes = page.getByRole('table', { name: 'What will change' });
    await changes.waitFor({ timeout: PATIENCE });
    await changes.getByText('BACnet Device ID, register 61101').waitFor();
    await changes.getByText(/neither login nor encryption/).waitFor();
    await look(app, page, 'configure-bacnet-review', wrong);
    await page.getByRole('button', { name: 'Apply 2 changes' }).click();
    const outcome = page.getByRole('table', { name: 'What came of it' });
    await outcome.waitFor({ timeout: PATIENCE });
    expect(await outcome.getByText('written and read back').count()).toBe(2);
    await page.getByRole('button', { name: 'Verify what can be read' }).click();
    const verified = page.getByRole('table', { name: 'The plan against the meter' });
    await verified.waitFor({ timeout: PATIENCE });
    await expect.poll(() => verified.getByText('verified', { exact: false }).count(), { timeout: PATIENCE }).toBe(2);
    await look(app, page, 'configure-bacnet-outcome', wrong);
    expect(await meter.settings()).toMatchObject({ bacnet: { enabled: true, deviceId: 6022 } });
    await page.getByRole('button', { name: 'Check over BACnet/IP' }).click();
    const objects = page.getByRole('table', { name: 'Commissioning check over BACnet/IP' });
    await objects.getByRole('row').nth(5).waitFor({ timeout: PATIENCE });
    const findings = page.getByRole('list', { name: 'Findings' });
    await findings.getByText('Device ID', { exact: true }).waitFor();
    expect(await findings.getByText('blocks').count()).toBe(0);
    await objects.scrollIntoViewIfNeeded();
    await look(app, page, 'configure-bacnet-check', wrong);
    await go(page, `#/meter/${id}/history`);
    const applied = page.getByRole('table', { name: 'Settings that were applied' });
    await applied.getByText('2 × written and read back').waitFor({ timeout: PATIENCE });
    await applied.getByText('T. Tester').waitFor();
    await look(app, page, 'configure-history', wrong);
  });
});

it('a recorder of 50 sources is planned with its figures, and a log that no backup holds is given up in words', {
  timeout: 300_000,
}, async () => {
  await withSetupMeter('configure recorders', { seed: 62, programming: true }, async ({ app, page, meter, wrong }) => {
    const id = await meter.list(app);
    await openPane(page, id, 'recorders');
    await importMap(app, page, meter);
    await confirmRows(page);
    const list = page.getByRole('table', { name: 'Data recorders', exact: true });
    await list.getByRole('button', { name: 'Edit data recorder 5' }).waitFor({ timeout: PATIENCE });
    await look(app, page, 'configure-recorders', wrong);

    // A new one, from nothing.
    await page.getByLabel('Number of the recorder').fill('6');
    await page.getByRole('button', { name: 'Set up another recorder' }).click();
    const editor = page.getByRole('region', { name: 'Edit data recorder 6' });
    await editor.getByRole('button', { name: /^Add all that are shown/ }).click();
    await editor
      .getByText('50 of 50 sources are linked.', { exact: false })
      .or(editor.getByText(/A DLMS export shows 16 sources; 34/))
      .first()
      .waitFor();
    await editor.getByLabel('Interval (s)').fill('900');
    await editor.getByRole('button', { name: 'Use the maximum, 37,718' }).click();
    await editor.getByLabel('Buffer depth (records)').fill('96');
    const figures = editor.getByRole('table', { name: 'What the recorder keeps' });
    await figures.getByRole('row', { name: /Days of history .*393/ }).waitFor();
    await editor.getByText('A DLMS export shows 16 sources; 34 are read with ION Setup only.').waitFor();
    await look(app, page, 'configure-recorder-editor', wrong);

    // The Revenue Log holds records that no backup has.
    await list.getByRole('button', { name: 'Edit data recorder 1' }).click();
    await page.getByRole('region', { name: 'Edit data recorder 1' }).getByLabel('Interval (s)').fill('300');
    await page.getByRole('button', { name: 'Review', exact: true }).click();
    await page.getByText('Erases log Revenue Log, 3,360 records').waitFor({ timeout: PATIENCE });
    expect(await page.getByRole('button', { name: /^Apply / }).count()).toBe(0);
    await look(app, page, 'configure-recorder-blocked', wrong);
    await page.getByRole('button', { name: 'Give up this log' }).click();
    await page.getByText('Give a reason.').waitFor();
    await page.getByLabel('Why Revenue Log can be given up').fill('The energy management system has it.');
    await page.getByRole('button', { name: 'Give up this log' }).click();
    const changes = page.getByRole('table', { name: 'What will change' });
    await page.getByText('Given up: The energy management system has it.').waitFor({ timeout: PATIENCE });
    const apply = page.getByRole('button', { name: /^Apply \d+ changes$/ });
    await apply.click();
    await page.getByLabel(`Type “${meter.serial}” to confirm`).fill(meter.serial);
    expect(await changes.getByText('50 sources').count()).toBe(1);
    await apply.click();
    const outcome = page.getByRole('table', { name: 'What came of it' });
    await outcome.waitFor({ timeout: PATIENCE });
    expect(await outcome.getByRole('row').filter({ hasNotText: 'written and read back' }).count()).toBe(1);
    await look(app, page, 'configure-recorder-outcome', wrong);
    const { recorders } = (await meter.settings()) as {
      recorders: readonly { sources: readonly number[]; depth: number }[];
    };
    expect(recorders[5]).toMatchObject({ depth: 37_718 });
    expect(recorders[5]?.sources.filter((source) => source !== 0).length).toBe(50);
  });
});

it('with Modbus programming off the same ends in a change sheet, and nothing is changed', {
  timeout: 300_000,
}, async () => {
  await withSetupMeter('configure by hand', { seed: 63, programming: false }, async ({ app, page, meter, wrong }) => {
    const before = await meter.settings();
    const id = await meter.list(app);
    await openPane(page, id, 'bacnet');
    await importMap(app, page, meter);
    await confirmRows(page);
    await page.getByLabel('Device ID', { exact: true }).fill('6022');
    await page.getByRole('combobox', { name: 'Device mode' }).click();
    await page.getByRole('option', { name: 'Foreign' }).click();
    await page.getByText('In mode Foreign the meter registers with a BBMD, so it needs the address of one.').waitFor();
    await page.getByLabel('BBMD address').fill('192.0.2.10');
    await page.getByRole('button', { name: 'Review', exact: true }).click();
    await page.getByRole('button', { name: 'Apply 3 changes' }).click();
    await page.getByRole('heading', { name: 'Set BACnet/IP in ION Setup' }).waitFor({ timeout: PATIENCE });
    await page
      .getByText(/Modbus programming/i)
      .first()
      .waitFor();
    const steps = page.getByRole('listitem').filter({ has: page.getByRole('code') });
    expect((await steps.getByRole('code').allInnerTexts()).sort()).toEqual(['192.0.2.10', '6022', 'Foreign']);
    await page.getByRole('button', { name: 'Verify what can be read' }).click();
    const verified = page.getByRole('table', { name: 'The plan against the meter' });
    await verified.waitFor({ timeout: PATIENCE });
    expect(await verified.getByText('mismatch').count()).toBe(3);
    await look(app, page, 'configure-by-hand', wrong);
    expect(await meter.settings()).toEqual(before);
  });
});

it('a template goes to the selected meters one after the other, without what belongs to one meter', {
  timeout: 300_000,
}, async () => {
  await withSetupMeters(
    'configure many',
    [
      { seed: 64, programming: true },
      { seed: 65, programming: false },
    ],
    async ({ app, page, meters, wrong }) => {
      const ids = [await meters[0].list(app), await meters[1].list(app)] as const;
      for (const id of ids) await openPane(page, id, 'bacnet');
      await openPane(page, ids[0], 'bacnet');
      await importMap(app, page, meters[0]);
      await confirmRows(page);
      await page.getByLabel('Device ID', { exact: true }).fill('6022');
      await page.getByLabel('BBMD port').fill('47809');
      await page.getByRole('button', { name: 'Plans and templates' }).click();
      await page.getByRole('menuitem', { name: 'Save as a template…' }).click();
      await page.getByLabel('Name of the template').fill('Building network');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Template “Building network” saved.').waitFor({ timeout: PATIENCE });

      await go(page, '#/meters');
      await page.getByRole('checkbox', { name: 'Select all rows shown' }).check();
      await page.getByRole('button', { name: 'Configure the selected…' }).click();
      await page.getByText('Left out, because it is own to one meter: Device ID.').waitFor({ timeout: PATIENCE });
      // Stopped at the first meter, which is slow: the second is not asked.
      await control(meters[0], 'fault', { kind: 'slow', protocol: 'modbus', milliseconds: 400 });
      await page.getByRole('button', { name: 'Review all meters' }).click();
      await page.getByRole('button', { name: 'Stop after this meter' }).click();
      await page.getByRole('button', { name: 'Apply to 1 meter' }).waitFor({ timeout: PATIENCE });
      expect(await page.getByText('not reviewed', { exact: true }).count()).toBe(1);
      await control(meters[0], 'fault', { kind: 'clear' });
      await page.getByRole('button', { name: 'Review all meters' }).click();
      const table = page.getByRole('table', { name: 'A template for several meters' });
      await expect.poll(() => table.getByText('ready', { exact: true }).count(), { timeout: PATIENCE }).toBe(2);
      await table.getByText('What will change').first().click();
      await table.getByRole('table', { name: 'What will change' }).first().getByText('47809').waitFor();
      await look(app, page, 'configure-many-review', wrong);
      await page.getByRole('button', { name: 'Apply to 2 meters' }).click();
      await table.getByText('written and read back').waitFor({ timeout: PATIENCE });
      await table.getByText('not all was written').waitFor({ timeout: PATIENCE });
      await look(app, page, 'configure-many-done', wrong);
      expect(await meters[0].settings()).toMatchObject({ bacnet: { bbmdPort: 47_809, deviceId: 0x70_000 + 64 } });
      expect(await meters[1].settings()).toMatchObject({ bacnet: { bbmdPort: 47_808 } });
    },
  );
});

it('the clock is set as an action of its own, over DLMS where a login is known, else by a change sheet', {
  timeout: 300_000,
}, async () => {
  await withSetupMeter('configure clock', { seed: 66, programming: false }, async ({ app, page, meter, wrong }) => {
    const id = await meter.list(app);
    await control(meter, 'clock', { offsetSeconds: 120 });
    await go(page, `#/meter/${id}/configure/clock`);
    await page.getByText(/^\+1(19|20)\.\d+ s, ± /).waitFor({ timeout: PATIENCE });
    await page.getByText('The clock is set back: times appear twice in the logs.').waitFor();
    await page.getByRole('button', { name: 'Show the change sheet' }).click();
    await page.getByRole('heading', { name: 'Set the clock in ION Setup' }).waitFor({ timeout: PATIENCE });
    await look(app, page, 'configure-clock-by-hand', wrong);

    await meter.rememberDlms(app);
    await page.getByRole('button', { name: 'Read the settings again' }).click();
    await page.getByText('over DLMS, with the login of this meter').waitFor({ timeout: PATIENCE });
    await page.getByLabel('Your name').fill('T. Tester');
    await page.getByRole('button', { name: 'Set the clock', exact: true }).click();
    await page.getByLabel('Type “SET CLOCK” to confirm').fill('SET CLOCK');
    await look(app, page, 'configure-clock-set', wrong);
    await page.getByRole('button', { name: 'Set the clock', exact: true }).click();
    const outcome = page.getByRole('table', { name: 'What came of it' });
    await outcome.getByText('written and read back').waitFor({ timeout: PATIENCE });
    // It was two minutes ahead; now it is right, or off by what whole seconds allow.
    await page
      .getByText(/^(right within ± .*|[+-]?[0-2]\.\d+ s, ± .*)$/)
      .first()
      .waitFor({ timeout: PATIENCE });
    await look(app, page, 'configure-clock-done', wrong);
  });
});
