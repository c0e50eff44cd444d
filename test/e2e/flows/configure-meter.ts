import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { DEFAULT_PORTS } from '../../../electron/meter/types.ts';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';
import { engineCall } from '../app/engine-calls.ts';
import { startApp, type TestApp } from '../app/harness.ts';
import { answerFileDialog, control, go } from './steps.ts';

/** A simulated meter of firmware 4.6.0 with the workbook of its map. */
export interface SetupMeter {
  readonly serial: string;
  readonly control: string;
  readonly map: string;
  /** What its setup registers hold now, asked of the simulator and not of the program. */
  settings(): Promise<Readonly<Record<string, unknown>>>;
  /** Puts it into the list of a running program; answers with its id there. */
  list(app: TestApp['app']): Promise<string>;
  /** Gives the program the DLMS login that may set the clock. */
  rememberDlms(app: TestApp['app']): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; `programming` is the switch for writes over Modbus, which is off from the factory. */
async function startSetupMeter({ seed, programming }: { seed: number; programming: boolean }): Promise<SetupMeter> {
  const folder = mkdtempSync(join(tmpdir(), 'meterwright-setup-'));
  const map = join(folder, 'ION7400_Modbus_Map.xlsx');
  writeFileSync(map, await mapWorkbook());
  const serial = `SIM-0000${seed}`;
  const meter = await startSimulatedMeter({
    name: `Feeder ${seed}`,
    serial,
    firmware: firmwareVersion('4.6.0'),
    shipped: firmwareVersion('4.6.0'),
    featureSet: 'advanced',
    stateFolder: join(folder, 'meter'),
    seed,
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
    applySeconds: 0,
    dlms: { loadCurveRows: 100, blockLatencyMs: 0 },
  });
  const { host, ports } = meter.address;
  if (programming) await control(meter.address, 'programming', { on: true });
  return {
    serial,
    control: meter.address.control,
    map,
    settings: async () => {
      const answer = await fetch(new URL('state', meter.address.control));
      return ((await answer.json()) as { settings: Readonly<Record<string, unknown>> }).settings;
    },
    list: async (app) => {
      const address = { host, ports: { ...DEFAULT_PORTS, ...ports }, unit: 255, timeoutMs: 5_000 };
      const { modbus, sftp, dlms, bacnet } = address.ports;
      const input = { address: { ...address, ports: { modbus, sftp, dlms, bacnet } } };
      const added = await engineCall<Result<ListedMeter>>(app, 'meters/add', input);
      if (!added.ok) throw new Error(added.problem.because);
      return added.value.id;
    },
    rememberDlms: async (app) => {
      const dlms = { link: 'wrapper', clientSap: 1, password: '00000000' };
      await engineCall(app, 'credentials/rememberDlms', { host, port: ports.dlms, dlms });
    },
    stop: async () => {
      await meter.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Wanted = Parameters<typeof startSetupMeter>[0];

/** What a test of settings works with; all of it ends with the test. */
interface SetupTest<Meters> extends Pick<TestApp, 'app' | 'page'> {
  /** In the order in which they were asked for. */
  readonly meters: Meters;
  /** For what the test writes. */
  readonly folder: string;
  /** Gets what is wrong in the pictures. */
  readonly wrong: string[];
}

/** Starts meters and a program for a test; the page must not complain, and nothing in its pictures may be wrong. */
export async function withSetupMeters<const All extends readonly Wanted[]>(
  title: string,
  wanted: All,
  work: (test: SetupTest<{ readonly [Index in keyof All]: SetupMeter }>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'meterwright-flow-'));
  const meters: SetupMeter[] = [];
  let running: TestApp | undefined;
  try {
    for (const one of wanted) meters.push(await startSetupMeter(one));
    running = await startApp(title);
    const wrong: string[] = [];
    const all = meters as { readonly [Index in keyof All]: SetupMeter };
    await work({ app: running.app, page: running.page, meters: all, folder, wrong });
    expect(running.complaints).toEqual([]);
    expect(wrong).toEqual([]);
  } finally {
    await running?.close();
    for (const meter of meters) await meter.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same with one meter. */
export function withSetupMeter(
  title: string,
  wanted: Wanted,
  work: (test: Omit<SetupTest<unknown>, 'meters'> & { readonly meter: SetupMeter }) => Promise<void>,
): Promise<void> {
  return withSetupMeters(title, [wanted], ({ meters: [meter], ...rest }) => work({ ...rest, meter }));
}

const PATIENCE = 30_000;

/** Opens a pane of the meter and waits until its settings were read. */
export async function openPane(page: Page, id: string, pane: string): Promise<void> {
  await go(page, `#/meter/${id}/configure/${pane}`);
  await page.getByRole('button', { name: 'Read the settings again' }).waitFor({ timeout: PATIENCE });
  await page.getByRole('region', { name: 'What will change' }).waitFor({ timeout: PATIENCE });
}

/** Imports the map through the dialog. */
export async function importMap(app: TestApp['app'], page: Page, meter: SetupMeter): Promise<void> {
  await answerFileDialog(app, meter.map);
  await page.getByRole('button', { name: 'Import a Modbus map…' }).click();
  await page.getByText(/^Imported: [\d]+ rows/).waitFor({ timeout: PATIENCE });
}

/** Confirms the rows of the pane that is open. */
export async function confirmRows(page: Page): Promise<void> {
  await page.getByLabel('Your name').first().fill('T. Tester');
  await page.getByRole('button', { name: 'I have checked these rows' }).click();
  await page.getByText('Rows checked', { exact: true }).waitFor({ timeout: PATIENCE });
}

/** What the next dialog for a file to write answers. */
export async function answerSaveDialog(app: TestApp['app'], path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath, bookmark: '' });
  }, path);
}

/** Catches what a button would print; the sheets as they stand on the paper, once it was pressed. */
export async function catchPrint(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const caught: string[] = [];
    Object.assign(window, { caught });
    window.print = () => caught.push(document.querySelector('.mw-paper')?.textContent ?? '');
  });
  return () => page.evaluate(() => (window as unknown as { caught: string[] }).caught);
}
