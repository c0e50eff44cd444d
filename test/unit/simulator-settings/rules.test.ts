import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { SOURCES } from '../../../simulator/recorders/sources.ts';
import { judgePassword } from '../../../simulator/settings/password-policy.ts';
import {
  FACTORY_RECORDERS,
  recorderAt,
  setupProblem,
  withRecorder,
} from '../../../simulator/settings/recorder-setup.ts';
import { asciiText } from '../../../simulator/settings/rows.ts';
import { changedRecorders, settingsProblem } from '../../../simulator/settings/rules.ts';
import { defaultSettings, macOf } from '../../../simulator/settings/settings.ts';
import { settingsSchema } from '../../../simulator/settings/types.ts';

const NEWEST = firmwareVersion('4.6.0');
const none = { complexity: 0, minimumLength: 1, longest: 16 };
const ieee = { complexity: 1, minimumLength: 6, longest: 16 };
const nerc = { complexity: 2, minimumLength: 6, longest: 16 };

describe('new passwords', () => {
  // 1 accepted, 2 too short, 3 too long, 4 character not allowed, 5 too simple.
  it.each([
    ['Abcde1', nerc, 1],
    ['Abcde1', ieee, 5],
    ['Abcd1!', ieee, 1],
    ['Abcdef12', { ...nerc, minimumLength: 8 }, 1],
    ['Abcdef12', ieee, 5],
    ['abcdefg1', nerc, 5],
    ['ABCdef!@', nerc, 1],
    ['ABCdef!@', ieee, 5],
    ['Aa1!Aa1!Aa1!Aa1!', ieee, 1],
    ['Aa1!Aa1!Aa1!Aa1!x', ieee, 3],
    ['Ab 1!xyz', none, 4],
    ['Äb1!wxyz', none, 4],
    ['Ab1!x', ieee, 2],
    ['', none, 2],
    ['0', none, 1],
  ])('%j under %j: %i', (password, rules, code) => {
    expect(judgePassword(password, rules)).toBe(code);
  });
});

describe('factory settings', () => {
  it('are settings, fit every firmware, and take the vendor-documented numbers from the MAC address', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 2 ** 31 }), (seed) => {
        const settings = defaultSettings({ seed });
        expect(settingsSchema.safeParse(settings).success).toBe(true);
        expect(macOf(seed)).toMatch(/^006078[0-9A-F]{6}$/);
        expect(settings.bacnet.deviceId).toBe(Number.parseInt(macOf(seed), 16) % 0x10_0000);
        expect(settings.deviceName).toBe(`ION7400-${macOf(seed).slice(6)}`);
      }),
    );
    for (const setup of FACTORY_RECORDERS) expect(setupProblem(setup, firmwareVersion('2.0.0'))).toBeUndefined();
  });

  it('differ between the meters of a fleet', () => {
    const ids = Array.from({ length: 1000 }, (_, seed) => defaultSettings({ seed: seed + 1 }).bacnet.deviceId);
    expect(new Set(ids).size).toBe(1000);
  });
});

describe('recorders', () => {
  const numbers = SOURCES.map(({ id }) => id);

  it('have at least 50 sources with names that differ and fit', () => {
    expect(numbers.length).toBeGreaterThanOrEqual(50);
    expect(new Set(SOURCES.map(({ name }) => name)).size).toBe(numbers.length);
    for (const { name } of SOURCES) expect(name).toMatch(/^[ -~]{1,24}$/);
  });

  it('never hold more than 10 MB, and only whole bursts', () => {
    const setups = fc.record({
      depth: fc.nat(400_000),
      preTrigger: fc.nat(3),
      postTrigger: fc.nat(3),
      sources: fc.shuffledSubarray(numbers, { maxLength: 50 }),
    });
    fc.assert(
      fc.property(setups, (change) => {
        const setup = { ...recorderAt({ recorders: [] }, 1), ...change };
        if (setupProblem(setup, NEWEST) !== undefined) return;
        const { depth, preTrigger, postTrigger, sources } = setup;
        expect(depth * (5 * sources.length + 28)).toBeLessThanOrEqual(10_485_760);
        expect(depth % (preTrigger + postTrigger + 1)).toBe(0);
        if (preTrigger + postTrigger > 0) expect(sources.length).toBeLessThanOrEqual(16);
      }),
      { numRuns: 2000 },
    );
  });

  it('that an upgrade made too many may stay, but not grow', () => {
    const outage = { ...recorderAt({ recorders: [] }, 1), insertOutageRecords: true };
    let settings = defaultSettings({ seed: 1 });
    for (let number = 1; number <= 25; number += 1) settings = withRecorder(settings, number, outage);
    const kind = { firmware: NEWEST, featureSet: 'advanced' } as const;
    const slower = withRecorder(settings, 3, { ...outage, interval: 60 });
    expect(settingsProblem(settings, slower, kind)).toBeUndefined();
    expect(settingsProblem(settings, withRecorder(settings, 26, outage), kind)).toContain('Too many');
    expect(changedRecorders(settings, slower)).toEqual([3]);
    expect(changedRecorders(settings, withRecorder(settings, 30, recorderAt(settings, 30)))).toEqual([]);
  });
});

describe('texts', () => {
  it('are ASCII that NUL fills up', () => {
    expect(asciiText([0x4162, 0x6300, 0])).toBe('Abc');
    expect(asciiText([0x4100, 0x4200])).toBeUndefined();
    expect(asciiText([0xc341])).toBeUndefined();
    expect(asciiText([0])).toBe('');
  });
});
