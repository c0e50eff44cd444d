// @ts-check
// Brings what the tests need beyond `npm ci`, and says what it does. Ends with a table of what is there, and with
// code 1 when something that this machine should have is missing. A second run finds everything and changes nothing.
import { bringDebianPackages } from './debian-packages.mjs';
import { bringElectronRuntime } from './electron-runtime.mjs';
import { bringNodeRuntime, nodeMajors } from './node-runtimes.mjs';

/** @typedef {{ what: string, state: string, needed: boolean, there: boolean }} Row */

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** The pinned packages are programs for this platform; elsewhere the tests that need them are skipped and say so. */
const pinnedPlatform = process.platform === 'linux' && process.arch === 'x64';

/** @returns {Promise<Row>} */
async function debian() {
  say('Programs and libraries from Debian');
  const { missing, how } = await bringDebianPackages(say);
  const there = missing.length === 0;
  const state = there ? 'all installed' : `missing: ${missing.join(' ')} (${how})`;
  return { what: 'Debian packages', state, needed: process.platform === 'linux', there };
}

/** @param {18 | 24} major @returns {Promise<Row>} */
async function node(major) {
  say(`Node ${major}, to prove that the bundles run on it`);
  const found = await bringNodeRuntime(major);
  const there = 'path' in found;
  const state = there ? found.version : `${found.missing} (${found.how}); its tests are skipped`;
  return { what: `Node ${major}`, state, needed: pinnedPlatform, there };
}

/** @returns {Promise<Row>} */
async function electron() {
  say('Electron runtime');
  const found = await bringElectronRuntime(say);
  const there = 'path' in found;
  const kind = there && found.fallback ? 'fallback for development and tests' : 'official';
  const state = there ? `${found.version}, ${kind}` : `${found.missing} (${found.how})`;
  return { what: 'Electron', state, needed: pinnedPlatform, there };
}

/** @type {readonly (readonly [string, () => Promise<Row>])[]} */
const steps = [
  ['Debian packages', debian],
  ...nodeMajors.map((major) => /** @type {const} */ ([`Node ${major}`, () => node(major)])),
  ['Electron', electron],
];

async function main() {
  /** @type {Row[]} */
  const rows = [];
  for (const [what, step] of steps) {
    try {
      rows.push(await step());
    } catch (error) {
      const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      const state = `failed: ${why}`;
      rows.push({ what, state, needed: true, there: false });
    }
  }
  say('');
  for (const row of rows) {
    const mark = row.there ? 'ok     ' : row.needed ? 'MISSING' : 'absent ';
    say(`${mark}  ${row.what.padEnd(16)} ${row.state}`);
  }
  if (rows.some((row) => row.needed && !row.there)) process.exitCode = 1;
}

await main();
