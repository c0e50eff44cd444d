import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkWishes,
  emptyPlan,
  erasedLogs,
  forManyMeters,
  leaveRecorder,
  ownToOneMeter,
  sayingOf,
  wantsNothing,
  wishBacnet,
  wishRecorder,
  worstOf,
} from '../../../../renderer/features/configure/plans.ts';
import type { Change, RecordersPlan, Setting, SetupPlan } from '../../../../shared/domain/change.ts';
import type { RecorderSettings } from '../../../../shared/domain/settings/recorders/recorder.ts';
import type { RuleRow } from '../../../../shared/domain/settings/rule-row.ts';

const REVENUE: RecorderSettings = {
  interval: 900,
  depth: 3_360,
  bufferDepth: 96,
  sources: ['kWh del int', 'kWh rec int'],
  insertOutageRecords: false,
  mode: 'circular',
  preTrigger: 0,
  postTrigger: 0,
};

describe('wishes', () => {
  it('hold what is to become different and nothing else', () => {
    const now = { deviceId: 7, bbmdAddress: null };
    const wished = wishBacnet({}, now, 'deviceId', 8);
    expect(wished).toEqual({ deviceId: 8 });
    expect(wishBacnet(wished, now, 'deviceId', 7)).toEqual({});
    expect(wishBacnet(wished, now, 'deviceId', undefined)).toEqual({});
    expect(wishBacnet({}, now, 'bbmdAddress', null)).toEqual({});
    expect(wishBacnet({}, {}, 'bbmdAddress', null)).toEqual({ bbmdAddress: null });
  });

  it('of a recorder leave the plan when they are taken back, and do not touch other recorders', () => {
    const other: RecordersPlan = { recorders: { '2': { depth: 9 } } };
    const wished = wishRecorder(other, REVENUE, 1, 'sources', ['kWh rec int', 'kWh del int']);
    expect(wished.recorders['1']).toEqual({ sources: ['kWh rec int', 'kWh del int'] });
    expect(wishRecorder(wished, REVENUE, 1, 'sources', [...REVENUE.sources])).toEqual(other);
    expect(leaveRecorder(wished, 1)).toEqual(other);
    expect(wishRecorder(other, null, 6, 'interval', null).recorders['6']).toEqual({ interval: null });
  });

  it('never hold what the meter has, whatever is typed in whichever order', () => {
    const key = fc.constantFrom('depth', 'bufferDepth', 'preTrigger', 'postTrigger');
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.option(fc.integer({ min: 0, max: 4_000 })))), (typed) => {
        const plan = typed.reduce<RecordersPlan>(
          (before, [name, value]) => wishRecorder(before, REVENUE, 1, name, value ?? undefined),
          { recorders: {} },
        );
        for (const [name, value] of Object.entries(plan.recorders['1'] ?? {})) {
          expect(value).not.toEqual(REVENUE[name as keyof RecorderSettings]);
        }
        expect(plan.recorders['1']).not.toEqual({});
      }),
    );
  });

  it('of an empty plan are none', () => {
    for (const area of ['bacnet', 'security', 'recorders'] as const) expect(wantsNothing(emptyPlan(area))).toBe(true);
    expect(wantsNothing({ area: 'bacnet', settings: { bbmdAddress: null } })).toBe(false);
  });
});

describe('a plan against a reading', () => {
  const setting = (id: string, value: Setting['value'], because?: string): Setting => ({
    id,
    area: 'bacnet',
    label: '',
    value,
    ...(because === undefined ? {} : { because }),
  });

  it('is verified, not there, or not known: what nobody could read is never verified', () => {
    const plan: SetupPlan = {
      area: 'bacnet',
      settings: {
        enabled: true,
        deviceId: 5,
        bbmdAddress: '192.0.2.1',
        deviceMode: 'foreign',
        ethernetDeviceName: 'a',
      },
    };
    const found = checkWishes(plan, [
      setting('enabled', true),
      setting('deviceId', 4),
      // Null is a value: no address.
      setting('bbmdAddress', null),
      setting('deviceMode', 'unread', 'Not mapped.'),
    ]);
    expect(found.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['enabled', 'verified'],
      ['deviceId', 'mismatch'],
      ['bbmdAddress', 'mismatch'],
      ['deviceMode', 'unknown'],
      ['ethernetDeviceName', 'unknown'],
    ]);
    expect(found[3]?.because).toBe('Not mapped.');
  });

  it('takes an empty BBMD port as the standard one', () => {
    const plan: SetupPlan = { area: 'bacnet', settings: { bbmdPort: null } };
    expect(checkWishes(plan, [setting('bbmdPort', 47_808)])).toMatchObject([{ verdict: 'verified' }]);
  });
});

describe('what is said of a field', () => {
  const row = (field: string, verdict: RuleRow['verdict'], rule: RuleRow['rule'] = 'depth'): RuleRow => ({
    field,
    rule,
    verdict,
    because: verdict,
    limit: '',
  });

  it('is what stands in the way first, and one good word where nothing does', () => {
    const rules = [row('a', 'pass'), row('a', 'warn'), row('a', 'block'), row('b', 'pass'), row('b', 'pass')];
    expect(sayingOf(rules, 'a').map(({ verdict }) => verdict)).toEqual(['block', 'warn']);
    expect(sayingOf(rules, 'b')).toHaveLength(1);
    expect(sayingOf(rules, 'c')).toEqual([]);
  });

  it('is as bad as its worst rule', () => {
    const rules = [row('1.depth', 'pass'), row('1.sources', 'unknown'), row('11.depth', 'block')];
    expect(worstOf(rules, (field) => field.startsWith('1.'))).toBe('unknown');
    expect(worstOf(rules, (field) => field === '2')).toBeNull();
  });
});

it('logs that several changes erase are named once, in the order of their recorders', () => {
  const change = (id: string, recorder: number): Change => ({
    id,
    from: 1,
    to: 2,
    channel: 'modbus',
    destroys: [{ recorder, records: 3_360, backup: 'missing' }],
    mayCutConnection: false,
    consequences: [],
  });
  const logs = erasedLogs([change('2.depth', 2), change('1.depth', 1), change('1.interval', 1)]);
  expect(logs.map(({ recorder }) => recorder)).toEqual([1, 2]);
});

it('a plan for many meters has no Device ID and no name', () => {
  const plan: SetupPlan = { area: 'bacnet', settings: { enabled: true, deviceId: 5, ethernetDeviceName: 'a' } };
  expect(ownToOneMeter(plan)).toEqual(['deviceId', 'ethernetDeviceName']);
  expect(forManyMeters(plan)).toEqual({ area: 'bacnet', settings: { enabled: true } });
  const recorders: SetupPlan = { area: 'recorders', settings: { recorders: { '1': { depth: 5 } } } };
  expect(ownToOneMeter(recorders)).toEqual([]);
  expect(forManyMeters(recorders)).toBe(recorders);
});
