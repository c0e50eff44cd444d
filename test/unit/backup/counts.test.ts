import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backupCounts } from '../../../electron/backup/counts.ts';
import type { BackupEvidence, BackupVerification } from '../../../electron/backup/types.ts';
import { BACKUP_ITEM_IDS, BACKUP_ITEM_STATES, type BackupItem, isCovered } from '../../../shared/domain/backup.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { problem } from '../../../shared/domain/problem.ts';
import { CLOCK, IDENTITY } from './fake-meter.ts';

const SAVED: readonly BackupItem[] = BACKUP_ITEM_IDS.map((id) => ({
  id,
  state: 'saved',
  count: 1,
  bytes: 1,
  because: '',
}));
const EVIDENCE: BackupEvidence = {
  format: 'meterwright-backup/1',
  tool: { name: 'Meterwright', version: '0.1.0' },
  by: 'Ada',
  startedAt: '2026-11-22T10:00:00.000Z',
  endedAt: '2026-11-22T10:05:00.000Z',
  host: '192.0.2.7',
  identity: IDENTITY,
  clock: CLOCK,
  items: SAVED,
  gaps: [],
};
const verified = (
  evidence: Partial<BackupEvidence> = {},
  more: Partial<BackupVerification> = {},
): BackupVerification => ({
  verdict: 'verified',
  problems: [],
  fingerprint: 'f',
  evidence: { ...EVIDENCE, ...evidence },
  at: '2026-11-22T10:06:00.000Z',
  files: 1,
  bytes: 1,
  ...more,
});
const asked = { serial: IDENTITY.serial, firmware: IDENTITY.firmware, now: new Date('2026-11-22T12:00:00.000Z') };
const withItem = (item: BackupItem) => SAVED.map((saved) => (saved.id === item.id ? item : saved));

describe('a backup counts before an upgrade', () => {
  it('when it is verified, of this meter and firmware, fresh, and every item is saved', () => {
    expect(backupCounts(verified(), asked)).toMatchObject({ counts: true, fix: '' });
  });

  it('when an item is waived with a reason, which is then named', () => {
    const item: BackupItem = {
      id: 'event-log',
      state: 'waived',
      count: 0,
      bytes: 0,
      because: '',
      waiver: { by: 'Ada', reason: 'none' },
    };
    const found = backupCounts(verified({ items: withItem(item) }), asked);
    expect(found.counts).toBe(true);
    expect(found.because).toContain('event-log');
  });

  it.each([
    [
      'not verified',
      verified(
        {},
        {
          verdict: 'mismatch',
          problems: [problem({ code: 'backup/file-changed', title: 'Changed', because: 'x', nextStep: 'y' })],
        },
      ),
      /Changed: x/,
    ],
    ['unknown', verified({}, { verdict: 'unknown', evidence: null }), /could not be verified/],
    ['of another meter', verified({ identity: { ...IDENTITY, serial: 'OTHER' } }), /OTHER/],
    ['of no known meter', verified({ identity: { ...IDENTITY, serial: null } }), /unknown/],
    [
      'of another firmware',
      verified({ identity: { ...IDENTITY, firmware: firmwareVersion('3.0.0') } }),
      /3\.0\.0.*4\.0\.0/,
    ],
    ['of unknown firmware', verified({ identity: { ...IDENTITY, firmware: null } }), /unknown/],
    ['too old', verified({ startedAt: '2026-11-21T11:59:00.000Z' }), /24 hours/],
    [
      'from the future',
      verified(
        { startedAt: '2026-11-22T13:00:00.000Z', endedAt: '2026-11-22T13:01:00.000Z' },
        { at: '2026-11-22T13:02:00.000Z' },
      ),
      /future/,
    ],
    ['ended in the future', verified({ endedAt: '2026-11-22T13:01:00.000Z' }), /future/],
    ['ended before it started', verified({ endedAt: '2026-11-22T09:00:00.000Z' }), /clock/],
    ['verified before it was sealed', verified({}, { at: '2026-11-22T09:00:00.000Z' }), /not verified after/],
    ['verified in the future', verified({}, { at: '2026-11-23T09:00:00.000Z' }), /not verified after/],
    ['without a word on an item', verified({ items: SAVED.slice(1) }), /identity \(not in the record\)/],
    ['with two words on an item', verified({ items: [...SAVED, ...SAVED.slice(0, 1)] }), /identity/],
    [
      'waived without a reason',
      verified({
        items: withItem({
          id: 'web',
          state: 'waived',
          count: 0,
          bytes: 0,
          because: '',
          waiver: { by: 'A', reason: ' ' },
        }),
      }),
      /web \(waived without a reason\)/,
    ],
  ])('not when it is %s', (_, verification, because) => {
    const found = backupCounts(verification, asked);
    expect(found.counts).toBe(false);
    expect(found.because).toMatch(because);
    expect(found.fix).not.toBe('');
  });

  it('not while the meter does not say who it is now', () => {
    expect(backupCounts(verified(), { ...asked, serial: null }).counts).toBe(false);
    expect(backupCounts(verified(), { ...asked, firmware: null }).counts).toBe(false);
  });

  it('not when the clock of this PC was moved back after the backup', () => {
    const before = new Date('2026-11-22T09:00:00.000Z');
    const found = backupCounts(verified({}, { at: before.toISOString() }), { ...asked, now: before });
    expect(found).toMatchObject({ counts: false });
    expect(found.because).toContain('future');
  });

  it('in spite of a clock that was corrected by seconds', () => {
    const before = new Date('2026-11-22T10:04:30.000Z');
    expect(backupCounts(verified({}, { at: before.toISOString() }), { ...asked, now: before }).counts).toBe(true);
  });

  it('with a limit that may be set; nothing is too fresh for a limit of 0 hours to refuse', () => {
    expect(backupCounts(verified(), { ...asked, maxAgeHours: 2 }).counts).toBe(true);
    expect(backupCounts(verified(), { ...asked, maxAgeHours: 1.9 }).counts).toBe(false);
    expect(backupCounts(verified(), { ...asked, maxAgeHours: Number.NaN }).counts).toBe(false);
  });

  it('exactly when every item is covered, and names each that is not', () => {
    fc.assert(
      fc.property(fc.tuple(...BACKUP_ITEM_IDS.map(() => fc.constantFrom(...BACKUP_ITEM_STATES))), (states) => {
        const items = BACKUP_ITEM_IDS.map((id, index): BackupItem => {
          const state = states[index] ?? 'failed';
          const waiver = state === 'waived' ? { waiver: { by: 'Ada', reason: 'because' } } : {};
          return { id, state, count: 0, bytes: 0, because: '', ...waiver };
        });
        const found = backupCounts(verified({ items }), asked);
        const open = items.filter((item) => !isCovered(item));
        expect(found.counts).toBe(open.length === 0);
        for (const item of open) expect(found.because).toContain(`${item.id} (${item.state})`);
      }),
    );
  });
});
