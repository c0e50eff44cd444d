import { describe, expect, it } from 'vitest';
import {
  changeResultSchema,
  changeSchema,
  planSchema,
  ruleRowSchema,
  settingSchema,
} from '../../../shared/contract/configure.ts';

const valid = [
  { area: 'bacnet', settings: {} },
  {
    area: 'bacnet',
    settings: {
      enabled: true,
      deviceId: 4194302,
      deviceMode: 'foreign',
      bbmdAddress: '192.0.2.9',
      bbmdPort: null,
      ethernetDeviceName: 'ION7400-173393',
    },
  },
  { area: 'security', settings: { complexity: 'nerc_cip_007_5', minimumLength: 8 } },
  { area: 'security', settings: { users: { USER50: { rights: ['read', 'securityConfig'] } } } },
  { area: 'recorders', settings: { recorders: { '1': { depth: 100 }, '64': { sources: ['kWh del int'] } } } },
  { area: 'recorders', settings: { recorders: { '3': { interval: null, mode: 'stop-when-full', preTrigger: 10 } } } },
  { area: 'clock', settings: { set: true } },
  { area: 'clock', settings: { set: '2026-11-22T22:30:00Z' } },
];

const broken: readonly [string, unknown][] = [
  ['an unknown area', { area: 'network', settings: {} }],
  ['a misspelt key', { area: 'bacnet', settings: { deviceID: 3 } }],
  ['a key beside the settings', { area: 'bacnet', settings: {}, force: true }],
  ['settings of another area', { area: 'bacnet', settings: { complexity: 'none' } }],
  ['text for a number', { area: 'bacnet', settings: { deviceId: '3' } }],
  ['half a number', { area: 'bacnet', settings: { deviceId: 3.5 } }],
  ['a password in a plan', { area: 'security', settings: { users: { USER1: { rights: [], password: 'x' } } } }],
  ['a user that does not exist', { area: 'security', settings: { users: { admin: { rights: [] } } } }],
  ['a right that does not exist', { area: 'security', settings: { users: { USER1: { rights: ['root'] } } } }],
  ['recorder 0', { area: 'recorders', settings: { recorders: { '0': {} } } }],
  ['a recorder without a number', { area: 'recorders', settings: { recorders: { first: {} } } }],
  ['two sources in one', { area: 'recorders', settings: { recorders: { '1': { sources: ['kWh\nkVARh'] } } } }],
  ['a source without a name', { area: 'recorders', settings: { recorders: { '1': { sources: [''] } } } }],
  ['a name of two lines', { area: 'recorders', settings: { recorders: { '1': { name: 'a\r\nb' } } } }],
  ['set: false', { area: 'clock', settings: { set: false } }],
  ['a local time', { area: 'clock', settings: { set: '2026-11-22T22:30:00' } }],
  ['a time with another zone', { area: 'clock', settings: { set: '2026-11-22T22:30:00+01:00' } }],
  ['nothing', null],
];

describe('a plan file', () => {
  it.each(valid.map((plan) => [JSON.stringify(plan), plan] as const))('may be %s', (_, plan) => {
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  it.each(broken)('may not hold %s', (_, plan) => {
    expect(planSchema.safeParse(plan).success).toBe(false);
  });
});

describe('what goes to the page', () => {
  it('carries settings, changes, results and rows', () => {
    const setting = { id: 'deviceId', area: 'bacnet', label: 'setting.bacnet.deviceId', value: 'unread', because: 'x' };
    expect(settingSchema.parse(setting)).toEqual(setting);
    const change = {
      id: '3.depth',
      from: 3360,
      to: 6720,
      channel: 'modbus',
      destroys: [{ recorder: 3, records: null, backup: 'missing' }],
      mayCutConnection: false,
      consequences: ['recorder-log-erased'],
    };
    expect(changeSchema.parse(change)).toEqual(change);
    const result = { id: '3.depth', outcome: 'cannot-be-read-back', because: 'x', before: 3360, after: 'unread' };
    expect(changeResultSchema.parse(result)).toEqual(result);
    const row = { field: 'deviceId', rule: 'device-id-range', verdict: 'pass', because: 'x', limit: '0 to 4194302' };
    expect(ruleRowSchema.parse(row)).toEqual(row);
  });

  it('names only consequences and rules that have a text', () => {
    expect(changeSchema.shape.consequences.safeParse(['surprise']).success).toBe(false);
    expect(ruleRowSchema.shape.rule.safeParse('surprise').success).toBe(false);
  });
});
