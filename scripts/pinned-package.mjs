// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * One npm package that tests need but the project does not depend on.
 * @typedef {object} PinnedPackage
 * @property {string} package name on the registry
 * @property {string} version exact version
 * @property {string} integrity `sha512-<base64>` of the tarball
 */

const run = promisify(execFile);

/** The folder of the project. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where everything that is not in git and not in node_modules is kept. */
export const cacheFolder = join(projectRoot, '.cache');

/**
 * The packages pinned in pinned-packages.json.
 * @returns {{ node18: PinnedPackage, node24: PinnedPackage, electronFallback: PinnedPackage & { executable: string, electron: string } }}
 */
export function pinnedPackages() {
  return JSON.parse(readFileSync(join(projectRoot, 'scripts', 'pinned-packages.json'), 'utf8'));
}

/**
 * Runs a program and gives back what it printed; a failure carries the end of its error output.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout: number }} options `timeout` in milliseconds
 * @returns {Promise<string>}
 */
export async function runProgram(file, args, options) {
  try {
    const { stdout } = await run(file, [...args], { ...options, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const failure = /** @type {Error & { killed?: boolean, stderr?: string }} */ (error);
    if (failure.killed) throw new Error(`no end after ${Math.round(options.timeout / 1000)} s`);
    const said = (failure.stderr ?? '').split('\n').map((line) => line.trim());
    const lines = said.filter((line) => line !== '' && !line.startsWith('at ')).slice(-3);
    throw new Error(lines.join(' / ') || failure.message);
  }
}

/**
 * Runs npm with the configuration of whoever runs the script, so that their registry is the one that is asked.
 * @param {readonly string[]} args
 * @param {{ timeout: number }} options
 */
function npm(args, options) {
  const cli = process.env['npm_execpath'];
  const [file, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  return runProgram(file, [...first, ...args], { ...options, cwd: projectRoot });
}

/**
 * Brings one pinned package from the registry, checks its integrity and hands its tarball to `use`.
 * The temporary folder is gone afterwards.
 * @param {PinnedPackage} pinned
 * @param {(tarball: string, temporaryFolder: string) => Promise<void>} use
 */
export async function withPackage(pinned, use) {
  const folder = mkdtempSync(join(tmpdir(), 'meterwright-package-'));
  try {
    const name = `${pinned.package}@${pinned.version}`;
    await npm(['pack', name, '--pack-destination', folder, '--loglevel', 'error'], { timeout: 10 * 60_000 });
    const [file, ...others] = readdirSync(folder);
    if (file === undefined || others.length > 0) throw new Error(`npm pack ${name} did not leave exactly one file`);
    const tarball = join(folder, file);
    const hash = createHash('sha512');
    await pipeline(createReadStream(tarball), hash);
    const found = `sha512-${hash.digest('base64')}`;
    if (found !== pinned.integrity) {
      throw new Error(`${name} is not the package that was pinned: its integrity is ${found}, not ${pinned.integrity}`);
    }
    await use(tarball, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a folder of the cache was made from, or undefined when it is not there or unreadable.
 * @param {string} folder
 * @returns {{ package: string, version: string, integrity: string } | undefined}
 */
export function readMarker(folder) {
  const file = join(folder, 'made-from.json');
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // A marker that cannot be read is as good as none: the folder is made again.
    return undefined;
  }
}

/**
 * An empty folder beside `target`, to be filled and then renamed to it, so that a half-made cache is never mistaken for one.
 * @param {string} target
 */
export function stagingFolder(target) {
  mkdirSync(dirname(target), { recursive: true });
  return mkdtempSync(`${target}.part-`);
}
