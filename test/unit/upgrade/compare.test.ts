import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSnapshots } from '../../../electron/upgrade/compare.ts';
import type { SnapshotValue, UpgradeSnapshot } from '../../../electron/upgrade/snapshot.ts';
import { overallVerdict } from '../../../shared/domain/verdict.ts';
import { METER } from './arbitraries.ts';

const TARGET = { major: 4, minor: 6, patch: 0 };
const energy = (id: string, value: string | null): SnapshotValue => ({
  id,
  label: id,
  group: 'energy',
  type: 'int64',
  value,
});
const setting = (id: string, value: string | number | null): SnapshotValue => ({
  id,
  label: id,
  group: 'setup',
  type: 'uint16',
  value,
});

const BEFORE: UpgradeSnapshot = {
  format: 'meterwright-snapshot/1',
  takenAt: '2026-01-01T00:00:00.000Z',
  identity: METER,
  clock: {
    meterUtc: '2026-01-01T00:00:00.000Z',
    pcUtc: '2026-01-01T00:00:00.000Z',
    offsetSeconds: 0,
    uncertaintySeconds: 1,
    source: 'date-time-registers',
    because: '',
  },
  values: [
    energy('active-energy-delivered', '900719925474099312345'.slice(0, 18)),
    energy('active-energy-delivered-minus-received', '5'),
    setting('baud', 9600),
  ],
  unread: [],
};
const AFTER: UpgradeSnapshot = { ...BEFORE, identity: { ...METER, firmware: TARGET } };
const replaced = (id: string, value: string | number | null): UpgradeSnapshot => ({
  ...AFTER,
  values: AFTER.values.map((row) => (row.id === id ? { ...row, value } : row)),
});
const verdictOf = (after: UpgradeSnapshot, id: string): string | undefined =>
  compareSnapshots(BEFORE, after, TARGET).find((finding) => finding.id === id)?.verdict;

describe('what an upgrade is compared with', () => {
  it('is verified when everything is as it should be, and says how much was compared', () => {
    const findings = compareSnapshots(BEFORE, AFTER, TARGET);
    expect(overallVerdict(findings)).toBe('verified');
    expect(findings.find(({ id }) => id === 'settings')?.because).toContain('1 settings compared, 0 could not be read');
  });

  it.each<[string, string, UpgradeSnapshot, string]>([
    ['the old firmware', 'firmware', { ...AFTER, identity: METER }, 'mismatch'],
    ['a firmware that cannot be read', 'firmware', { ...AFTER, identity: { ...METER, firmware: null } }, 'unknown'],
    ['another serial number', 'serial', { ...AFTER, identity: { ...AFTER.identity, serial: 'S2' } }, 'mismatch'],
    [
      'a serial number that cannot be read',
      'serial',
      { ...AFTER, identity: { ...AFTER.identity, serial: null } },
      'unknown',
    ],
    [
      'an energy that is one smaller, beyond 2^53',
      'energies',
      replaced('active-energy-delivered', '900719925474099311'),
      'mismatch',
    ],
    ['an energy that is one larger', 'energies', replaced('active-energy-delivered', '900719925474099313'), 'verified'],
    ['an energy that is gone', 'energies', replaced('active-energy-delivered', null), 'unknown'],
    ['a net energy that is smaller', 'energies', replaced('active-energy-delivered-minus-received', '-4'), 'verified'],
    ['a clock that jumped an hour', 'clock', { ...AFTER, clock: { ...AFTER.clock, offsetSeconds: 3600 } }, 'mismatch'],
    ['a clock that drifted a little', 'clock', { ...AFTER, clock: { ...AFTER.clock, offsetSeconds: -4 } }, 'verified'],
    ['a clock that cannot be read', 'clock', { ...AFTER, clock: { ...AFTER.clock, offsetSeconds: null } }, 'unknown'],
    ['a setting that changed', 'settings', replaced('baud', 19200), 'mismatch'],
    ['a setting that is gone', 'settings', replaced('baud', null), 'unknown'],
    ['no setting at all', 'settings', { ...AFTER, values: [] }, 'unknown'],
  ])('%s', (_, id, after, verdict) => {
    expect(verdictOf(after, id)).toBe(verdict);
  });

  it('does not know a version that the package does not name', () => {
    expect(compareSnapshots(BEFORE, AFTER, null)[0]?.verdict).toBe('unknown');
  });

  it('never calls a smaller energy verified', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (was, is) => {
          const before = { ...BEFORE, values: [energy('active-energy-delivered', was.toString())] };
          const after = { ...AFTER, values: [energy('active-energy-delivered', is.toString())] };
          const finding = compareSnapshots(before, after, TARGET).find(({ id }) => id === 'energies');
          expect(finding?.verdict).toBe(is < was ? 'mismatch' : 'verified');
        },
      ),
    );
  });
});
