import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firmwareVersion } from '../../../../shared/domain/firmware-version.ts';
import {
  type BacnetSettings,
  defaultDeviceId,
  defaultDeviceName,
  ipv4Of,
} from '../../../../shared/domain/settings/bacnet.ts';
import { type BacnetFacts, checkBacnet } from '../../../../shared/domain/settings/bacnet-check.ts';
import { allowsPlan } from '../../../../shared/domain/settings/rule-row.ts';

const NOW = firmwareVersion('4.6.0');
const facts: BacnetFacts = { firmware: NOW, mac: '00-60-78-17-33-93', deviceIdTaken: false, before: {} };

function settings(changes: Partial<BacnetSettings> = {}): BacnetSettings {
  return {
    enabled: true,
    deviceId: 4711,
    deviceMode: 'normal',
    bbmdAddress: null,
    bbmdPort: null,
    ethernetDeviceName: 'feeder-7',
    ...changes,
  };
}

function verdictOf(rule: string, changes: Partial<BacnetSettings> = {}, known: Partial<BacnetFacts> = {}) {
  return checkBacnet(settings(changes), { ...facts, ...known }).find((row) => row.rule === rule)?.verdict;
}

describe('what a meter has from the factory', () => {
  it.each(['006078173393', '00:60:78:17:33:93', ' 00-60-78-17-33-93 '])('%s: the example of the documents', (mac) => {
    expect(defaultDeviceId(mac)).toEqual({ ok: true, value: 471_955 });
    expect(defaultDeviceName('ION7400', mac)).toEqual({ ok: true, value: 'ION7400-173393' });
  });

  it.each([
    '',
    '00607817339',
    '0060781733933',
    '00:60:78:17:33',
    '00:60-78:17:33:93',
    '00:60:78:17:33:9g',
    '0060:7817:3393',
    '006078173393 and more',
    '00 60 78 17 33 93',
  ])('%j is no MAC address', (mac) => {
    expect(defaultDeviceId(mac)).toMatchObject({ ok: false, problem: { code: 'bacnet/no-mac-address' } });
    expect(defaultDeviceName('ION7400', mac).ok).toBe(false);
  });

  it('is a Device ID of twenty bits, whatever the first seven digits are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 28 - 1 }), fc.integer({ min: 0, max: 2 ** 20 - 1 }), (high, low) => {
        const mac = high.toString(16).padStart(7, '0') + low.toString(16).padStart(5, '0');
        expect(defaultDeviceId(mac)).toEqual({ ok: true, value: low });
        const spelt = (mac.match(/../g) ?? []).join(':').toUpperCase();
        expect(defaultDeviceId(spelt)).toEqual({ ok: true, value: low });
      }),
    );
  });
});

describe('an IPv4 address', () => {
  it('is four numbers of 0 to 255', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 3, maxLength: 5 }), (parts) => {
        const valid = parts.length === 4 && parts.every((part) => part <= 255);
        expect(ipv4Of(parts.join('.'))).toEqual(valid ? parts : undefined);
      }),
    );
  });

  it.each(['', '1.2.3', '01.2.3.4', '1.2.3.4 ', '1.2.3.4:47808', '::1', 'bbmd', '1.2.3.4\n'])('is not %j', (text) => {
    expect(ipv4Of(text)).toBeUndefined();
  });
});

describe('BACnet/IP settings', () => {
  it('need 4.6.0', () => {
    expect(verdictOf('firmware')).toBe('pass');
    expect(verdictOf('firmware', {}, { firmware: firmwareVersion('4.5.9') })).toBe('block');
  });

  it.each([
    [0, 'pass'],
    [4_194_302, 'pass'],
    [4_194_303, 'block'],
    [4_194_304, 'block'],
    [-1, 'block'],
    [1.5, 'block'],
    [Number.NaN, 'block'],
  ])('Device ID %d: %s', (deviceId, verdict) => {
    expect(verdictOf('device-id-range', { deviceId })).toBe(verdict);
    expect(verdictOf('device-id-unique', { deviceId })).toBe(verdict === 'pass' ? 'pass' : undefined);
  });

  it('say what 4194303 means', () => {
    const row = checkBacnet(settings({ deviceId: 4_194_303 }), facts).find(({ rule }) => rule === 'device-id-range');
    expect(row).toMatchObject({ limit: '0 to 4194302', because: expect.stringContaining('not set up') });
  });

  it.each([
    ['device-id-default', { deviceId: 471_955 }, {}, 'warn'],
    ['device-id-default', { deviceId: 471_956 }, {}, 'pass'],
    ['device-id-default', { deviceId: 471_955 }, { mac: null }, 'unknown'],
    ['device-id-default', { deviceId: 471_955 }, { mac: 'nonsense' }, 'unknown'],
    ['device-id-unique', {}, { deviceIdTaken: null }, 'unknown'],
    ['device-id-unique', {}, { deviceIdTaken: true }, 'block'],
    ['device-id-unique', {}, { deviceIdTaken: false }, 'pass'],
    ['enable', { enabled: false }, {}, 'pass'],
    ['enable', { enabled: true }, {}, 'warn'],
    ['bbmd-needed', { deviceMode: 'foreign' }, {}, 'block'],
    ['bbmd-needed', { deviceMode: 'foreign', bbmdAddress: '192.0.2.9' }, {}, 'pass'],
    ['bbmd-needed', { deviceMode: 'normal', bbmdAddress: '192.0.2.9' }, {}, 'pass'],
    ['bbmd-address', {}, {}, undefined],
    ['bbmd-address', { bbmdAddress: '192.0.2.9' }, {}, 'pass'],
    ['bbmd-address', { bbmdAddress: '' }, {}, 'block'],
    ['bbmd-address', { bbmdAddress: 'bbmd.example' }, {}, 'block'],
    ['bbmd-address', { bbmdAddress: '0.0.0.0' }, {}, 'block'],
    ['bbmd-address', { bbmdAddress: '127.0.0.1' }, {}, 'block'],
    ['bbmd-address', { bbmdAddress: '224.0.0.1' }, {}, 'block'],
    ['bbmd-address', { bbmdAddress: '255.255.255.255' }, {}, 'block'],
    ['bbmd-port', { bbmdPort: null }, {}, 'pass'],
    ['bbmd-port', { bbmdPort: 1 }, {}, 'pass'],
    ['bbmd-port', { bbmdPort: 65_535 }, {}, 'pass'],
    ['bbmd-port', { bbmdPort: 0 }, {}, 'block'],
    ['bbmd-port', { bbmdPort: 65_536 }, {}, 'block'],
    ['bbmd-port', { bbmdPort: 1.5 }, {}, 'block'],
    ['device-name-length', { ethernetDeviceName: 'n'.repeat(49) }, {}, 'pass'],
    ['device-name-length', { ethernetDeviceName: 'n'.repeat(50) }, {}, 'block'],
    ['device-name-length', { ethernetDeviceName: '' }, {}, 'block'],
    ['device-name-length', { ethernetDeviceName: '  ' }, {}, 'block'],
    ['device-name-characters', {}, {}, 'pass'],
    ['device-name-characters', { ethernetDeviceName: 'feeder 7' }, {}, 'warn'],
    ['device-name-characters', { ethernetDeviceName: '-feeder' }, {}, 'warn'],
    ['device-name-characters', { ethernetDeviceName: 'Zähler' }, {}, 'warn'],
    ['device-name-characters', { ethernetDeviceName: 'a\u0000b' }, {}, 'block'],
    ['device-name-characters', { ethernetDeviceName: 'a\u202eb' }, {}, 'block'],
    ['device-name-shared', {}, {}, 'warn'],
    ['device-name-shared', {}, { before: { ethernetDeviceName: 'feeder-7' } }, 'pass'],
    ['device-name-shared', {}, { before: { ethernetDeviceName: 'feeder-8' } }, 'warn'],
  ] as const)('%s with %j and %j: %s', (rule, changes, known, verdict) => {
    expect(verdictOf(rule, changes, known)).toBe(verdict);
  });

  it('are allowed as a whole when nothing is wrong with them', () => {
    const rows = checkBacnet(settings(), { ...facts, before: settings() });
    expect(rows.filter(({ verdict }) => verdict !== 'pass').map(({ rule }) => rule)).toEqual(['enable']);
    expect(allowsPlan(rows)).toBe(true);
    for (const { because } of rows) expect(because).toMatch(/\.$/);
    expect(allowsPlan(checkBacnet(settings({ deviceMode: 'foreign' }), facts))).toBe(false);
  });
});
