import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectronRuntime } from '../../../scripts/electron-runtime.mjs';
import { findNodeRuntime } from '../../../scripts/node-runtimes.mjs';

const run = promisify(execFile);
const bundle = resolve('out/cli/index.js');
const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version;

interface Runtime {
  readonly name: string;
  /** The start of what `process.version` is there. */
  readonly node: string;
  readonly found: { readonly path: string } | { readonly missing: string; readonly how: string };
  readonly env?: NodeJS.ProcessEnv;
}

const runtimes: readonly Runtime[] = [
  { name: 'this Node', node: process.version, found: { path: process.execPath } },
  { name: 'Node 18', node: 'v18.', found: findNodeRuntime(18) },
  { name: 'Node 24', node: 'v24.', found: findNodeRuntime(24) },
  { name: "Electron's own Node", node: 'v', found: findElectronRuntime(), env: { ELECTRON_RUN_AS_NODE: '1' } },
];

/** Where setup:test can bring the runtimes, a missing one is a failure; elsewhere the tests are skipped and say why. */
const canBeBrought = process.platform === 'linux' && process.arch === 'x64';

describe.each(runtimes)('the bundle of the command line under $name', ({ node, found, env }) => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'meterwright-runtime-'));
  });
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  if ('missing' in found) {
    it.skipIf(!canBeBrought)(`has no runtime to run on: ${found.missing} (${found.how})`, () => {
      throw new Error(`${found.missing}: ${found.how}`);
    });
    return;
  }

  const start = (...args: string[]) =>
    run(found.path, args, { env: { ...process.env, ...env, METERWRIGHT_HOME: home }, timeout: 60_000 });

  it('is the runtime it is said to be', async () => {
    expect((await start('-p', 'process.version')).stdout.trim().startsWith(node)).toBe(true);
  });

  it('says its version', async () => {
    expect(existsSync(bundle), 'npm run build makes the bundle').toBe(true);
    const { stdout, stderr } = await start(bundle, '--version');
    expect(stdout.trim()).toBe(version);
    expect(stderr).toBe('');
  });

  it('explains itself', async () => {
    const { stdout } = await start(bundle, '--help');
    expect(stdout).toContain('Usage: meterwright');
    for (const command of ['identify', 'backup', 'check', 'upgrade', 'demo']) expect(stdout).toContain(command);
  });
});
