import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RIGHTS,
  type Right,
  ROLES,
  rightsNeededBy,
  rightsOfRole,
  rolesWith,
  withImplied,
  withoutRight,
} from '../../../../shared/domain/settings/passwords/rights.ts';
import {
  checkUsers,
  METER_USERS,
  type MeterUser,
  PASSWORD_STATES,
  usersToChange,
} from '../../../../shared/domain/settings/passwords/users.ts';

const someRights = fc.subarray([...RIGHTS]);

function user(name: string, rights: readonly Right[] | null, password: MeterUser['password'] = 'under-policy') {
  return { name, rights, password };
}

function verdicts(users: readonly MeterUser[], complete: boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(
    checkUsers(users, complete).map(({ field, rule, verdict }) => [`${field} ${rule}`, verdict]),
  );
}

describe('rights', () => {
  it.each([
    ['read', []],
    ['peakDemandReset', ['read']],
    ['timeSync', []],
    ['fullMeterConfig', ['read']],
    ['testMode', ['read']],
    ['securityConfig', ['read', 'fullMeterConfig']],
    ['commConfig', []],
  ] as const)('%s needs %j', (right, needed) => {
    expect(rightsNeededBy(right)).toEqual(needed);
  });

  it('are closed by withImplied, once and for all, in their order', () => {
    fc.assert(
      fc.property(someRights, (rights) => {
        const closed = withImplied(rights);
        expect(closed).toEqual(RIGHTS.filter((right) => closed.includes(right)));
        for (const right of rights) expect(closed).toContain(right);
        for (const right of closed) for (const needed of rightsNeededBy(right)) expect(closed).toContain(needed);
        expect(withImplied(closed)).toEqual(closed);
      }),
    );
  });

  it('stay consistent when one is taken away', () => {
    fc.assert(
      fc.property(someRights, fc.constantFrom(...RIGHTS), (rights, gone) => {
        const left = withoutRight(withImplied(rights), gone);
        expect(left).not.toContain(gone);
        expect(withImplied(left)).toEqual(left);
      }),
    );
    expect(withoutRight(['read', 'fullMeterConfig', 'securityConfig', 'timeSync'], 'read')).toEqual(['timeSync']);
  });

  it('make roles that are consistent and found again', () => {
    for (const role of ROLES) {
      expect(withImplied(rightsOfRole(role))).toEqual(rightsOfRole(role));
      expect(rolesWith([...rightsOfRole(role)].reverse())).toContain(role);
    }
    expect(rolesWith(['timeSync'])).toEqual([]);
    expect(rolesWith(['read'])).toEqual(['viewer', 'secaud']);
  });
});

describe('users of a meter', () => {
  const admin = user('USER1', ['read', 'fullMeterConfig', 'securityConfig']);

  it('are USER1 to USER50', () => {
    expect(METER_USERS).toHaveLength(50);
    expect(METER_USERS.at(0)).toBe('USER1');
    expect(METER_USERS.at(-1)).toBe('USER50');
  });

  it.each(['USER0', 'USER51', 'USER01', 'user1', 'admin', ''])('are not called %j', (name) => {
    expect(verdicts([admin, user(name, [])], true)[`${name} user-name`]).toBe('block');
  });

  it('are in the list once', () => {
    const rows = checkUsers([admin, admin], true).filter(({ rule }) => rule === 'user-name');
    expect(rows.map(({ verdict }) => verdict)).toEqual(['pass', 'block']);
  });

  it('have no right without those that it needs', () => {
    fc.assert(
      fc.property(someRights, (rights) => {
        const consistent = withImplied(rights).length === rights.length;
        expect(verdicts([user('USER2', rights)], true)['USER2.rights right-implied']).toBe(
          consistent ? 'pass' : 'block',
        );
      }),
    );
  });

  it.each([
    [[admin], true, 'pass', 'pass'],
    [[user('USER2', ['read', 'fullMeterConfig'])], true, 'pass', 'warn'],
    [[user('USER2', ['read'])], true, 'block', 'warn'],
    [[], true, 'block', 'warn'],
    [[], false, 'unknown', 'unknown'],
    [[user('USER2', ['read'])], false, 'unknown', 'unknown'],
    [[user('USER2', ['read']), user('USER3', null)], true, 'unknown', 'unknown'],
  ] as const)('keep an administrator: %j, complete %s', (users, complete, full, security) => {
    const found = verdicts(users, complete);
    expect([found['users full-config-user'], found['users security-user']]).toEqual([full, security]);
  });

  it('are red with the default password, and say what a policy does not change', () => {
    const users = PASSWORD_STATES.map((state, index) => user(`USER${index + 1}`, ['read'], state));
    const found = verdicts(users, false);
    expect(users.map(({ name }) => found[`${name}.password password-to-change`])).toEqual([
      'block',
      'warn',
      'pass',
      'unknown',
    ]);
    expect(usersToChange([...users].reverse()).map(({ password }) => password)).toEqual([
      'default',
      'before-policy',
      'unknown',
    ]);
  });
});
