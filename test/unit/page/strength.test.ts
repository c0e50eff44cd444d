import { translations } from '@zxcvbn-ts/language-en';
import { describe, expect, it } from 'vitest';
import { passwordStrength } from '../../../renderer/features/configure/strength.ts';
import { textsOf } from './texts.ts';

const texts = textsOf('en');

/** The dictionaries are read once for this file, which takes long on a busy machine. */
const CAP = 60_000;

async function scoreOf(password: string, names: readonly string[] = []): Promise<number | undefined> {
  return (await passwordStrength(password, names))?.score;
}

describe('advice about a password', () => {
  it(
    'ranks from too easy to very hard',
    async () => {
      expect(await scoreOf('0')).toBe(0);
      expect(await scoreOf('')).toBe(0);
      expect(await scoreOf('password')).toBe(0);
      expect(await scoreOf('P@ssw0rd')).toBeLessThan(2);
      expect(await scoreOf('Zq7!pLm2#xWv9$Ka')).toBe(4);
    },
    CAP,
  );

  it(
    'thinks little of the names of the meter',
    async () => {
      expect(await scoreOf('Umspannwerk')).toBeGreaterThan(0);
      expect(await scoreOf('Umspannwerk', ['Umspannwerk'])).toBe(0);
    },
    CAP,
  );

  it(
    'has a text for everything that it says, whatever the password',
    async () => {
      const passwords = [
        '0',
        'password',
        'qwertz',
        'aaaa',
        'abcabc',
        '1999',
        '13.5.1991',
        'drowssap',
        'PASSWORD',
        'anna',
      ];
      for (const password of passwords) {
        const advice = await passwordStrength(password, ['anna']);
        expect(advice).not.toBeNull();
        const keys = [
          advice?.text,
          ...(advice?.suggestions ?? []),
          ...(advice?.warning == null ? [] : [advice.warning]),
        ];
        for (const key of keys) expect(texts.has(key ?? ''), key).toBe(true);
      }
    },
    CAP,
  );

  it('has a text for everything that the library can say', () => {
    const keys = [
      ...Object.keys(translations.warnings).map((key) => `rules:strength.warning.${key}`),
      ...Object.keys(translations.suggestions).map((key) => `rules:strength.suggestion.${key}`),
    ];
    expect(keys.filter((key) => !texts.has(key))).toEqual([]);
  });

  it(
    'is not slowed down by a text without an end',
    async () => {
      const started = performance.now();
      expect(await scoreOf('aB3$'.repeat(50_000), ['n'.repeat(100_000)])).toBeGreaterThanOrEqual(0);
      expect(performance.now() - started).toBeLessThan(20_000);
    },
    CAP,
  );
});
