import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changesPolicy,
  impliedBy,
  policyAhead,
  toggled,
  usersToShow,
  wishPolicy,
  wishRights,
} from '../../../renderer/features/configure/passwords/wishes.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { COMPLEXITIES } from '../../../shared/domain/settings/passwords/policy.ts';
import { RIGHTS, rightsNeededBy } from '../../../shared/domain/settings/passwords/rights.ts';

const V460 = firmwareVersion('4.6.0');
const NONE = { complexity: 'none', minimumLength: 1 } as const;

describe('wishes for the policy', () => {
  it('move the length into the range of the complexity, and hold nothing that the meter has', () => {
    expect(wishPolicy({}, NONE, { complexity: 'nerc_cip_007_5' }, V460)).toEqual({
      complexity: 'nerc_cip_007_5',
      minimumLength: 6,
    });
    expect(wishPolicy({ minimumLength: 99 }, NONE, { complexity: 'none' }, V460)).toEqual({ minimumLength: 16 });
    const typing = { complexity: 'ieee1686_2013', minimumLength: 8 } as const;
    expect(wishPolicy(typing, NONE, { minimumLength: 1 }, V460)).toEqual({ complexity: 'ieee1686_2013' });
    expect(wishPolicy(typing, NONE, { minimumLength: 12 }, V460)).toEqual({ ...typing, minimumLength: 12 });
    const back = wishPolicy({ complexity: 'ieee1686_2013', minimumLength: 8 }, NONE, { complexity: 'none' }, V460);
    expect(wishPolicy(back, NONE, { minimumLength: 1 }, V460)).toEqual({});
  });

  it('name both where nothing could be read, and keep the rights of users', () => {
    const users = { USER2: { rights: ['read'] as const } };
    expect(wishPolicy({ users }, {}, { complexity: 'none' }, V460)).toEqual({
      users,
      complexity: 'none',
      minimumLength: 1,
    });
  });

  it('never leave the range when the complexity changes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...COMPLEXITIES), fc.integer(), (complexity, minimumLength) => {
        const plan = wishPolicy({ minimumLength }, NONE, { complexity }, V460);
        const length = plan.minimumLength ?? NONE.minimumLength;
        expect(length).toBeGreaterThanOrEqual(complexity === 'none' ? 1 : 6);
        expect(length).toBeLessThanOrEqual(16);
      }),
    );
  });

  it('say what new passwords will meet', () => {
    const settings = [
      { id: 'complexity', area: 'security', label: '', value: 'none' },
      { id: 'minimumLength', area: 'security', label: '', value: 4 },
    ] as const;
    expect(policyAhead({}, { settings: [...settings] })).toEqual({ complexity: 'none', minimumLength: 4 });
    expect(policyAhead({ minimumLength: 9 }, { settings: [...settings] })).toEqual({
      complexity: 'none',
      minimumLength: 9,
    });
    expect(policyAhead({ minimumLength: 9 }, { settings: [] })).toBeUndefined();
    expect([{}, { minimumLength: 9 }].map(changesPolicy)).toEqual([false, true]);
  });
});

describe('wishes for rights', () => {
  it('are always consistent, whatever is ticked and cleared', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...RIGHTS), { maxLength: 30 }), (clicks) => {
        const rights = clicks.reduce<readonly (typeof RIGHTS)[number][]>(toggled, []);
        for (const right of rights) expect(rights).toEqual(expect.arrayContaining([...rightsNeededBy(right)]));
      }),
    );
  });

  it('leave the plan when they are what the user has', () => {
    const plan = wishRights({ minimumLength: 8 }, ['read'], 'USER2', ['timeSync', 'read']);
    expect(plan).toEqual({ minimumLength: 8, users: { USER2: { rights: ['read', 'timeSync'] } } });
    expect(wishRights(plan, ['read'], 'USER2', ['read'])).toEqual({ minimumLength: 8 });
  });

  it('say which rights bring one along', () => {
    expect(impliedBy(['read', 'fullMeterConfig', 'securityConfig'], 'read')).toEqual([
      'fullMeterConfig',
      'securityConfig',
    ]);
    expect(impliedBy(['read', 'timeSync'], 'timeSync')).toEqual([]);
  });

  it('are offered for all names where the meter does not say who its users are', () => {
    expect(usersToShow({ users: [] })).toHaveLength(50);
    expect(usersToShow({ users: [{ name: 'USER1', rights: ['read'], password: 'default' }] })).toHaveLength(1);
  });
});
