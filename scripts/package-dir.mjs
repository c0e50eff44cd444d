// @ts-check
// Packs the built application into dist/linux-unpacked without a connection: with the official runtime where it is on this machine, else
// with the fallback, and then marked as a development build. Releases are packed by electron-builder with the official runtime only.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findElectronRuntime } from './electron-runtime.mjs';
import { cacheFolder, projectRoot, runProgram } from './pinned-package.mjs';

/**
 * A copy of the runtime without the app that stands in for Electron's default one: a packed program must not find it.
 * @param {string} executable
 */
function cleanRuntime(executable) {
  const folder = join(cacheFolder, 'electron-dist');
  rmSync(folder, { recursive: true, force: true });
  const own = join(dirname(executable), 'resources', 'app');
  cpSync(dirname(executable), folder, { recursive: true, filter: (source) => source !== own });
  return folder;
}

/**
 * The configuration for the fallback: its runtime is too old to have one of the fuses, and tests start it through its debugging switches.
 * Everything else is as in a release.
 */
function developmentConfig() {
  const text = readFileSync(join(projectRoot, 'electron-builder.yml'), 'utf8')
    .replace(/^ {2}grantFileProtocolExtraPrivileges: .*\n/m, '')
    .replace('enableNodeCliInspectArguments: false', 'enableNodeCliInspectArguments: true');
  const file = join(cacheFolder, 'electron-builder.development.yml');
  writeFileSync(file, text);
  return file;
}

async function main() {
  const runtime = findElectronRuntime();
  if ('missing' in runtime) throw new Error(`${runtime.missing}: ${runtime.how}`);
  if (!existsSync(join(projectRoot, 'out', 'main', 'index.js')))
    throw new Error('there is nothing to pack: npm run build');
  const builder = join(dirname(createRequire(import.meta.url).resolve('electron-builder/package.json')), 'cli.js');
  const config = runtime.fallback ? developmentConfig() : join(projectRoot, 'electron-builder.yml');
  const options = [
    '--dir',
    '--config',
    config,
    `-c.electronDist=${cleanRuntime(runtime.path)}`,
    `-c.electronVersion=${runtime.version}`,
  ];
  if (runtime.fallback) {
    options.push('-c.extraMetadata.developmentBuild=true');
    process.stdout.write(`Development build: packed with Electron ${runtime.version}, never to be given away.\n`);
  }
  process.stdout.write(
    await runProgram(process.execPath, [builder, ...options], { cwd: projectRoot, timeout: 600_000 }),
  );
}

main().catch((/** @type {unknown} */ error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
