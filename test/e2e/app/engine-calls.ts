import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ElectronApplication } from 'playwright-core';
import type { MeterAddress } from '../../../electron/meter/types.ts';
import { SHELL_CALLS } from '../../../shared/contract/shell/channels.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { JobSummary } from '../../../shared/domain/job.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeters } from '../../../simulator/fleet.ts';
import { buildSimulatedPackages } from '../../../simulator/packages/build.ts';

/**
 * In the page: asks the shell for a port of its own, as the page does, and speaks the engine's protocol on it. The page must not take that
 * port for a new connection; its listener is older and comes first, so the port is hidden from it. A page that waits for a port itself is
 * left alone.
 */
const CALL = `async ({ path, input }) => {
  const state = await window.meterwright.shell.engineState();
  if (state.state !== 'running') throw new Error('The engine is ' + state.state + '.');
  const { appState } = document.documentElement.dataset;
  const waits = document.querySelector('main [role="status"][data-serious]') !== null;
  if (appState !== 'loaded' || waits) throw new Error('The page has no engine yet.');
  const shown = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'ports');
  const port = await new Promise((settle, reject) => {
    Object.defineProperty(MessageEvent.prototype, 'ports', { configurable: true, get: () => [] });
    window.addEventListener('message', (event) => {
      Object.defineProperty(MessageEvent.prototype, 'ports', shown);
      settle(event.ports[0]);
    }, { once: true });
    window.meterwright.shell.connectEngine().catch(reject);
  });
  try {
    return await new Promise((settle, reject) => {
      setTimeout(() => reject(new Error('No answer of the engine to ' + path)), 20000);
      port.onmessage = async ({ data }) => {
        const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
        const { p } = JSON.parse(text);
        if (p.s !== undefined && p.s >= 400) reject(new Error(path + ': ' + JSON.stringify(p.b)));
        else settle(p.b?.json);
      };
      port.postMessage(JSON.stringify({ i: '1', p: { u: '/' + path, b: { json: input } } }));
    });
  } finally {
    port.close();
  }
}`;

/** A call of the contract, made in the page of the application; also after the page crashed and was loaded again. */
export function engineCall<T>(app: ElectronApplication, path: string, input?: unknown): Promise<T> {
  return app.evaluate(
    ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code),
    `(${CALL})(${JSON.stringify({ path, input })})`,
  ) as Promise<T>;
}

/** How long one question may take. */
const ANSWER_MS = 10_000;

/** Polls until there is a value; a call that fails in between (the engine is being started again) is one more try. */
export async function untilCall<T>(what: string, ask: () => Promise<T | undefined>, capMs = 60_000): Promise<T> {
  const end = Date.now() + capMs;
  let last: unknown;
  while (Date.now() < end) {
    // A page that dies while it is asked never answers.
    const cap = new AbortController();
    const tooLong = pause(ANSWER_MS, undefined, { signal: cap.signal }).then(() =>
      Promise.reject(new Error('No answer.')),
    );
    tooLong.catch(() => undefined);
    try {
      const value = await Promise.race([ask(), tooLong]);
      if (value !== undefined) return value;
    } catch (thrown) {
      last = thrown;
    } finally {
      cap.abort();
    }
    await pause(100);
  }
  throw new Error(`Not in time: ${what}`, { cause: last });
}

/** A simulated meter outside of the application, with the package for it; it outlives every process of the application. */
export async function startMeter(options: { readonly applySeconds?: number; readonly stallMs?: number } = {}) {
  const { stallMs = 0 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'meterwright-simulator-'));
  const { package: file } = await buildSimulatedPackages(join(folder, 'packages'));
  const fleet = await startSimulatedMeters({
    count: 1,
    firmware: firmwareVersion('4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'advanced',
    stateFolder: join(folder, 'state'),
    seed: 7,
    applySeconds: options.applySeconds ?? 0.5,
    dlms: { blockLatencyMs: 0, historicRows: 96, loadCurveRows: 96 },
    // A session that sends so much is the one that transfers the image; it stands still once, in the middle.
    faults:
      stallMs === 0
        ? []
        : [{ kind: 'delay', protocol: 'sftp', direction: 'in', atByte: 1_000_000, milliseconds: stallMs, times: 1 }],
  });
  const [meter] = fleet.meters;
  if (meter === undefined) throw new Error('No simulated meter was started.');
  const { host, ports, credentials } = meter.address;
  const address: MeterAddress = {
    host,
    ports: { modbus: ports.modbus, sftp: ports.sftp, dlms: ports.dlms, bacnet: ports.bacnet },
    unit: 255,
    timeoutMs: 30_000,
  };
  return {
    address,
    credentials,
    file,
    control: meter.address.control,
    async stop(): Promise<void> {
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Meter = Awaited<ReturnType<typeof startMeter>>;
type Gates = Result<{
  readonly gates: readonly { readonly id: string; readonly verdict: string; readonly confirm?: string }[];
}>;

/** Starts the upgrade of a simulated meter; every warning is overridden with a reason. */
export async function startUpgrade(
  app: ElectronApplication,
  meter: Meter,
  channel: 'sftp-direct' | 'ion-setup' = 'sftp-direct',
): Promise<string> {
  const { address, credentials, file } = meter;
  const ionSetup = { attested: { version: '3.2.25037.01', by: 'tester' } };
  const question = { address, credentials, file, target: 'main', channel, ionSetup };
  const checked = await engineCall<Gates>(app, 'checks/run', question);
  if (!checked.ok) throw new Error(checked.problem.because);
  const overrides = checked.value.gates
    .filter(({ verdict }) => verdict === 'warn' || verdict === 'unknown')
    .map(({ id, confirm }) => ({ gate: id, reason: confirm ?? 'a test' }));
  const items = ['ion-setup-exports'];
  const started = await engineCall<Result<JobSummary>>(app, 'upgrades/start', {
    ...question,
    overrides,
    attach: [],
    waive: items.map((item) => ({ item, reason: 'a test on a simulated meter' })),
    by: 'tester',
    folder: '',
  });
  if (!started.ok) throw new Error(`${started.problem.code}: ${started.problem.because}`);
  return started.value.job;
}

/** How a job stands. */
export async function jobNow(app: ElectronApplication, job: string): Promise<JobSummary | undefined> {
  return (await engineCall<readonly JobSummary[]>(app, 'jobs/list')).find((summary) => summary.job === job);
}

/** Waits until a job is in a state; a job that failed instead ends the wait with its problem. */
export async function untilState(
  app: ElectronApplication,
  job: string,
  state: JobSummary['state'],
): Promise<JobSummary> {
  const now = await untilCall(`${job} is ${state}`, async () => {
    const summary = await jobNow(app, job);
    return summary?.state === state || summary?.state === 'failed' ? summary : undefined;
  });
  if (now.state !== state) throw new Error(`${job} is ${now.state}: ${JSON.stringify(now.problem)}`);
  return now;
}

/** Everything that the preload gives to the page. */
export const SHELL_KEYS = [...SHELL_CALLS, 'onEngineState', 'onMenu', 'pathOfFile'].sort();
