import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkplace, overridesFor, WAIVERS, type Workplace } from './harness.ts';

const run = promisify(execFile);

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
});
afterEach(() => place.close());

const serial = 'SIM-00001';
const json = (): readonly string[] => ['--ports', place.ports, '--json'];

describe('the main job, command by command', () => {
  it('identifies, backs up, checks, upgrades, verifies and reports', async () => {
    const identified = await place.run(['identify', place.host, ...json()]);
    expect(identified.code).toBe(0);
    expect(identified.json()).toMatchObject({
      identity: { model: 'ION7400', serial, firmware: '4.0.0', simulated: true, commercialReference: null },
      clock: { offsetSeconds: expect.any(Number) },
      advisories: expect.any(Array),
    });

    const backup = await place.run(['backup', place.host, ...json(), ...WAIVERS]);
    expect(backup.code).toBe(0);
    const { bag, verified } = backup.json() as { bag: string; verified: boolean };
    expect(verified).toBe(true);
    // An independent judge of the bag: coreutils.
    await run('sha256sum', ['--check', '--strict', '--quiet', 'manifest-sha256.txt'], { cwd: bag });
    await run('sha256sum', ['--check', '--strict', '--quiet', 'tagmanifest-sha256.txt'], { cwd: bag });
    expect((await place.run(['backup', 'verify', bag, '--json'])).json()).toMatchObject({
      verdict: 'verified',
      problems: [],
    });

    const checked = await place.run(['check', place.host, '--package', place.practice.package, ...json()]);
    expect(checked.code).toBe(0);
    expect(checked.json()).toMatchObject({ blocked: false });

    const upgraded = await place.run([
      'upgrade',
      place.host,
      '--package',
      place.practice.package,
      '--backup',
      bag,
      '--yes',
      ...overridesFor(serial),
      ...json(),
    ]);
    expect(upgraded.stderr).not.toContain('Unexpected');
    expect(upgraded.json()).toMatchObject({
      state: 'done',
      verdict: 'verified',
      before: { firmware: '4.0.0' },
      after: { firmware: '4.6.0', serial },
    });
    expect(upgraded.code).toBe(0);

    const { job, report } = upgraded.json() as { job: string; report: string };
    expect(await readFile(report, 'utf8')).toContain(serial);
    expect((await place.run(['jobs', '--json'])).json()).toMatchObject({
      jobs: [{ job, state: 'done', verdict: 'verified' }],
    });

    // After the upgrade the clock comes from the Unix time register that the package's own map names.
    const after = await place.run(['identify', place.host, ...json()]);
    expect(after.json()).toMatchObject({ identity: { firmware: '4.6.0' }, clock: { source: 'unix-time-register' } });

    const again = await place.run(['upgrade', place.host, '--package', place.practice.package, '--yes', ...json()]);
    expect(again.code).toBe(2);

    const difference = await place.run(['backup', 'diff', bag, '--meter', place.host, ...json()]);
    const { compared, different } = difference.json() as { compared: number; different: { id: string }[] };
    expect(compared).toBeGreaterThan(20);
    expect(different.map(({ id }) => id)).toEqual(expect.arrayContaining([expect.stringContaining('firmware')]));
  });

  it('takes its own backup where none counts, and says what is missing when it may not waive', async () => {
    const blocked = await place.run([
      'upgrade',
      place.host,
      '--package',
      place.practice.package,
      '--yes',
      ...overridesFor(serial),
      ...json(),
    ]);
    expect(blocked.code).toBe(4);
    expect(blocked.json()).toMatchObject({
      problem: { code: 'upgrade/blocked', because: expect.stringContaining('ion-setup-exports') },
      state: 'failed',
    });
    const done = await place.run([
      'upgrade',
      place.host,
      '--package',
      place.practice.package,
      '--yes',
      ...overridesFor(serial),
      ...WAIVERS,
      ...json(),
    ]);
    expect(done.json()).toMatchObject({ verdict: 'verified' });
  });

  it.each(['wrongHash', 'wrongModel', 'bareUpx', 'zipSlip', 'zipBomb', 'unsigned', 'downgrade'] as const)(
    'refuses the package %s before anything is written',
    async (broken) => {
      const file = place.practice.packages[broken];
      const checked = await place.run(['check', place.host, '--package', file, ...json()]);
      expect(checked.code).toBe(4);
      const upgraded = await place.run([
        'upgrade',
        place.host,
        '--package',
        file,
        '--yes',
        ...overridesFor(serial),
        ...WAIVERS,
        ...json(),
      ]);
      expect([1, 4]).toContain(upgraded.code);
      expect(upgraded.json()).toMatchObject({ problem: { meterState: 'Nothing was written to the meter.' } });
      expect(await place.control('state')).toMatchObject({ firmware: '4.0.0' });
    },
  );

  it('a cut package fails with a problem of its own', async () => {
    const found = await place.run(['package', 'inspect', place.practice.packages.truncated, '--json']);
    expect(found.code).toBe(1);
    expect(found.json()).toMatchObject({
      problem: { code: expect.stringMatching(/^package\//), nextStep: expect.stringMatching(/./) },
    });
  });
});
