import { expect, it } from 'vitest';
import { startApp } from '../app/harness.ts';
import { confirmRows, importMap, openPane, startSetupMeter } from './configure-meter.ts';
import { look } from './look.ts';

const PATIENCE = 30_000;

it('BACnet/IP is enabled with a new Device ID, read back, and told in the history', { timeout: 300_000 }, async () => {
  const meter = await startSetupMeter({ seed: 61, programming: true });
  const { app, page, close, complaints } = await startApp('configure bacnet');
  const wrong: string[] = [];
  try {
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
    expect(complaints).toEqual([]);
    expect(wrong).toEqual([]);
  } finally {
    await close();
    await meter.stop();
  }
});
