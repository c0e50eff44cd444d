import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openWorkplace, type Workplace, type WorkplaceOptions } from './harness.ts';

let workplace: Workplace;

afterEach(async () => {
  await workplace.close();
});

const PATIENCE = 120_000;
const PASSPHRASE = { METERWRIGHT_PASSPHRASE: 'four words that nobody joins' };

async function meterWithMap(options: WorkplaceOptions = {}): Promise<{ serial: string; on: readonly string[] }> {
  workplace = await openWorkplace({ firmware: '4.6.0', ...options });
  const [meter] = workplace.practice.meters;
  if (meter === undefined) throw new Error('There is no simulated meter.');
  const imported = await workplace.run(['map', 'import', workplace.practice.map, '--json']);
  if (imported.code !== 0) throw new Error(imported.stdout);
  await workplace.control('programming', { on: true });
  return { serial: meter.serial, on: [workplace.host, '--ports', workplace.ports] };
}

describe('passwords on the terminal', () => {
  it('are audited, sealed, applied, verified, and opened for those who have the passphrase', {
    timeout: PATIENCE,
  }, async () => {
    const { serial, on } = await meterWithMap();
    const audit = await workplace.run(['passwords', 'audit', ...on, '--json']);
    expect(audit.code).toBe(0);
    expect(audit.json()).toMatchObject({
      serial,
      firmware: '4.6.0',
      policy: { complexity: 'none', minimumLength: 1 },
      users: expect.arrayContaining([{ name: 'USER2', rights: expect.any(Array), password: 'default' }]),
    });
    expect((audit.json()['defaultPasswords'] as string[]).length).toBe(50);

    const file = join(workplace.home, 'sealed.json');
    const plan = ['passwords', 'plan', ...on, '--users', 'USER1,USER2', '--length', '12', '--json'];
    const sealed = await workplace.run([...plan, '--seal', file], { env: PASSPHRASE });
    expect(sealed.stderr).toBe('');
    expect(sealed.code).toBe(0);
    expect(sealed.json()).toMatchObject({
      file,
      meters: [
        {
          serial,
          policy: { complexity: 'none', minimumLength: 1, from: 'meter' },
          users: [
            { user: 'USER2', origin: 'generated', state: 'default' },
            { user: 'USER1', origin: 'generated', state: 'default' },
          ],
        },
      ],
      failed: [],
    });
    const again = await workplace.run([...plan, '--seal', file], { env: PASSPHRASE });
    expect([again.code, (again.json()['problem'] as { code: string }).code]).toEqual([1, 'passwords/file-exists']);

    const hidden = await workplace.run(['passwords', 'open', file, '--json'], { env: PASSPHRASE });
    expect([hidden.code, (hidden.json()['problem'] as { code: string }).code]).toEqual([64, 'usage']);
    const shown = await workplace.run(['passwords', 'open', file, '--json', '--reveal', '--meter', serial], {
      env: PASSPHRASE,
    });
    const secrets = shown.json()['secrets'] as { user: string; secret: string }[];
    expect(secrets.map(({ user, secret }) => [user, secret.length])).toEqual([
      ['USER2', 12],
      ['USER1', 12],
    ]);

    const unasked = await workplace.run(['passwords', 'apply', ...on, '--sealed', file, '--json'], { env: PASSPHRASE });
    expect([unasked.code, (unasked.json()['problem'] as { code: string }).code]).toEqual([
      5,
      'passwords/not-confirmed',
    ]);
    const applied = await workplace.run(
      ['passwords', 'apply', ...on, '--sealed', file, '--verify', '--yes', '--by', 'A. Technician', '--json'],
      { env: PASSPHRASE },
    );
    expect(applied.code).toBe(0);
    expect(applied.json()).toMatchObject({
      written: [],
      verified: [{ user: 'USER2' }, { user: 'USER1' }],
      refused: [],
      unconfirmed: [],
      byHand: [],
      notTried: [],
      handOff: [],
    });
    const trail = await workplace.run(['audit', 'list', '--json']);
    expect(trail.json()['entries']).toMatchObject([
      { kind: 'password', outcome: 'sealed', user: 'USER2, USER1' },
      { kind: 'password', outcome: 'opened', serial },
      { outcome: 'announced', user: 'USER2', by: 'A. Technician' },
      { outcome: 'verified', user: 'USER2' },
      { outcome: 'announced', user: 'USER1' },
      { outcome: 'verified', user: 'USER1' },
    ]);
    const everything = [sealed, applied, trail].map(({ stdout, stderr }) => stdout + stderr).join('');
    for (const { secret } of secrets) expect(everything + (await readFile(file, 'utf8'))).not.toContain(secret);
  });

  it('end in a sheet for ION Setup while Modbus programming is off', { timeout: PATIENCE }, async () => {
    const { on } = await meterWithMap();
    await workplace.control('programming', { on: false });
    const file = join(workplace.home, 'sealed.json');
    await workplace.run(['passwords', 'plan', ...on, '--users', 'USER2', '--seal', file], { env: PASSPHRASE });
    const applied = await workplace.run(['passwords', 'apply', ...on, '--sealed', file, '--yes', '--json'], {
      env: PASSPHRASE,
    });
    expect(applied.code).toBe(1);
    expect(applied.json()).toMatchObject({
      problem: { code: 'setup/protected' },
      byHand: [{ user: 'USER2' }],
      handOff: [{ title: 'Set passwords in ION Setup' }],
    });
  });

  it('are refused with the code of the reason', { timeout: PATIENCE }, async () => {
    const { on } = await meterWithMap();
    const file = join(workplace.home, 'sealed.json');
    const plan = (...more: string[]) => ['passwords', 'plan', ...on, '--seal', file, '--json', ...more];
    const outcomeOf = async (args: readonly string[], env: Record<string, string> = PASSPHRASE) => {
      const run = await workplace.run(args, { env });
      return [run.code, (run.json()['problem'] as { code: string }).code];
    };
    expect(await outcomeOf(plan('--users', 'USER2'), {})).toEqual([1, 'passwords/nobody-to-ask']);
    expect(await outcomeOf(plan('--users', 'USER2'), { METERWRIGHT_PASSPHRASE: 'short' })).toEqual([
      1,
      'secrets/weak-passphrase',
    ]);
    expect(await outcomeOf(plan())).toEqual([1, 'passwords/users']);
    expect(await outcomeOf(plan('--users', 'USER2,USER77'))).toEqual([64, 'usage']);
    expect(await outcomeOf(plan('--typed', 'USER2'))).toEqual([1, 'passwords/nobody-to-ask']);
    const strict = ['--complexity', 'nerc_cip_007_5', '--minimum-length', '8'];
    expect(await outcomeOf(plan('--users', 'USER2', ...strict, '--clients', 'older-ion'))).toEqual([
      1,
      'password/impossible',
    ]);
    expect(await outcomeOf(plan('--users', 'USER2', '--complexity', 'none'))).toEqual([64, 'usage']);
    await expect(stat(file)).rejects.toThrow();
    const sealed = await workplace.run(plan('--users', 'USER2', ...strict), { env: PASSPHRASE });
    expect(sealed.json()).toMatchObject({ meters: [{ policy: { from: 'stated', minimumLength: 8 } }] });
    const apply = ['passwords', 'apply', ...on, '--sealed', file, '--yes', '--json'];
    expect(await outcomeOf(apply, { METERWRIGHT_PASSPHRASE: 'four other words here' })).toEqual([
      1,
      'secrets/not-opened',
    ]);
  });
});
