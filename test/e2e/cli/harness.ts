import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startSimulatedMeters } from '../../../simulator/fleet.ts';
import { buildSimulatedPackages, type SimulatedPackages } from '../../../simulator/packages/build.ts';
import type { SimulatedMeterAddress } from '../../../simulator/types.ts';

const CLI = resolve('out/cli/index.js');

/** Simulated meters at work in the process of the test, with the firmware packages that go with them. */
interface Practice extends SimulatedPackages {
  readonly meters: readonly SimulatedMeterAddress[];
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The document on standard output; throws where there is none. */
  json(): Record<string, unknown>;
}

/** A workplace of its own for one test: data folder, simulated meters, and the built terminal program. */
export interface Workplace {
  readonly home: string;
  readonly practice: Practice;
  /** Options and host that reach the first simulated meter. */
  readonly host: string;
  readonly ports: string;
  run(args: readonly string[], options?: RunOptions): Promise<CliRun>;
  /** Starts without waiting; the test ends it. */
  start(
    args: readonly string[],
    options?: RunOptions,
  ): { readonly child: ChildProcess; readonly ended: Promise<CliRun> };
  control(path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

export interface WorkplaceOptions {
  readonly firmware?: string;
  readonly count?: number;
  readonly applySeconds?: number;
}

/** A day of each log, without the pace of a real meter: how late its blocks are is tested where the simulated meter is. */
const LOGS = { historicRows: 96, loadCurveRows: 1440, blockLatencyMs: 0 };

let shelf: Promise<{ readonly folder: string; readonly packages: SimulatedPackages }> | undefined;

/** The packages of all workplaces of a file: they are only read. */
async function packagesOnShelf(): Promise<SimulatedPackages> {
  shelf ??= mkdtemp(join(tmpdir(), 'meterwright-packages-')).then(async (folder) => {
    return { folder, packages: await buildSimulatedPackages(folder) };
  });
  return (await shelf).packages;
}

afterAll(async () => {
  if (shelf !== undefined) await rm((await shelf).folder, { recursive: true, force: true });
  shelf = undefined;
});

/** Builds the workplace; the test closes it. */
export async function openWorkplace(options: WorkplaceOptions = {}): Promise<Workplace> {
  if (!existsSync(CLI)) throw new Error('The terminal program is not built: run "npm run build" first.');
  const home = await mkdtemp(join(tmpdir(), 'meterwright-cli-'));
  const packages = await packagesOnShelf();
  const fleet = await startSimulatedMeters({
    count: options.count ?? 1,
    firmware: firmwareVersion(options.firmware ?? '4.0.0'),
    shipped: firmwareVersion('4.0.0'),
    featureSet: 'advanced',
    stateFolder: join(home, 'simulated'),
    seed: 1,
    applySeconds: options.applySeconds ?? 1,
    faults: [],
    dlms: LOGS,
  });
  const practice: Practice = { ...packages, meters: fleet.meters.map((meter) => meter.address) };
  const [meter] = practice.meters;
  if (meter === undefined) throw new Error('There is no simulated meter.');
  const children = new Set<ChildProcess>();

  const start: Workplace['start'] = (args, { env = {}, onLine } = {}) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        METERWRIGHT_HOME: home,
        METERWRIGHT_USER: meter.credentials.user,
        METERWRIGHT_PASSWORD: meter.credentials.password,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    return { child, ended: collect(child, onLine).finally(() => children.delete(child)) };
  };
  return {
    home,
    practice,
    host: meter.host,
    ports: `modbus=${meter.ports.modbus},sftp=${meter.ports.sftp},dlms=${meter.ports.dlms},bacnet=9`,
    start,
    run: (args, runOptions) => start(args, runOptions).ended,
    async control(path, body) {
      const answer = await fetch(`${meter.control}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      const text = await answer.text();
      return text === '' ? undefined : JSON.parse(text);
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await fleet.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function collect(child: ChildProcess, onLine: RunOptions['onLine']): Promise<CliRun> {
  return new Promise((resolve_, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      stderr += text;
      if (onLine !== undefined) for (const line of text.split('\n')) onLine(line, child);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      resolve_({
        code,
        stdout,
        stderr,
        json() {
          try {
            return JSON.parse(stdout) as Record<string, unknown>;
          } catch {
            throw new Error(`No document on standard output.\n${stdout}\n${stderr}`);
          }
        },
      });
    });
  });
}

/** Reasons for the warnings that a simulated meter on this machine always raises. */
export function overridesFor(serial: string): readonly string[] {
  return [
    ['irreversible', serial],
    ['ion-setup', 'no ION Setup on this machine'],
    ['laptop', 'a test machine'],
    ['default-password', 'a simulated meter'],
    ['clock-offset', 'a simulated meter'],
  ].flatMap(([gate, reason]) => ['--override', `${gate}=${reason}`]);
}

/** The waiver for what no open protocol reaches. */
export const WAIVERS: readonly string[] = ['--waive', 'ion-setup-exports=a test on a simulated meter'];
