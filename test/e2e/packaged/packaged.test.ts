import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineCall, jobNow, startMeter, startUpgrade, untilCall, untilState } from '../app/engine-calls.ts';
import { startApp } from '../app/harness.ts';

const run = promisify(execFile);
const executable = resolve('dist/linux-unpacked/meterwright');

describe.skipIf(process.platform !== 'linux')('the packed application', () => {
  let meter: Awaited<ReturnType<typeof startMeter>>;
  beforeAll(async () => {
    await run(process.execPath, ['scripts/package-dir.mjs'], { timeout: 240_000 });
    meter = await startMeter();
  }, 300_000);
  afterAll(() => meter?.stop());

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
