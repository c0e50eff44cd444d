import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import {
  checkPassword,
  isAllowed,
  kindsIn,
  PASSWORD_RULE_IDS,
  type PasswordUse,
} from '../../../../shared/domain/settings/passwords/check.ts';
import { clientLimit, PASSWORD_CLIENTS, passwordLimits } from '../../../../shared/domain/settings/passwords/clients.ts';
import {
  COMPLEXITIES,
  type Complexity,
  checkPolicy,
  longestPassword,
} from '../../../../shared/domain/settings/passwords/policy.ts';
import { allowsPlan } from '../../../../shared/domain/settings/rule-row.ts';

const NOW = firmwareVersion('4.6.0');
const LONG = firmwareVersion('4.0.0');
const LEGACY = firmwareVersion('3.9.99');

function use(complexity: Complexity, minimumLength: number, rest: Partial<PasswordUse> = {}): PasswordUse {
  return { firmware: NOW, policy: { complexity, minimumLength }, clients: [], names: [], ...rest };
}

function broken(password: string, to: PasswordUse): readonly string[] {
  return checkPassword(password, to)
    .filter(({ met, kind }) => !met && kind === 'required')
    .map(({ id }) => id);
}

function unheeded(password: string, to: PasswordUse): readonly string[] {
  return checkPassword(password, to)
    .filter(({ met, kind }) => !met && kind === 'advice')
    .map(({ id }) => id);
}

describe('the test vectors of the specification', () => {
  const NERC = 'nerc_cip_007_5';
  const IEEE = 'ieee1686_2013';
  it.each([
    ['Abcde1', NERC, 6, []],
    ['Abcde1', IEEE, 6, ['kinds']],
    ['Abcd1!', IEEE, 6, []],
    ['Abcdef12', NERC, 8, []],
    ['Abcdef12', IEEE, 8, ['kinds']],
    ['abcdefg1', NERC, 8, ['kinds']],
    ['ABCdef!@', NERC, 8, []],
    ['Aa1!Aa1!Aa1!Aa1!', IEEE, 8, []],
    ['Aa1!Aa1!Aa1!Aa1!x', IEEE, 8, ['maximum-length']],
    ['Ab 1!xyz', IEEE, 8, ['characters']],
    ['Äb1!wxyz', NERC, 8, ['characters']],
  ] as const)('%s with %s and at least %d', (password, complexity, minimumLength, expected) => {
    expect(broken(password, use(complexity, minimumLength))).toEqual(expected);
  });

  it.each([
    [NERC, 5, false],
    [IEEE, 5, false],
    ['none', 5, true],
    [NERC, 6, true],
    ['none', 1, true],
    ['none', 0, false],
    [NERC, 16, true],
    ['none', 17, false],
    ['none', 7.5, false],
    ['none', Number.NaN, false],
    [IEEE, Number.POSITIVE_INFINITY, false],
  ] as const)('the policy %s with at least %d is valid: %s', (complexity, minimumLength, valid) => {
    expect(allowsPlan(checkPolicy({ complexity, minimumLength }, NOW))).toBe(valid);
  });
});

describe('a policy', () => {
  it('comes with 4.6.0', () => {
    const policy = { complexity: 'none', minimumLength: 8 } as const;
    expect(allowsPlan(checkPolicy(policy, NOW))).toBe(true);
    expect(checkPolicy(policy, firmwareVersion('4.5.999'))[0]).toMatchObject({ rule: 'firmware', verdict: 'block' });
  });

  it.each([
    ['nerc_cip_007_5', 6, 'warn'],
    ['nerc_cip_007_5', 7, 'warn'],
    ['nerc_cip_007_5', 8, 'pass'],
    ['ieee1686_2013', 7, 'warn'],
    ['ieee1686_2013', 8, 'pass'],
    ['none', 1, undefined],
    ['nerc_cip_007_5', 5, undefined],
  ] as const)('%s with %d against what the standard recommends: %s', (complexity, minimumLength, verdict) => {
    const row = checkPolicy({ complexity, minimumLength }, NOW).find(({ rule }) => rule === 'recommended-length');
    expect(row?.verdict).toBe(verdict);
    if (row !== undefined) expect(row.because).toContain('8');
  });

  it('says the range that applies', () => {
    const limitOf = (complexity: Complexity) => checkPolicy({ complexity, minimumLength: 99 }, NOW)[1]?.limit;
    expect(COMPLEXITIES.map(limitOf)).toEqual(['1 to 16', '6 to 16', '6 to 16']);
  });
});

describe('passwords before 4.0.0', () => {
  const legacy = use('none', 1, { firmware: LEGACY });
  it.each(['0', '12345678', '0A123', '#A134', '01234$', 'A^@g5'])('%s is accepted, as the vendor says', (password) => {
    expect(broken(password, legacy)).toEqual([]);
  });

  it.each([
    ['123456789', 'maximum-length'],
    ['A123456', 'maximum-length'],
    ['01', 'leading-zero'],
    ['00', 'leading-zero'],
    ['a b', 'characters'],
    ['é', 'characters'],
  ])('%s is refused by %s', (password, rule) => {
    expect(broken(password, legacy)).toEqual([rule]);
  });

  it('are as long as 16 from 4.0.0 on, digits or not', () => {
    expect(longestPassword(LONG)).toEqual({ digits: 16, others: 16 });
    expect(broken('A1234567', use('none', 1, { firmware: LONG }))).toEqual([]);
    expect(broken('0123456789012345', use('none', 1, { firmware: LONG }))).toEqual([]);
  });
});

describe('a password', () => {
  it('has kinds by the ASCII table and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 33, max: 126 }), (code) => {
        const character = String.fromCharCode(code);
        const digit = code >= 48 && code <= 57;
        const upper = code >= 65 && code <= 90;
        const lower = code >= 97 && code <= 122;
        expect(kindsIn(character)).toBe(1);
        expect(kindsIn(`Aa0${character}`)).toBe(digit || upper || lower ? 3 : 4);
      }),
    );
    expect(kindsIn('Ä é\u0000\u007f')).toBe(0);
  });

  it('is made of ASCII 33 to 126, whatever stands around them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 16 }), (password) => {
        const printable = [...Array(password.length).keys()].every((index) => {
          const code = password.charCodeAt(index);
          return code >= 33 && code <= 126;
        });
        expect(broken(password, use('none', 1)).includes('characters')).toBe(!printable);
      }),
    );
    expect(broken('abc\n', use('none', 1))).toEqual(['characters']);
  });

  it('is not empty, even where a policy is nonsense', () => {
    for (const length of [0, -3, Number.NaN]) expect(broken('', use('none', length))).toEqual(['minimum-length']);
  });

  it('is warned of, not refused, for what only makes it easy to guess or hard to use', () => {
    expect(unheeded('0', use('none', 1))).toEqual(['not-default']);
    expect(unheeded('0123', use('none', 1))).toEqual(['leading-zero']);
    expect(unheeded('xUSER1x', use('none', 1, { names: ['user1'] }))).toEqual(['no-user-name', 'compatible-length']);
    expect(unheeded('abcdef', use('none', 1, { names: ['', ' ', 'ab'] }))).toEqual([]);
    expect(unheeded('P@ssw0rd', use('none', 1))).toEqual(['not-common', 'compatible-length']);
    expect(isAllowed(checkPassword('P@ssw0rd', use('ieee1686_2013', 8)))).toBe(true);
    expect(isAllowed(checkPassword('p@ssword', use('ieee1686_2013', 8)))).toBe(false);
  });

  it('gives each rule once, with the key of its text', () => {
    const rules = checkPassword('01', use('nerc_cip_007_5', 8, { clients: ['older-ion'] }));
    expect(rules.map(({ id }) => id)).toEqual([...PASSWORD_RULE_IDS]);
    for (const { id, text } of rules) expect(text).toBe(`password.${id}`);
  });

  it('never gets better by a stricter policy', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 18 }), fc.integer({ min: 1, max: 15 }), (password, length) => {
        const allowed = (complexity: Complexity, minimum: number) =>
          isAllowed(checkPassword(password, use(complexity, minimum)));
        if (allowed('ieee1686_2013', length)) expect(allowed('nerc_cip_007_5', length)).toBe(true);
        if (allowed('nerc_cip_007_5', length)) expect(allowed('none', length)).toBe(true);
        if (allowed('none', length + 1)) expect(allowed('none', length)).toBe(true);
      }),
    );
  });
});

describe('clients that must be able to use a password', () => {
  it.each([
    ['Abc123', 'older-ion', true],
    ['Abc1234', 'older-ion', false],
    ['Abc12!', 'older-ion', false],
    ['99999999', 'standard-security', true],
    ['100000000', 'standard-security', false],
    ['01', 'standard-security', false],
    ['0', 'standard-security', true],
    ['1a', 'standard-security', false],
    ['Aa1!Aa1!Aa1!Aa1!', 'ion-setup', true],
    ['Aa1!Aa1!Aa1!Aa1!', 'display', true],
  ] as const)('%s and %s: %s', (password, client, allowed) => {
    expect(isAllowed(checkPassword(password, use('none', 1, { clients: [client] })))).toBe(allowed);
  });

  it('have a limit only where a document gives one, and always say where it stands', () => {
    const limited = PASSWORD_CLIENTS.filter((client) => clientLimit(client).kind === 'limited');
    expect(limited).toEqual(['older-ion', 'standard-security']);
    for (const client of PASSWORD_CLIENTS) expect(clientLimit(client).source).not.toBe('');
    expect(clientLimit('modbus').kind).toBe('no-password');
  });

  it('narrow the limits, in any order', () => {
    expect(passwordLimits(NOW, [])).toEqual({
      characters: 'printable',
      digits: 16,
      others: 16,
      noLeadingZero: false,
    });
    const both = { characters: 'digits', digits: 6, others: 6, noLeadingZero: true };
    expect(passwordLimits(NOW, ['older-ion', 'standard-security'])).toEqual(both);
    expect(passwordLimits(NOW, ['standard-security', 'older-ion'])).toEqual(both);
    expect(passwordLimits(LEGACY, [])).toMatchObject({ digits: 8, others: 6, noLeadingZero: true });
  });
});
