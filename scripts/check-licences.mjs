// @ts-check
// Reads package-lock.json: every package that this project uses or is built with must have a licence of the list, and
// none may need an install script. Prints what is wrong and ends with code 1, or prints one line.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './pinned-package.mjs';

/** Licences that ask for nothing more than their text in the product. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Licences that are fine for a tool that builds the product and is no part of it, and the packages they are accepted for. */
const tools = [
  { name: /^lightningcss(-|$)/, licence: 'MPL-2.0' },
  { name: /^caniuse-lite$/, licence: 'CC-BY-4.0' },
  { name: /^axe-core$/, licence: 'MPL-2.0' },
  { name: /^truncate-utf8-bytes$/, licence: 'WTFPL' },
];

/** Packages whose manifest names no licence, and the one that their LICENSE file is. */
const statedInTheFile = new Map([['png-js', 'MIT']]);

/** Packages with an install script that nobody has to run, because .npmrc says ignore-scripts. */
const scriptsNotNeeded = new Map([
  ['@serialport/bindings-cpp', 'its binaries for every platform are in the package'],
  ['ssh2', 'the script only tries to build an optional speed-up; without it the same is done in JavaScript'],
  ['cpu-features', 'an optional part of the optional speed-up of ssh2'],
  ['electron-winstaller', 'packs for Squirrel.Windows, which electron-builder.yml does not ask for'],
]);

/**
 * @typedef {{ license?: string, licenses?: readonly { type?: string }[], hasInstallScript?: boolean, dev?: boolean, link?: boolean }} LockedPackage
 */

/**
 * Whether an SPDX expression allows the use: one side of an OR is enough, of an AND all are needed.
 * @param {string} expression
 * @param {ReadonlySet<string>} licences
 * @returns {boolean}
 */
export function licenceAllowed(expression, licences = allowed) {
  const plain = expression.replace(/[()]/g, ' ').trim();
  if (plain === '') return false;
  if (/\bOR\b/.test(plain) && /\bAND\b/.test(plain)) return false;
  if (/\bAND\b/.test(plain)) return plain.split(/\s+AND\s+/).every((part) => licences.has(part.trim()));
  return plain.split(/\s+OR\s+/).some((part) => licences.has(part.trim()));
}

/**
 * What is wrong with the packages of a lock file, one sentence each.
 * @param {Readonly<Record<string, LockedPackage>>} packages the lock file's `packages`
 * @param {(path: string) => LockedPackage | undefined} readManifest the installed package.json at a path of the lock file
 * @returns {string[]}
 */
export function licenceProblems(packages, readManifest) {
  const problems = [];
  for (const [path, locked] of Object.entries(packages)) {
    if (path === '' || locked.link) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const manifest = locked.license === undefined ? readManifest(path) : undefined;
    const old = manifest?.licenses?.map(({ type }) => type ?? '').join(' OR ');
    const licence = locked.license ?? manifest?.license ?? (old || statedInTheFile.get(name)) ?? '';
    const tool = tools.some((each) => locked.dev && each.name.test(name) && each.licence === licence);
    if (!tool && !licenceAllowed(licence)) problems.push(`${name}: licence ${licence || 'unknown'} is not on the list`);
    if (locked.hasInstallScript && !scriptsNotNeeded.has(name)) {
      problems.push(`${name} has an install script; find out whether it works without, and say so here`);
    }
  }
  return problems;
}

function main() {
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));
  const problems = licenceProblems(lock.packages, (path) => {
    const file = join(projectRoot, path, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  });
  const npmrc = readFileSync(join(projectRoot, '.npmrc'), 'utf8');
  if (!/^ignore-scripts=true$/m.test(npmrc)) problems.push('.npmrc must say ignore-scripts=true');
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else process.stdout.write(`licences: ${Object.keys(lock.packages).length - 1} packages, all on the list\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
