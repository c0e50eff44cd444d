import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectronRuntime } from '../../../scripts/electron-runtime.mjs';
import { engineCall, jobNow, startMeter, startUpgrade, untilCall, untilState } from '../app/engine-calls.ts';
import { startApp } from '../app/harness.ts';
import { readFuses } from './fuse-wire.ts';

const run = promisify(execFile);
const executable = resolve('dist/linux-unpacked/meterwright');

describe.skipIf(process.platform !== 'linux')('the packed application', () => {
  let meter: Awaited<ReturnType<typeof startMeter>>;
  beforeAll(async () => {
    await run(process.execPath, ['scripts/package-dir.mjs'], { timeout: 240_000 });
    meter = await startMeter();
  }, 300_000);
  afterAll(() => meter?.stop());

  it('checklist 9: has the fuses of a release in its program', async () => {
    const found = findElectronRuntime();
    const fallback = 'path' in found && found.fallback;
    const fuses = Object.fromEntries(await readFuses(executable));
    expect(fuses).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      // A development build is started through its debugging switches; a release cannot be.
      enableNodeCliInspectArguments: fallback,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      // The fallback is older than this fuse.
      ...(fallback ? {} : { grantFileProtocolExtraPrivileges: false }),
    });
  });

  it('checklist 9: is no Node, whatever the environment says', async () => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require ./never-there.cjs' };
    // As a Node it would print its version and end at once; as a program with a window it has no display here and ends with an error.
    const ran = await run(executable, ['--no-sandbox', '-p', '"I am Node"'], {
      env: { ...env, DISPLAY: '' },
      timeout: 30_000,
    }).catch((thrown: { readonly stdout?: string }) => thrown);
    expect(ran.stdout).not.toContain('I am Node');
  });

  it('starts from its archive and carries out an upgrade', async () => {
    const { app, page, complaints, close } = await startApp('packaged', { executable });
    expect(await app.evaluate(({ app: shell }) => shell.getAppPath())).toMatch(/app\.asar$/);
    expect(await page.evaluate(() => window.meterwright.shell.info())).toMatchObject({ packaged: true });
    const job = await startUpgrade(app, meter);
    await untilCall('the job asks before it applies', async () => {
      const now = await jobNow(app, job);
      return now?.asks === 'apply' ? true : undefined;
    });
    await engineCall(app, 'upgrades/confirm', { job, confirmed: true });
    expect(await untilState(app, job, 'done')).toMatchObject({ verdict: 'verified', problem: null });
    await close();
    expect(complaints).toEqual([]);
  });
});
