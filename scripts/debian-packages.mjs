// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProgram } from './pinned-package.mjs';

/**
 * What the tests need from Debian, and what for.
 * @type {Readonly<Record<string, string>>}
 */
export const debianPackages = {
  socat: 'serial ports without hardware, broken links',
  mbpoll: 'judge of the Modbus server',
  'libmodbus-dev': 'judge of the Modbus client',
  gcc: 'builds the program that uses libmodbus',
  'openssh-server': 'judge of the SFTP client',
  'openssh-client': 'judge of the SFTP server',
  tshark: 'judge of frames on the wire',
  sqlite3: 'judge of the inventory and of CSV reports',
  openssl: 'judge of signatures',
  unzip: 'judge of packages',
  xvfb: 'a screen for Electron',
  libnss3: 'Electron',
  'libatk1.0-0': 'Electron',
  'libatk-bridge2.0-0': 'Electron',
  'libgtk-3-0': 'Electron',
  libgbm1: 'Electron',
  libasound2: 'Electron',
  libxss1: 'Electron',
  'poppler-utils': 'judge of PDF reports',
  nmap: 'judge of the meter simulator seen from a network',
};

/** @param {string} program */
function onPath(program) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/**
 * The packages of the list that are not installed. A package counts as installed too when an installed one provides it:
 * Debian 13 renamed some libraries (libasound2 is libasound2t64 there).
 * @returns {Promise<string[]>}
 */
export async function missingPackages() {
  const format = ['db:Status-Status', 'Package', 'Provides'].map((field) => `\${${field}}`).join('\\t');
  const listed = await runProgram('dpkg-query', ['-W', `-f=${format}\\n`], { timeout: 60_000 });
  const present = new Set();
  for (const line of listed.split('\n')) {
    const [status, name, provides] = line.split('\t');
    if (status !== 'installed') continue;
    present.add(name);
    for (const provided of (provides ?? '').split(',')) present.add(provided.trim().split(/[ (:]/)[0]);
  }
  return Object.keys(debianPackages).filter((name) => !present.has(name));
}

/**
 * How this user may install packages: directly, through sudo without a question, or not at all.
 * @returns {Promise<readonly string[] | undefined>} the words before `apt-get`
 */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  if (!onPath('sudo')) return undefined;
  try {
    await runProgram('sudo', ['-n', 'true'], { timeout: 10_000 });
    return ['sudo', '-n'];
  } catch {
    // sudo would ask for a password, which a script without a terminal cannot give: the same as no right at all.
    return undefined;
  }
}

/**
 * Installs what is missing where it may, and says what is missing where it may not.
 * @param {(line: string) => void} say
 * @returns {Promise<{ missing: readonly string[], how: string }>} `missing` is empty when everything is there
 */
export async function bringDebianPackages(say) {
  const all = Object.keys(debianPackages);
  if (process.platform !== 'linux' || !onPath('apt-get') || !onPath('dpkg-query')) {
    return { missing: all, how: 'this machine has no apt-get: install the programs by its own means' };
  }
  const missing = await missingPackages();
  if (missing.length === 0) return { missing, how: '' };
  const how = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const before = await privilege();
  if (before === undefined) return { missing, how: `as root: ${how}` };

  const environment = ['DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C'];
  /** @param {readonly string[]} args @param {number} timeout */
  const aptGet = (args, timeout) => {
    const [file = 'env', ...rest] = [
      ...before,
      'env',
      ...environment,
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=120',
      ...args,
    ];
    return runProgram(file, rest, { timeout });
  };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  say(`  installing ${missing.join(' ')}`);
  try {
    await aptGet(install, 15 * 60_000);
  } catch (first) {
    say(`  ${first instanceof Error ? first.message : String(first)}`);
    say('  the package lists may be old: apt-get update, then once more');
    try {
      await aptGet(['update', '-qq'], 5 * 60_000);
      await aptGet(install, 15 * 60_000);
    } catch (second) {
      say(`  ${second instanceof Error ? second.message : String(second)}`);
    }
  }
  return { missing: await missingPackages(), how };
}
