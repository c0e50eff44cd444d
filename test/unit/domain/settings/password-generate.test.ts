import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import { checkPassword, isAllowed } from '../../../../shared/domain/settings/passwords/check.ts';
import { PASSWORD_CLIENTS, passwordLimits } from '../../../../shared/domain/settings/passwords/clients.ts';
import { generatePassword } from '../../../../shared/domain/settings/passwords/generate.ts';
import { COMPLEXITIES, checkPolicy } from '../../../../shared/domain/settings/passwords/policy.ts';
import { allowsPlan } from '../../../../shared/domain/settings/rule-row.ts';

const firmwares = ['2.1.0', '3.9.9', '4.0.0', '4.6.0'].map(firmwareVersion);
const open = passwordLimits(firmwareVersion('4.6.0'), []);
const none = { complexity: 'none', minimumLength: 1 } as const;

function generated(...input: Parameters<typeof generatePassword>): string {
  const result = generatePassword(...input);
  if (!result.ok) throw new Error(result.problem.because);
  return result.value;
}

describe('generatePassword', () => {
  it('satisfies policy, firmware and every ticked client, or says that nothing can', () => {
    const input = fc.record({
      firmware: fc.constantFrom(...firmwares),
      complexity: fc.constantFrom(...COMPLEXITIES),
      minimumLength: fc.integer({ min: 1, max: 16 }),
      clients: fc.subarray([...PASSWORD_CLIENTS]),
    });
    const seen = { made: 0, impossible: 0 };
    fc.assert(
      fc.property(input, ({ firmware, complexity, minimumLength, clients }) => {
        const policy = { complexity, minimumLength };
        const limits = passwordLimits(firmware, clients);
        const result = generatePassword(policy, limits, randomBytes);
        if (result.ok) {
          seen.made += 1;
          const rules = checkPassword(result.value, { firmware, policy, clients, names: ['USER1'] });
          expect(rules.filter(({ met, kind }) => !met && kind === 'required')).toEqual([]);
          expect(rules.find(({ id }) => id === 'not-default')?.met).toBe(true);
          return;
        }
        seen.impossible += 1;
        expect(result.problem.code).toBe('password/impossible');
        const room = limits.characters === 'digits' ? limits.digits : limits.others;
        const kinds = { digits: 1, alphanumeric: 3, printable: 4 }[limits.characters];
        const needed = { none: 0, nerc_cip_007_5: 3, ieee1686_2013: 4 }[complexity];
        expect(room < minimumLength || kinds < needed).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(seen.made).toBeGreaterThan(50);
    expect(seen.impossible).toBeGreaterThan(50);
  });

  it('works for every policy that a meter of 4.6.0 takes', () => {
    for (const complexity of COMPLEXITIES)
      for (let minimumLength = 1; minimumLength <= 16; minimumLength += 1) {
        const policy = { complexity, minimumLength };
        if (!allowsPlan(checkPolicy(policy, firmwareVersion('4.6.0')))) continue;
        const password = generated(policy, open, randomBytes);
        expect(
          isAllowed(checkPassword(password, { firmware: firmwareVersion('4.6.0'), policy, clients: [], names: [] })),
        ).toBe(true);
      }
  });

  it('uses the room there is', () => {
    expect(generated(none, open, randomBytes)).toHaveLength(16);
    expect(generated(none, passwordLimits(firmwareVersion('3.0.0'), []), randomBytes)).toHaveLength(6);
    expect(generated(none, passwordLimits(firmwareVersion('3.0.0'), ['standard-security']), randomBytes)).toMatch(
      /^[1-9]\d{7}$/,
    );
  });

  it('leaves out what is mistaken for something else', () => {
    for (let round = 0; round < 200; round += 1)
      expect(generated(none, open, randomBytes)).not.toMatch(/[0O1Il|"'`\\]/);
  });

  it('prefers no character: over all byte values each appears equally often', () => {
    for (const [limits, size] of [
      [open, 84],
      [{ ...open, characters: 'alphanumeric' as const }, 57],
      [{ ...open, characters: 'digits' as const, digits: 16 }, 10],
    ] as const) {
      const counts = new Map<string, number>();
      const fair = 256 - (256 % size);
      for (let byte = 0; byte < fair; byte += 1) {
        const character = generated(none, { ...limits, others: 1, digits: 1 }, (count) =>
          new Uint8Array(count).fill(byte),
        );
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
      expect(counts.size).toBe(size);
      expect(new Set(counts.values()).size).toBe(1);
      for (let byte = fair; byte < 256; byte += 1) {
        const result = generatePassword(none, limits, (count) => new Uint8Array(count).fill(byte));
        expect(result.ok).toBe(false);
      }
    }
  });

  it('has no favourite in a sample of real randomness', () => {
    const counts = new Map<string, number>();
    const samples = 2_000;
    for (let round = 0; round < samples; round += 1) {
      for (const character of generated(none, open, randomBytes)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    const expected = (samples * 16) / counts.size;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(84);
    // 83 degrees of freedom; 160 is exceeded by chance once in a million times.
    expect(chiSquare).toBeLessThan(160);
  });

  it.each([
    ['nothing', () => new Uint8Array()],
    ['always the same rejected byte', (count: number) => new Uint8Array(count).fill(255)],
    ['always the same character', (count: number) => new Uint8Array(count).fill(7)],
  ])('gives up when the source gives %s', (_, source) => {
    const result = generatePassword({ complexity: 'ieee1686_2013', minimumLength: 8 }, open, source);
    expect(result).toMatchObject({ ok: false, problem: { code: 'password/no-randomness' } });
  });
});
