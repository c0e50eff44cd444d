// @ts-check
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  cacheFolder,
  pinnedPackages,
  projectRoot,
  readMarker,
  runProgram,
  stagingFolder,
  withPackage,
} from './pinned-package.mjs';

/**
 * @typedef {{ path: string, version: string, fallback: boolean }} FoundElectron
 *   `fallback` is true for the older runtime that is good for development and tests and never for a release
 * @typedef {{ missing: string, how: string }} MissingElectron
 */

const require = createRequire(import.meta.url);
const fallbackFolder = join(cacheFolder, 'electron-runtime');

/** How long the official runtime may take to come before the fallback is used. */
const officialCap = 30_000;

/** What Electron's own default app does for a folder given on the command line; the fallback's package has another app there. */
const defaultApp = `'use strict';
const { app } = require('electron');
const { join, resolve } = require('node:path');
const folder = process.argv.slice(1).reverse().find((argument) => !argument.startsWith('-'));
if (folder === undefined) throw new Error('Give the folder of the app as the last argument.');
const root = resolve(folder);
const about = require(join(root, 'package.json'));
app.setAppPath(root);
app.setName(about.productName || about.name);
app.setVersion(about.version);
require(join(root, about.main || 'index.js'));
`;

/** The folder of the electron package, which holds the official runtime once that has come. */
function electronPackage() {
  try {
    return dirname(require.resolve('electron/package.json'));
  } catch (error) {
    throw new Error('the electron package is not installed: run npm ci first', { cause: error });
  }
}

/** @returns {FoundElectron | undefined} */
function findOfficial() {
  const folder = electronPackage();
  const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  const pathFile = join(folder, 'path.txt');
  const versionFile = join(folder, 'dist', 'version');
  if (!existsSync(pathFile) || !existsSync(versionFile)) return undefined;
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== version) return undefined;
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? { path, version, fallback: false } : undefined;
}

/** @returns {FoundElectron | undefined} */
function findFallback() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const pinned = pinnedPackages().electronFallback;
  const path = join(fallbackFolder, 'electron');
  if (readMarker(fallbackFolder)?.integrity !== pinned.integrity || !existsSync(path)) return undefined;
  return { path, version: pinned.electron, fallback: true };
}

/**
 * The Electron runtime that tests can start: the official one of the version in package.json, else the fallback.
 * Starts nothing and downloads nothing.
 * @returns {FoundElectron | MissingElectron}
 */
export function findElectronRuntime() {
  return (
    findOfficial() ?? findFallback() ?? { missing: 'no Electron runtime is on this machine', how: 'npm run setup:test' }
  );
}

async function bringFallback() {
  const pinned = pinnedPackages().electronFallback;
  await withPackage(pinned, async (tarball, temporary) => {
    const staging = stagingFolder(fallbackFolder);
    try {
      const inner = 'package/release/app.tar.gz';
      await runProgram('tar', ['-xzf', tarball, '-C', temporary, inner], { timeout: 300_000 });
      const foreign = ['--exclude=./resources/app', '--exclude=./resources/app-update.yml'];
      const unpack = ['-xzf', join(temporary, inner), '-C', staging, '--no-same-owner', ...foreign];
      await runProgram('tar', unpack, { timeout: 300_000 });
      const resources = join(staging, 'resources');
      if (existsSync(join(resources, 'app')) || existsSync(join(resources, 'app-update.yml'))) {
        throw new Error("the other program's files were unpacked with the runtime");
      }
      renameSync(join(staging, pinned.executable), join(staging, 'electron'));
      mkdirSync(join(resources, 'app'), { recursive: true });
      writeFileSync(join(resources, 'app', 'index.js'), defaultApp);
      writeFileSync(join(resources, 'app', 'package.json'), '{ "name": "default-app", "main": "index.js" }\n');
      const note = 'A fallback for development and tests only; releases are packed with the official runtime.';
      writeFileSync(join(staging, 'made-from.json'), JSON.stringify({ ...pinned, note }, null, 2));
      rmSync(fallbackFolder, { recursive: true, force: true });
      renameSync(staging, fallbackFolder);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
}

/**
 * Brings an Electron runtime: the official one when it can be had within the cap, else the pinned fallback on Linux.
 * @param {(line: string) => void} say
 * @returns {Promise<FoundElectron | MissingElectron>}
 */
export async function bringElectronRuntime(say) {
  const found = findElectronRuntime();
  if ('path' in found) return found;
  const install = join(electronPackage(), 'install.js');
  try {
    await runProgram(process.execPath, [install], { cwd: projectRoot, timeout: officialCap });
    const official = findOfficial();
    if (official !== undefined) return official;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`  the official runtime did not come (${why})`);
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      missing: 'the official Electron runtime did not come, and the fallback is for Linux on x64 only',
      how: 'run `npx install-electron` where its download can be reached',
    };
  }
  say('  bringing the fallback instead, for development and tests only');
  await bringFallback();
  return findElectronRuntime();
}
