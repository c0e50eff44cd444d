import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diffBackups, diffWithMeter } from '../../../electron/backup/diff/diff.ts';
import { takeBackup } from '../../../electron/backup/take.ts';
import type { BackupDiff } from '../../../electron/backup/types.ts';
import type { RegisterValue } from '../../../electron/meter/types.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { ok } from '../../../shared/domain/problem.ts';
import {
  ENERGY,
  type FakeMeter,
  FULL,
  failure,
  fakeMeter,
  IDENTITY,
  newKey,
  row,
  temporaryFolder,
  VALUES,
} from './fake-meter.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

const key = newKey();

async function take(fake: FakeMeter, attach: readonly string[] = []): Promise<string> {
  const request = { out: folder.path, attach, waive: [], by: 'Ada' };
  const taken = await takeBackup(fake.meter, request, { key, toolVersion: '0.1.0' });
  if (!taken.ok) throw new Error(taken.problem.because);
  return taken.value.bag;
}

function diffOf(result: Result<BackupDiff>): BackupDiff {
  if (!result.ok) throw new Error(result.problem.because);
  return result.value;
}

const replace = (id: string, more: Partial<RegisterValue>) =>
  VALUES.map((value) => (value.row.id === id ? { ...value, ...more } : value));
/** Identity with 8 known fields, 4 registers outside of the live group, 8 files. */
const COMPARED = 8 + 4 + 8;

describe('two backups of an unchanged meter', () => {
  it('do not differ, and the number of compared values is told', async () => {
    const fake = fakeMeter(FULL);
    const diff = diffOf(await diffBackups(await take(fake), await take(fake)));
    expect(diff.different).toEqual([]);
    expect(diff.compared).toBe(COMPARED);
  });

  it('still name what neither of them has', async () => {
    const fake = fakeMeter(FULL);
    const diff = diffOf(await diffBackups(await take(fake), await take(fake)));
    const ids = diff.unread.map((entry) => entry.id);
    expect(ids).toEqual(
      expect.arrayContaining(['recorder-logs', 'event-log', 'ion-setup-exports', 'identity/commercialReference']),
    );
  });
});

describe('two backups of a changed meter', () => {
  it('differ in setup with value and unit, in energies, and not in live values', async () => {
    const fake = fakeMeter(FULL);
    const a = await take(fake);
    fake.values = replace('ct-primary', { value: 600 }).map((value) => {
      if (value.row.id === 'current-a') return { ...value, value: 99 };
      return value.row.id === ENERGY.row.id ? { ...value, value: 9_007_199_254_740_994n } : value;
    });
    fake.identity = ok({ ...IDENTITY, firmware: { major: 4, minor: 6, patch: 0 } });
    const diff = diffOf(await diffBackups(a, await take(fake)));
    expect(diff.different).toEqual([
      { id: 'identity/firmware', label: 'Firmware', a: '4.0.0', b: '4.6.0' },
      { id: 'register/ct-primary', label: 'Label of ct-primary', a: '400 A', b: '600 A' },
      {
        id: 'register/active-energy-delivered',
        label: 'Label of active-energy-delivered (counts on by itself)',
        a: '9007199254740993 Wh',
        b: '9007199254740994 Wh',
      },
    ]);
    expect(diff.compared).toBe(COMPARED);
  });

  it('differ in files by their content, and by what is there', async () => {
    const fake = fakeMeter(FULL);
    const a = await take(fake);
    fake.files.set('web/default/index.html', Buffer.from('<HTML></html>'));
    fake.files.delete('IEC61850/meter.cid');
    fake.files.set('IEC61850/other.cid', Buffer.from('x'));
    const { different } = diffOf(await diffBackups(a, await take(fake)));
    expect(different.map((entry) => entry.id)).toEqual([
      'file/web/default/index.html',
      'file/IEC61850/meter.cid',
      'file/IEC61850/other.cid',
    ]);
    expect(different[1]?.b).toBe('not there');
    expect(different[2]?.a).toBe('not there');
  });

  it('name a register or a file that one of them could not read, and do not call it a difference', async () => {
    const fake = fakeMeter(FULL);
    const a = await take(fake);
    fake.values = VALUES.filter((value) => value.row.id !== 'ct-primary');
    fake.unread = [
      { row: row({ id: 'ct-primary', register: 2000, type: 'uint16', group: 'setup' }), because: 'Timeout.' },
    ];
    fake.onDownload = (path) => (path === 'web/default/index.html' ? failure('sftp/timeout') : ok(undefined));
    const b = await take(fake);
    for (const diff of [diffOf(await diffBackups(a, b)), diffOf(await diffBackups(b, a))]) {
      expect(diff.different).toEqual([]);
      expect(diff.compared).toBe(COMPARED - 2);
      expect(diff.unread).toContainEqual({
        id: 'register/ct-primary',
        label: 'Label of ct-primary',
        because: 'Timeout.',
      });
      expect(diff.unread.map((entry) => entry.id)).toContain('file/web/default/index.html');
    }
  });

  it('compare attached files by name', async () => {
    const fake = fakeMeter(FULL);
    const path = join(folder.path, 'template.dcf');
    await writeFile(path, 'one');
    const a = await take(fake, [path]);
    await writeFile(path, 'two');
    const { different } = diffOf(await diffBackups(a, await take(fake, [path])));
    expect(different.map((entry) => entry.id)).toEqual(['file/template.dcf']);
  });
});

describe('a comparison that would be worth nothing', () => {
  it('of a changed bag is refused', async () => {
    const fake = fakeMeter(FULL);
    const [a, b] = [await take(fake), await take(fake)];
    await rm(join(b, 'data', 'web', 'index.json'));
    expect(await diffBackups(a, b)).toMatchObject({ ok: false, problem: { code: 'backup/diff-unverified' } });
    expect(await diffBackups(b, a)).toMatchObject({ ok: false, problem: { code: 'backup/diff-unverified' } });
  });
});

describe('a backup and the meter', () => {
  it('do not differ when nothing changed; what cannot be compared is named', async () => {
    const fake = fakeMeter(FULL);
    const diff = diffOf(await diffWithMeter(await take(fake), fake.meter));
    expect(diff.different).toEqual([]);
    expect(diff.compared).toBe(COMPARED);
    expect(diff.unread.map((entry) => entry.id)).toEqual(
      expect.arrayContaining(['ion-setup-exports', 'recorder-logs', 'event-log']),
    );
  });

  it('differ in a file of the same size and in one of another size', async () => {
    const fake = fakeMeter(FULL);
    const a = await take(fake);
    fake.files.set('web/default/index.html', Buffer.from('<HTML></html>'));
    fake.files.set('documents/site-plan.pdf', Buffer.from('much longer than before'));
    const { different } = diffOf(await diffWithMeter(a, fake.meter));
    expect(different.map((entry) => entry.id)).toEqual(['file/documents/site-plan.pdf', 'file/web/default/index.html']);
    expect(different[0]).toMatchObject({ a: '8 bytes', b: '23 bytes' });
    expect(different[1]?.a).toMatch(/SHA-256/);
  });

  it('say what the meter does not give', async () => {
    const fake = fakeMeter(FULL);
    const a = await take(fake);
    fake.sftpFailure = failure('sftp/refused');
    const diff = diffOf(await diffWithMeter(a, fake.meter));
    expect(diff.compared).toBe(COMPARED - 8);
    expect(diff.unread.filter((entry) => entry.label.endsWith('of the meter')).map((entry) => entry.id)).toEqual(
      expect.arrayContaining(['comtrade', 'documents', 'web', 'iec61850']),
    );
  });

  it('are not compared when the meter does not answer', async () => {
    const fake = fakeMeter(FULL);
    const a = await take(fake);
    fake.identity = failure('modbus/timeout');
    expect(await diffWithMeter(a, fake.meter)).toMatchObject({ ok: false, problem: { code: 'modbus/timeout' } });
  });
});
