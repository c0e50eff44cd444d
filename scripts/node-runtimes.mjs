// @ts-check
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, pinnedPackages, readMarker, runProgram, stagingFolder, withPackage } from './pinned-package.mjs';

/**
 * @typedef {{ path: string, version: string }} FoundRuntime
 * @typedef {{ missing: string, how: string }} MissingRuntime
 */

/** The oldest and the newest Node that the bundles must run on. */
export const nodeMajors = /** @type {const} */ ([18, 24]);

/** @param {18 | 24} major */
function placeOf(major) {
  const pinned = major === 18 ? pinnedPackages().node18 : pinnedPackages().node24;
  return { pinned, folder: join(cacheFolder, 'runtimes', `node-${major}`) };
}

/**
 * The Node of that major version that `npm run setup:test` has brought.
 * @param {18 | 24} major
 * @returns {FoundRuntime | MissingRuntime}
 */
export function findNodeRuntime(major) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      missing: `Node ${major} comes as a package for Linux on x64 only`,
      how: `run the command line with an installed Node ${major} by hand`,
    };
  }
  const { pinned, folder } = placeOf(major);
  const path = join(folder, 'node');
  if (readMarker(folder)?.integrity === pinned.integrity && existsSync(path)) return { path, version: pinned.version };
  return { missing: `Node ${major} is not in .cache`, how: 'npm run setup:test' };
}

/**
 * Brings that Node into the cache. Does nothing when it is there already, and nothing where it cannot run.
 * @param {18 | 24} major
 * @returns {Promise<FoundRuntime | MissingRuntime>}
 */
export async function bringNodeRuntime(major) {
  const found = findNodeRuntime(major);
  if ('path' in found || process.platform !== 'linux' || process.arch !== 'x64') return found;
  const { pinned, folder } = placeOf(major);
  await withPackage(pinned, async (tarball) => {
    const staging = stagingFolder(folder);
    try {
      const unpack = ['-xzf', tarball, '-C', staging, '--strip-components=2', 'package/bin/node'];
      await runProgram('tar', unpack, { timeout: 120_000 });
      const version = (await runProgram(join(staging, 'node'), ['--version'], { timeout: 30_000 })).trim();
      if (version !== `v${pinned.version}`) throw new Error(`the package's Node says it is ${version}`);
      writeFileSync(join(staging, 'made-from.json'), JSON.stringify(pinned));
      rmSync(folder, { recursive: true, force: true });
      renameSync(staging, folder);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
  return findNodeRuntime(major);
}
