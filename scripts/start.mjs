// @ts-check
// Builds Meterwright and opens its window; with --dev it watches the sources and reloads. Says what is missing, and how to get it,
// where there is no runtime or no screen.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bringElectronRuntime } from './electron-runtime.mjs';
import { projectRoot } from './pinned-package.mjs';

/**
 * @typedef {{ platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>, uid: number | undefined }} Machine
 * @typedef {{ missing: string, how: string }} Missing
 */

/** @type {Machine} */
const thisMachine = { platform: process.platform, env: process.env, uid: process.getuid?.() };

/**
 * What stands in the way of a window on this machine, if anything.
 * @param {Machine} machine
 * @returns {Missing | undefined}
 */
export function missingScreen({ platform, env }) {
  if (platform !== 'linux' || env['DISPLAY'] || env['WAYLAND_DISPLAY']) return undefined;
  return {
    missing: 'there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set',
    how: 'start it from a desktop session, or without one under xvfb-run -a npm start; everything can also be done on the command line (npm run build && node out/cli/index.js --help)',
  };
}

/**
 * Switches of Chromium that this machine needs. Nobody should work as root; containers do.
 * @param {Machine} machine
 * @returns {string[]}
 */
export function switchesFor({ platform, uid }) {
  return platform === 'linux' && uid === 0 ? ['--no-sandbox'] : [];
}

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

/** @param {Missing} what */
function stop({ missing, how }) {
  process.stderr.write(`Meterwright cannot open its window: ${missing}.\n${how}.\n`);
  process.exitCode = 1;
}

/**
 * Runs a program until it ends; its code becomes ours.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
function run(file, args, env = process.env) {
  return new Promise((settle, reject) => {
    const child = spawn(file, args, { cwd: projectRoot, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => settle(code ?? (signal === null ? 1 : 130)));
  });
}

/** The program of electron-vite, started with this Node so that no shell is needed on any system. */
function builder() {
  const folder = createRequire(import.meta.url).resolve('electron-vite/package.json');
  return join(folder, '..', 'bin', 'electron-vite.js');
}

async function main() {
  const development = process.argv.includes('--dev');
  const screen = missingScreen(thisMachine);
  if (screen !== undefined) return stop(screen);
  if (!existsSync(join(projectRoot, 'node_modules', 'electron'))) {
    return stop({ missing: 'the packages are not installed', how: 'npm ci' });
  }
  const runtime = await bringElectronRuntime(say);
  if ('missing' in runtime) return stop(runtime);
  if (runtime.fallback) {
    say(`Using the older Electron ${runtime.version}: good for development and tests, never packed into a release.`);
  }
  const switches = switchesFor(thisMachine);
  if (development) {
    const env = { ...process.env, ELECTRON_EXEC_PATH: runtime.path };
    const args = [builder(), 'dev', ...(switches.length > 0 ? ['--noSandbox'] : [])];
    process.exitCode = await run(process.execPath, args, env);
    return;
  }
  say('Building…');
  const built = await run(process.execPath, [builder(), 'build', '--logLevel', 'warn']);
  process.exitCode = built === 0 ? await run(runtime.path, [...switches, projectRoot]) : built;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((/** @type {unknown} */ error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
