import { readFile, stat, writeFile } from 'node:fs/promises';

import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../../electron/inventory/audit.ts';
import type { Access, House } from '../../../electron/services/house.ts';
import { logIn } from '../../../electron/services/meters.ts';
import { applySettings } from '../../../electron/services/settings/configurations.ts';
import {
  applySealed,
  openPasswords,
  passwordTargets,
  sealPasswords,
} from '../../../electron/services/settings/passwords.ts';
import { confirmMap, importMap } from '../../../electron/services/settings/site-maps.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';

import { setupPlace, value } from './setup-place.ts';

const BY = 'A. Technician';
const PASSPHRASE = 'four words that nobody joins';
const cleanup: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

interface State {
  readonly users: {
    /** Failed logins by channel and user: "sftp:USER2". */
    readonly failures: Readonly<Record<string, { readonly count: number }>>;
    readonly withDefaultPassword: number;
  };
}

async function place({ programming = true, confirmed = true, firmware = '4.6.0' } = {}) {
  const { folder, house, address, workbook, control, state } = await setupPlace({ cleanup, programming, firmware });
  const version = firmwareVersion(firmware);
  value(await importMap(house, workbook, version));
  if (confirmed) value(await confirmMap(house, version, { area: 'security', by: BY }));
  const access: Access = { address, credentials: { user: 'USER1', password: '0' } };
  return {
    house,
    access,
    folder,
    file: join(folder, 'sealed.json'),
    control,
    loginAs: (user: string, password: string) => logIn(house, { ...access, credentials: { user, password } }),
    state: async () => (await state()) as State,
  };
}

const sealing = (file: string) => ({ file, passphrase: PASSPHRASE, by: BY });
const generated = (...names: string[]) => names.map((user) => ({ user, password: null }));
/** Every text that this data folder keeps. */
const trailOf = async (house: House) => JSON.stringify(value(await readAudit(house.paths.audit)));

describe('new passwords', () => {
  it('are sealed, opened again, set with the own user last, and verified by one login each', async () => {
    const { house, access, file, loginAs, state } = await place();
    value(
      await applySettings(
        house,
        access,
        { area: 'security', settings: { complexity: 'nerc_cip_007_5', minimumLength: 8 } },
        { by: BY },
      ),
    );
    const wishes = { users: generated('USER1', 'USER2', 'USER3'), clients: [] };
    const plan = value(await sealPasswords(house, [access], wishes, sealing(file)));
    expect(plan.meters).toMatchObject([
      { policy: { complexity: 'nerc_cip_007_5', minimumLength: 8 }, policyFrom: 'meter' },
    ]);
    expect((await state()).users.withDefaultPassword).toBe(50);
    const secrets = value(await openPasswords(house, file, PASSPHRASE, { by: BY }));
    expect(secrets.map(({ user, secret }) => [user, secret.length])).toEqual([
      ['USER2', 16],
      ['USER3', 16],
      ['USER1', 16],
    ]);
    const said = JSON.stringify(plan) + (await readFile(file, 'utf8'));
    for (const { secret } of secrets) expect(said).not.toContain(secret);

    const applied = value(await applySealed(house, access, { ...sealing(file), verify: true }));
    expect(applied.problem).toBeNull();
    expect(applied.results.map(({ user, outcome }) => [user, outcome])).toEqual([
      ['USER2', 'verified'],
      ['USER3', 'verified'],
      ['USER1', 'verified'],
    ]);
    expect(applied.handOff).toBeNull();
    expect(applied.after?.users.filter(({ password }) => password === 'default')).toHaveLength(47);
    expect(applied.login).toEqual({ user: 'USER1', password: secrets[2]?.secret });
    expect((await state()).users.failures).toEqual({});
    expect((await loginAs('USER3', secrets[1]?.secret ?? '')).ok).toBe(true);
    expect(await loginAs('USER1', '0')).toMatchObject({ ok: false, problem: { code: 'sftp/wrong-credentials' } });
    const trail = await trailOf(house);
    expect(
      value(await readAudit(house.paths.audit)).flatMap(({ event }) =>
        event.kind === 'password' ? [event.outcome] : [],
      ),
    ).toEqual(['sealed', 'opened', 'announced', 'verified', 'announced', 'verified', 'announced', 'verified']);
    for (const { secret } of secrets) expect(trail + JSON.stringify(applied.results)).not.toContain(secret);
  });

  it('that the policy of the meter refuses are told with its rule, the old ones stay, and the others are set', async () => {
    const { house, access, file, loginAs, state } = await place();
    const users = [
      { user: 'USER2', password: 'short' },
      { user: 'USER3', password: 'Long-Enough-9' },
    ];
    value(await sealPasswords(house, [access], { users, clients: [] }, sealing(file)));
    // The policy is set after the passwords were sealed.
    const policy = { area: 'security', settings: { complexity: 'ieee1686_2013', minimumLength: 8 } } as const;
    value(await applySettings(house, access, policy, { by: BY }));
    const applied = value(await applySealed(house, access, { ...sealing(file), verify: false }));
    expect(applied.results).toMatchObject([
      { user: 'USER2', outcome: 'refused', because: expect.stringContaining('too short') },
      { user: 'USER3', outcome: 'written' },
    ]);
    expect(applied.login).toBeNull();
    expect((await state()).users.failures).toEqual({});
    expect((await loginAs('USER2', '0')).ok).toBe(true);
    expect((await loginAs('USER3', 'Long-Enough-9')).ok).toBe(true);
  });

  it('are stopped between two users: the one on its way is seen through, and to the others nothing is sent', async () => {
    const { house, access, file, state } = await place();
    const users = ['USER2', 'USER3', 'USER4'].map((user) => ({ user, password: null }));
    const request = { users, clients: [], length: undefined, policy: undefined };
    value(await sealPasswords(house, [access], request, { file, passphrase: PASSPHRASE, by: BY }));
    const stop = new AbortController();
    const outcome = value(
      await applySealed(house, access, {
        file,
        passphrase: PASSPHRASE,
        verify: false,
        by: BY,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    );
    expect(outcome.results.map(({ user, outcome: came }) => [user, came])).toEqual([
      ['USER2', 'written'],
      ['USER3', 'not-tried'],
      ['USER4', 'not-tried'],
    ]);
    expect(outcome.problem?.code).toBe('aborted');
    expect((await state()).users.withDefaultPassword).toBe(49);
  });

  it('try one login each, and the first one that is refused ends it', async () => {
    const { house, access, file, state, control } = await place();
    value(
      await sealPasswords(house, [access], { users: generated('USER2', 'USER3', 'USER4'), clients: [] }, sealing(file)),
    );
    // Somebody else changes the first password between the write and the login.
    let changed: Promise<void> = Promise.resolve();
    const meddling: House = {
      ...house,
      open: async (asked) => {
        const meter = await house.open(asked);
        return asked.credentials?.user !== 'USER2'
          ? meter
          : {
              ...meter,
              async sftp(signal) {
                changed = control('users', { user: 'USER2', password: 'Somebody-Elses-1' });
                await changed;
                return meter.sftp(signal);
              },
            };
      },
    };
    const applied = value(await applySealed(meddling, access, { ...sealing(file), verify: true }));
    expect(applied.results).toMatchObject([
      { user: 'USER2', outcome: 'cannot-be-verified', because: expect.stringContaining('refused the one login') },
      { user: 'USER3', outcome: 'not-tried' },
      { user: 'USER4', outcome: 'not-tried' },
    ]);
    expect(applied.problem?.code).toBe('sftp/wrong-credentials');
    expect(applied.handOff?.steps.flatMap(({ values }) => values).filter(({ label }) => label === 'User')).toEqual([
      { label: 'User', value: 'USER3' },
      { label: 'User', value: 'USER4' },
    ]);
    expect((await state()).users.failures).toEqual({ 'sftp:USER2': { count: 1, until: 0 } });
  });

  it('become a sheet for ION Setup while Modbus programming is off, and the first refusal ends it', async () => {
    const { house, access, file, state } = await place({ programming: false });
    value(await sealPasswords(house, [access], { users: generated('USER2', 'USER3'), clients: [] }, sealing(file)));
    const applied = value(await applySealed(house, access, { ...sealing(file), verify: true }));
    expect(applied.problem?.code).toBe('setup/protected');
    expect(applied.results.map(({ outcome }) => outcome)).toEqual(['by-hand', 'not-tried']);
    expect(applied.handOff?.steps.map(({ text }) => text)).toContain(
      'Set the new password of USER2; see the sealed file.',
    );
    expect(applied.handOff?.steps.flatMap(({ values }) => values.map(({ label }) => label))).toEqual([
      'Sealed file',
      'User',
      'User',
    ]);
    expect((await state()).users).toMatchObject({ withDefaultPassword: 50, failures: {} });
  });

  it('are not written through rows that nobody has confirmed', async () => {
    const { house, access, file, state } = await place({ confirmed: false });
    value(await sealPasswords(house, [access], { users: generated('USER2'), clients: [] }, sealing(file)));
    const applied = value(await applySealed(house, access, { ...sealing(file), verify: false }));
    expect(applied.results).toMatchObject([{ outcome: 'by-hand', because: expect.stringContaining('confirmed') }]);
    expect((await state()).users.withDefaultPassword).toBe(50);
    const targets = { ...sealing(file), assumeConfirmed: true };
    expect(value(await passwordTargets(house, access, targets)).users).toMatchObject([
      { user: 'USER2', way: { channel: 'modbus', row: { register: 61_408, writable: true } } },
    ]);
  });

  it('are not sent with a wrong passphrase, a changed file, or a file for another meter', async () => {
    const { house, access, file, folder, state } = await place();
    value(await sealPasswords(house, [access], { users: generated('USER2'), clients: [] }, sealing(file)));
    const wrong = await applySealed(house, access, {
      ...sealing(file),
      passphrase: 'four other words here',
      verify: false,
    });
    expect(wrong).toMatchObject({ ok: false, problem: { code: 'secrets/not-opened' } });
    const changed = join(folder, 'changed.json');
    await writeFile(changed, (await readFile(file, 'utf8')).replace(/"tag": "./, '"tag": "!'));
    expect(await applySealed(house, access, { ...sealing(changed), verify: false })).toMatchObject({ ok: false });
    expect(await openPasswords(house, file, PASSPHRASE, { serial: 'SIM-000043', by: BY })).toMatchObject({
      problem: { code: 'passwords/none-for-meter' },
    });
    expect((await state()).users.withDefaultPassword).toBe(50);
  });

  it('are refused before anything is sealed: a rule, a user twice, a weak passphrase, a file that is there', async () => {
    const { house, access, file } = await place();
    const sealWith = (wishes: Parameters<typeof sealPasswords>[2], seal = sealing(file)) =>
      sealPasswords(house, [access], wishes, seal);
    const typed = (password: string) => [{ user: 'USER2', password }];
    const codeOf = async (sealed: ReturnType<typeof sealWith>) => {
      const result = await sealed;
      return result.ok ? 'sealed' : result.problem.code;
    };
    const nerc = { complexity: 'nerc_cip_007_5', minimumLength: 8 } as const;
    expect(await codeOf(sealWith({ users: typed('abcdefg1'), clients: [], policy: nerc }))).toBe(
      'password/not-allowed',
    );
    expect(await codeOf(sealWith({ users: typed('Ab 1!xyz'), clients: [] }))).toBe('password/not-allowed');
    expect(await codeOf(sealWith({ users: typed('Abcdef12'), clients: ['older-ion'] }))).toBe('password/not-allowed');
    expect(await codeOf(sealWith({ users: generated('USER2'), clients: ['older-ion'], policy: nerc }))).toBe(
      'password/impossible',
    );
    expect(
      await codeOf(sealWith({ users: generated('USER2'), clients: [], policy: { ...nerc, minimumLength: 5 } })),
    ).toBe('passwords/policy-impossible');
    expect(await codeOf(sealWith({ users: generated('USER2', 'USER2'), clients: [] }))).toBe('passwords/users');
    expect(await codeOf(sealWith({ users: generated('USER51'), clients: [] }))).toBe('passwords/no-such-user');
    const weak = { ...sealing(file), passphrase: 'short' };
    expect(await codeOf(sealWith({ users: generated('USER2'), clients: [] }, weak))).toBe('secrets/weak-passphrase');
    await expect(stat(file)).rejects.toThrow();
    await writeFile(file, 'the only copy');
    expect(await codeOf(sealWith({ users: generated('USER2'), clients: [] }))).toBe('passwords/file-exists');
    expect(await readFile(file, 'utf8')).toBe('the only copy');
  });

  it('of a meter at two addresses are sealed once, and one that does not answer is named', async () => {
    const { house, access, file } = await place();
    const again = { ...access, address: { ...access.address, host: 'localhost' } };
    const away = {
      ...access,
      address: { ...access.address, ports: { ...access.address.ports, modbus: 1 }, timeoutMs: 500 },
    };
    const plan = value(
      await sealPasswords(house, [access, again, away], { users: generated('USER2'), clients: [] }, sealing(file)),
    );
    expect(plan.meters).toHaveLength(1);
    expect(plan.failed.map(({ problem }) => problem.code)).toEqual(['passwords/same-meter', 'modbus/refused']);
    expect(value(await openPasswords(house, file, PASSPHRASE, { by: BY }))).toHaveLength(1);
  });

  it('before 4.0.0 have six characters, and no policy', async () => {
    const { house, access, file } = await place({ firmware: '3.0.0' });
    const plan = value(await sealPasswords(house, [access], { users: generated('USER2'), clients: [] }, sealing(file)));
    expect(plan.meters).toMatchObject([{ policyFrom: 'firmware' }]);
    const applied = value(await applySealed(house, access, { ...sealing(file), verify: true }));
    expect(applied.results.map(({ outcome }) => outcome)).toEqual(['verified']);
    expect(value(await openPasswords(house, file, PASSPHRASE, { by: BY }))[0]?.secret).toHaveLength(6);
  });
});
