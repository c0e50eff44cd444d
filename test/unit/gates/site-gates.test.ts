import { describe, expect, it } from 'vitest';
import type { GateFacts } from '../../../electron/upgrade/gates/facts.ts';
import { gateFacts, gateOf, IDENTITY } from './facts.ts';

describe('revenue-lock', () => {
  it.each([
    ['unlocked', 'pass'],
    ['locked', 'block'],
    ['pending', 'block'],
    [null, 'unknown'],
  ] as const)('%s is %s', (revenueLock, verdict) => {
    for (const target of ['main', 'option-module', 'remote-display'] as const) {
      expect(gateOf('revenue-lock', gateFacts({ revenueLock, target })).verdict).toBe(verdict);
    }
    expect(gateOf('revenue-lock', gateFacts({ revenueLock, target: 'web-pages' })).verdict).toBe('pass');
  });

  it('advises a power cycle for a pending change and the LED where the meter does not say', () => {
    expect(gateOf('revenue-lock', gateFacts({ revenueLock: 'pending' })).fix).toContain('Cycle the power');
    expect(gateOf('revenue-lock', gateFacts({ revenueLock: null })).fix).toContain('LED');
  });
});

describe('backup-fresh', () => {
  it('blocks without a backup, and with one that does not count, for the reason that was found', () => {
    expect(gateOf('backup-fresh', gateFacts({ backup: null })).verdict).toBe('block');
    const backup = { counts: false, because: 'It is 9 days old.', fix: 'Take a new one.', bag: '/b' };
    expect(gateOf('backup-fresh', gateFacts({ backup }))).toEqual({
      id: 'backup-fresh',
      verdict: 'block',
      because: 'It is 9 days old.',
      fix: 'Take a new one.',
    });
    const silent = gateOf('backup-fresh', gateFacts({ backup: { ...backup, because: '', fix: ' ' } }));
    expect(silent.because).not.toBe('');
    expect(silent.fix).not.toBe('');
  });

  it('passes one that counts', () => {
    expect(gateOf('backup-fresh', gateFacts()).verdict).toBe('pass');
  });
});

describe('free-sockets', () => {
  it.each([
    [{ used: 6, of: 8 }, 'pass'],
    [{ used: 7, of: 8 }, 'warn'],
    [{ used: 8, of: 8 }, 'warn'],
    [{ used: 0, of: 0 }, 'pass'],
    [{ used: Number.NaN, of: 8 }, 'pass'],
    [null, 'pass'],
  ] as const)('%j is %s', (connections, verdict) => {
    expect(gateOf('free-sockets', gateFacts({ connections })).verdict).toBe(verdict);
  });

  it('asks nothing that a real meter cannot answer', () => {
    expect(gateOf('free-sockets', gateFacts({ connections: null })).because).toContain('does not say');
  });
});

describe('clock-offset', () => {
  const { clock } = gateFacts();
  it.each([
    [0, 0.5, 'pass'],
    [60, 0.5, 'pass'],
    [60.1, 0.5, 'warn'],
    [-61, 0.5, 'warn'],
    [0, 61, 'warn'],
    [3, null, 'pass'],
    [null, null, 'warn'],
    [Number.NaN, 1, 'warn'],
  ] as const)('%s s ± %s s is %s', (offsetSeconds, uncertaintySeconds, verdict) => {
    const facts = gateFacts({ clock: { ...clock, offsetSeconds, uncertaintySeconds } });
    expect(gateOf('clock-offset', facts).verdict).toBe(verdict);
  });

  it('says which clock is behind', () => {
    expect(gateOf('clock-offset', gateFacts({ clock: { ...clock, offsetSeconds: -75.25 } })).because).toBe(
      'The clock of the meter is 75.3 s behind this PC (± 0.5 s); the limit is 60 s.',
    );
  });
});

describe('laptop', () => {
  const low = { onBattery: true, batteryPercent: 29 };
  it.each<[string, Partial<GateFacts>, string]>([
    ['all is well', {}, 'pass'],
    ['exactly enough room', { freeBytes: 1_000_000_000 }, 'pass'],
    ['one byte too little room', { freeBytes: 999_999_999 }, 'block'],
    ['too little room and everything else bad', { freeBytes: 0, power: low, keepAwakeAvailable: false }, 'block'],
    ['unreadable room', { freeBytes: null }, 'warn'],
    ['no number of bytes', { freeBytes: Number.NaN }, 'warn'],
    ['29 % on battery', { power: low }, 'warn'],
    ['30 % on battery', { power: { onBattery: true, batteryPercent: 30 } }, 'pass'],
    ['5 % on mains', { power: { onBattery: false, batteryPercent: 5 } }, 'pass'],
    ['a battery of unknown charge', { power: { onBattery: true, batteryPercent: null } }, 'warn'],
    ['a desktop', { power: { onBattery: false, batteryPercent: null } }, 'pass'],
    ['unknown power', { power: { onBattery: null, batteryPercent: null } }, 'unknown'],
    ['a PC that cannot be kept awake', { keepAwakeAvailable: false }, 'warn'],
  ])('%s', (_name, changes, verdict) => {
    expect(gateOf('laptop', gateFacts(changes)).verdict).toBe(verdict);
  });

  it('names everything that is lacking at once', () => {
    const gate = gateOf('laptop', gateFacts({ freeBytes: null, power: low, keepAwakeAvailable: false }));
    expect(gate.because).toMatch(/disk.*battery at 29 %.*sleep/);
    expect(gate.fix).toMatch(/room.*Plug.*sleep/);
  });
});

describe('default-password', () => {
  it.each([
    [0, 'pass'],
    [1, 'warn'],
    [50, 'warn'],
    [null, 'pass'],
    [Number.NaN, 'pass'],
  ] as const)('%s users is %s', (defaultPasswords, verdict) => {
    expect(gateOf('default-password', gateFacts({ defaultPasswords })).verdict).toBe(verdict);
  });

  it('does not say that there is none where the meter does not say', () => {
    expect(gateOf('default-password', gateFacts({ defaultPasswords: null })).because).toContain('does not say');
    expect(gateOf('default-password', gateFacts({ defaultPasswords: 1 })).because).toContain('1 user of the meter has');
  });
});

describe('channel-permitted', () => {
  const folder = { path: 'optionModuleUpg', provenance: 'vendor-documented', listed: true, because: '' } as const;
  const judge = (changes: Parameters<typeof gateFacts>[0]) =>
    gateOf('channel-permitted', gateFacts({ channel: 'sftp-direct', ...changes }));
  const simulated = { ...IDENTITY, simulated: true };

  it('passes for the hand-off, and for a documented folder that the meter lists', () => {
    expect(judge({ channel: 'ion-setup' }).verdict).toBe('pass');
    expect(judge({ folder, target: 'option-module' }).verdict).toBe('pass');
  });

  it('blocks an invented folder on a real meter, even when the meter lists one of that name', () => {
    const invented = { ...folder, path: 'firmwareUpg', provenance: 'simulated' } as const;
    expect(judge({ folder: invented })).toMatchObject({ verdict: 'block', fix: expect.stringContaining('ion-setup') });
    expect(judge({ folder: invented, identity: simulated }).verdict).toBe('pass');
  });

  it('blocks a folder that the meter does not list or nobody knows, and does not guess without a login', () => {
    expect(judge({ folder: { ...folder, listed: false } }).verdict).toBe('block');
    expect(judge({ folder: null }).verdict).toBe('block');
    expect(judge({ folder: { ...folder, listed: null, because: 'No login.' } })).toMatchObject({
      verdict: 'unknown',
      because: expect.stringContaining('No login.'),
    });
  });
});
