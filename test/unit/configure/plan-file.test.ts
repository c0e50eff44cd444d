import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parsePlan, planJsonSchema, planText } from '../../../electron/configure/plan-file.ts';
import type { Plan } from '../../../shared/domain/change.ts';

const PLANS: readonly Plan[] = [
  { area: 'bacnet', settings: { enabled: true, deviceId: 6022, bbmdAddress: null } },
  {
    area: 'security',
    settings: { complexity: 'nerc_cip_007_5', minimumLength: 8, users: { USER2: { rights: ['read'] } } },
  },
  { area: 'recorders', settings: { recorders: { '6': { depth: 100, sources: ['Freq mean'], interval: 900 } } } },
  { area: 'clock', settings: { set: '2026-11-22T22:30:00Z' } },
];

function codeOf(text: string): string {
  const parsed = parsePlan(text);
  return parsed.ok ? 'ok' : parsed.problem.code;
}

describe('a plan file', () => {
  it.each(PLANS)('is read from JSON and from YAML: $area', (plan) => {
    expect(parsePlan(JSON.stringify(plan))).toEqual({ ok: true, value: plan });
    expect(parsePlan(stringify(plan))).toEqual({ ok: true, value: plan });
  });

  it.each([
    ['nothing', '', 'plan/not-valid'],
    ['a text', 'hello', 'plan/not-valid'],
    ['half a JSON', '{"area": "bacnet", "settings": {', 'plan/unreadable'],
    ['tabs as indentation', 'area: bacnet\nsettings:\n\tdeviceId: 1', 'plan/unreadable'],
    ['an unknown area', '{"area": "wifi", "settings": {}}', 'plan/not-valid'],
    ['an unknown setting', '{"area": "bacnet", "settings": {"deviceid": 1}}', 'plan/not-valid'],
    [
      'a password',
      '{"area": "security", "settings": {"users": {"USER1": {"rights": [], "password": "x"}}}}',
      'plan/not-valid',
    ],
    [
      'a user with another name',
      '{"area": "security", "settings": {"users": {"admin": {"rights": []}}}}',
      'plan/not-valid',
    ],
    ['a number as text', '{"area": "bacnet", "settings": {"deviceId": "6022"}}', 'plan/not-valid'],
    ['references', 'area: bacnet\nsettings: &s\n  enabled: true\nother: *s', 'plan/unreadable'],
    ['two documents', 'area: bacnet\n---\narea: clock\n', 'plan/unreadable'],
    ['two of one key', 'area: bacnet\narea: clock\nsettings: {set: true}', 'plan/unreadable'],
    ['too much', ' '.repeat(2_000_001), 'plan/unreadable'],
  ])('of %s is refused', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('names the place that does not fit', () => {
    const parsed = parsePlan('{"area": "recorders", "settings": {"recorders": {"6": {"depth": "many"}}}}');
    expect(parsed.ok ? '' : parsed.problem.because).toContain('settings.recorders.6.depth');
  });

  it('is read or refused, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'{}[]:-&*!|>%@`"\'#,? \n\tab0') })),
        (text) => {
          expect(['ok', 'plan/unreadable', 'plan/not-valid']).toContain(codeOf(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has a JSON Schema', () => {
    expect(JSON.stringify(planJsonSchema())).toContain('"deviceId"');
  });
});

describe('a plan that is written', () => {
  const plan = {
    area: 'recorders',
    settings: { recorders: { '6': { interval: 900, sources: ['no', '1e3', 'a: b'] } } },
  } as const;
  it.each(['plan.json', 'plan.yaml', 'PLAN.YML'])('is read as the same from %s', (file) => {
    const text = planText(plan, file);
    expect(text.startsWith('{')).toBe(file === 'plan.json');
    expect(parsePlan(text)).toEqual({ ok: true, value: plan });
  });
});
