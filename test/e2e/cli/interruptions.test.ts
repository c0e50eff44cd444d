import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openWorkplace, overridesFor, WAIVERS, type Workplace } from './harness.ts';

const serial = 'SIM-00001';
let place: Workplace;
afterEach(() => place.close());

const upgradeArgs = (): readonly string[] => [
  'upgrade',
  place.host,
  '--ports',
  place.ports,
  '--package',
  place.practice.package,
  '--yes',
  '--json',
  ...overridesFor(serial),
  ...WAIVERS,
];

/** The only job of the workplace, as `jobs` shows it. */
async function onlyJob(): Promise<{
  job: string;
  state: string;
  verdict: string | null;
  problem: { code: string } | null;
}> {
  const { jobs } = (await place.run(['jobs', '--json'])).json() as { jobs: never[] };
  expect(jobs).toHaveLength(1);
  const [job] = jobs;
  if (job === undefined) throw new Error('There is no job.');
  return job;
}

async function firmware(): Promise<unknown> {
  const identified = await place.run(['identify', place.host, '--ports', place.ports, '--json']);
  return (identified.json()['identity'] as { firmware: unknown }).firmware;
}

/** Starts the upgrade and does something to its process when a line of its progress appears. */
async function interruptAt(message: string, act: (pid: number) => void): Promise<number | null> {
  let done = false;
  const { ended } = place.start(upgradeArgs(), {
    onLine(line, child) {
      if (done || !line.includes(message) || child.pid === undefined) return;
      done = true;
      act(child.pid);
    },
  });
  const { code, stderr } = await ended;
  if (!done) throw new Error(`The line "${message}" never came.\n${stderr}`);
  return code;
}

/** What the killed process left is told with its process, and is removed only when that is said. */
async function cleanUp(): Promise<void> {
  const { remains } = (await place.run(['backup', 'list', '--json'])).json() as { remains: unknown };
  expect(remains).toMatchObject([{ kind: 'backup', atWork: false, leftBy: { pid: expect.any(Number) } }]);
  expect((await place.run(['backup', 'clean', '--json'])).json()).toMatchObject({ removed: [] });
  const cleaned = await place.run(['backup', 'clean', '--yes', '--json']);
  expect(cleaned.json()).toMatchObject({ removed: [expect.stringContaining('.partial')], kept: [] });
  expect(cleaned.code).toBe(0);
  expect((await readdir(join(place.home, 'backups'))).filter((name) => name.startsWith('.'))).toEqual([]);
}

describe('the process is killed (SIGKILL) in the middle', () => {
  it.each([
    'Checking the meter',
    'Securing the backup',
    'Reading COMTRADE',
    'Writing the state before',
    'Sending the image',
    'The meter checks the image',
    'Telling the meter to apply',
    'The meter applies the image',
    'The meter restarts',
    'Reading the meter again',
  ])('at "%s": the job is found interrupted, and resuming it ends verified', async (message) => {
    place = await openWorkplace({ applySeconds: 1 });
    await interruptAt(message, (pid) => process.kill(pid, 'SIGKILL'));
    const found = await onlyJob();
    expect(found).toMatchObject({ state: 'interrupted', problem: { code: 'job/interrupted' } });
    const resumed = await place.run(['upgrade', '--resume', found.job, '--yes', '--json', ...WAIVERS]);
    expect(resumed.json()).toMatchObject({ state: 'done', verdict: 'verified', after: { firmware: '4.6.0', serial } });
    expect(resumed.code).toBe(0);
    expect(await onlyJob()).toMatchObject({ state: 'done', verdict: 'verified' });
    // Only sealed bags lie where bags are looked for; what a crash left is not taken for one.
    if (message === 'Reading COMTRADE') await cleanUp();
    const bags = (await readdir(join(place.home, 'backups'))).filter((name) => !name.startsWith('.'));
    for (const bag of bags) {
      expect((await place.run(['backup', 'verify', join(place.home, 'backups', bag), '--json'])).json()).toMatchObject({
        verdict: 'verified',
      });
    }
  });
});

describe('Ctrl-C', () => {
  it('cancels before the point of no return, and the meter runs what it ran', async () => {
    place = await openWorkplace();
    expect(await interruptAt('Sending the image', (pid) => process.kill(pid, 'SIGINT'))).toBe(5);
    expect(await onlyJob()).toMatchObject({ state: 'cancelled' });
    expect(await firmware()).toBe('4.0.0');
  });

  it('is too late after it, and the upgrade goes on to its end', async () => {
    place = await openWorkplace({ applySeconds: 1 });
    expect(await interruptAt('The meter applies the image', (pid) => process.kill(pid, 'SIGINT'))).toBe(0);
    expect(await onlyJob()).toMatchObject({ state: 'done', verdict: 'verified' });
  });

  it('twice stops the watching, says what state the meter is in, and leaves a job that can be resumed', async () => {
    place = await openWorkplace({ applySeconds: 2 });
    let sent = 0;
    const { ended } = place.start(upgradeArgs(), {
      onLine(line, child) {
        if (child.pid === undefined) return;
        if (sent === 0 && line.includes('The meter applies the image')) {
          sent = 1;
          process.kill(child.pid, 'SIGINT');
        } else if (sent === 1 && line.includes('Too late to cancel')) {
          sent = 2;
          process.kill(child.pid, 'SIGINT');
        }
      },
    });
    const run = await ended;
    expect(sent).toBe(2);
    expect(run.code).toBe(5);
    expect(run.json()).toMatchObject({
      state: 'interrupted',
      problem: { meterState: expect.stringContaining('applies the image by itself') },
    });
    const { job } = await onlyJob();
    const resumed = await place.run(['upgrade', '--resume', job, '--yes', '--json']);
    expect(resumed.json()).toMatchObject({ state: 'done', verdict: 'verified' });
  });
});

describe('the meter gives trouble', () => {
  it('the connection drops in the transfer: it is taken up again where it broke', async () => {
    place = await openWorkplace();
    await place.control('fault', { kind: 'drop', protocol: 'sftp', direction: 'in', atByte: 1_500_000, times: 1 });
    const run = await place.run(upgradeArgs());
    expect(run.stderr).toContain('The connection was lost');
    expect(run.json()).toMatchObject({ state: 'done', verdict: 'verified' });
  });

  it('the power goes in the middle of applying: the meter resumes by itself and the tool waits for it', async () => {
    place = await openWorkplace({ applySeconds: 3 });
    let lost: Promise<unknown> | undefined;
    const { ended } = place.start(upgradeArgs(), {
      onLine(line) {
        if (line.includes('The meter restarts')) lost ??= place.control('power-loss', { seconds: 1 });
      },
    });
    const run = await ended;
    await lost;
    expect(lost).toBeDefined();
    expect(run.json()).toMatchObject({ state: 'done', verdict: 'verified', after: { firmware: '4.6.0' } });
  });

  it('another serial number after the restart is a mismatch, never verified', async () => {
    place = await openWorkplace();
    await place.control('fault', { kind: 'serial-after-restart', serial: 'SOMEBODY-ELSE' });
    const run = await place.run(upgradeArgs());
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ state: 'done', verdict: 'mismatch', problem: { code: 'upgrade/mismatch' } });
  });

  it('a full storage fails the job before the point of no return', async () => {
    place = await openWorkplace();
    await place.control('fault', { kind: 'storage-full' });
    const run = await place.run(upgradeArgs());
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ state: 'failed', problem: { nextStep: expect.stringMatching(/./) } });
    expect(await firmware()).toBe('4.0.0');
  });

  it('a revenue lock blocks', async () => {
    place = await openWorkplace();
    await place.control('lock', { revenueLock: 'locked' });
    const run = await place.run(upgradeArgs());
    expect(run.code).toBe(4);
    expect(run.json()).toMatchObject({
      problem: { code: 'upgrade/blocked', because: expect.stringContaining('revenue-lock') },
    });
  });

  it('wrong credentials are tried once', async () => {
    place = await openWorkplace();
    const run = await place.run(upgradeArgs().slice(), { env: { METERWRIGHT_PASSWORD: 'Wrong-secret-7' } });
    expect(run.code).not.toBe(0);
    expect(run.stdout).toContain('sftp/wrong-credentials');
    const state = (await place.control('state')) as { users: { failures: Record<string, { count: number }> } };
    expect(Object.values(state.users.failures)).toMatchObject([{ count: 1 }]);
    expect(run.stdout + run.stderr).not.toContain('Wrong-secret-7');
  });

  it('a meter that is not there is unreachable', async () => {
    place = await openWorkplace();
    const run = await place.run(['identify', '127.0.0.1', '--ports', 'modbus=9', '--json']);
    expect(run.code).toBe(3);
    expect(run.json()).toMatchObject({ problem: { code: expect.stringMatching(/^modbus\//) } });
  });

  it('one job at a time for a meter', async () => {
    place = await openWorkplace({ applySeconds: 1 });
    let second: ReturnType<Workplace['run']> | undefined;
    const { ended } = place.start(upgradeArgs(), {
      onLine(line) {
        if (line.includes('Securing the backup')) second ??= place.run(upgradeArgs());
      },
    });
    expect((await ended).code).toBe(0);
    const other = await second;
    expect(other?.json()).toMatchObject({ problem: { code: 'inventory/locked' } });
  });
});
