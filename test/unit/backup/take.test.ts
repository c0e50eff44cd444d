import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeBackup } from '../../../electron/backup/take.ts';
import type { BackupProgress } from '../../../electron/backup/types.ts';
import { verifyBackup } from '../../../electron/backup/verify.ts';
import { BACKUP_ITEM_IDS } from '../../../shared/domain/backup.ts';
import { ok } from '../../../shared/domain/problem.ts';
import { ENERGY, FULL, failure, fakeMeter, IDENTITY } from './fake-meter.ts';

import { folder, key, options, out, problemCode, request, take } from './take-place.ts';

describe('a backup of a meter that gives everything', () => {
  it('gets the name of its meter and moment, is verified from disk, and is alone in its folder', async () => {
    const { bag, verified, fingerprint } = await take();
    expect(bag).toBe(join(out, 'MW-2211A001-01_4.0.0_20261122T100005Z'));
    expect(verified).toBe(true);
    expect(await verifyBackup(bag, { trustedKey: key })).toMatchObject({
      verdict: 'verified',
      problems: [],
      fingerprint,
    });
    expect(await readdir(out)).toEqual(['MW-2211A001-01_4.0.0_20261122T100005Z']);
  });

  it('names every item once, in order, with an honest state', async () => {
    const { items } = await take();
    expect(items.map((item) => item.id)).toEqual([...BACKUP_ITEM_IDS]);
    const states = Object.fromEntries(items.map((item) => [item.id, item.state]));
    expect(states).toEqual({
      identity: 'saved',
      clock: 'saved',
      registers: 'saved',
      energies: 'saved',
      comtrade: 'saved',
      documents: 'saved',
      web: 'saved',
      iec61850: 'saved',
      'ion-setup-exports': 'unreachable',
      'recorder-logs': 'unreachable',
      'event-log': 'unreachable',
    });
    expect(items.find((item) => item.id === 'recorder-logs')?.problem?.nextStep).toContain('ION Setup');
  });

  it('keeps every digit of 64-bit energies, the raw words and the provenance', async () => {
    const { json } = await take();
    const energies = await json('energies/energies.json');
    expect(energies.values).toHaveLength(1);
    expect(energies.values[0]).toMatchObject({
      id: ENERGY.row.id,
      value: '9007199254740993',
      raw: [32, 0, 0, 1],
      unit: 'Wh',
      provenance: 'public-evidence',
    });
    const registers = await json('registers/registers.json');
    expect(registers.values).toHaveLength(5);
    expect(registers.values[3]).toMatchObject({ value: null, unavailable: true, raw: [0xffff] });
  });

  it('writes the record that an auditor reads', async () => {
    const { text } = await take();
    const evidence = JSON.parse(await text('evidence.json'));
    expect(evidence).toMatchObject({
      format: 'meterwright-backup/1',
      tool: { name: 'Meterwright', version: '0.1.0' },
      by: 'Ada Technician',
      host: '192.0.2.7',
      identity: IDENTITY,
      clock: { offsetSeconds: -1 },
    });
    expect(evidence.gaps.join('\n')).toMatch(/recorder-logs:.*event-log:.*Passwords/s);
    expect(await text('bag-info.txt')).toMatch(/^External-Identifier: MW-2211A001-01$/m);
    expect(await text('bag-info.txt')).toMatch(/^Bagging-Date: 2026-11-22$/m);
    expect(await text('bag-info.txt')).toMatch(/^Bag-Software-Agent: Meterwright 0\.1\.0$/m);
  });

  it('tells every step in order', async () => {
    const seen: BackupProgress[] = [];
    await takeBackup(fakeMeter(FULL).meter, request(), { ...options, onProgress: (progress) => seen.push(progress) });
    const steps = [...new Set(seen.map((progress) => progress.item))];
    expect(steps).toEqual([...BACKUP_ITEM_IDS, 'seal', 'verify']);
    const indices = seen.map((progress) => progress.step.index);
    expect(indices).toEqual([...indices].sort((a, b) => a - b));
    expect(seen.at(-1)?.step).toEqual({ index: 13, count: 13 });
  });
});

describe('what a meter does not give', () => {
  it('is partial when registers were not read', async () => {
    const fake = fakeMeter(FULL);
    fake.unread = [{ row: ENERGY.row, because: 'Timeout.' }];
    fake.values = fake.values.filter((value) => value.row.id !== ENERGY.row.id);
    const { item } = await take(fake);
    expect(item('registers')).toMatchObject({ state: 'partial', count: 4, expected: 5 });
    expect(item('energies')).toMatchObject({ state: 'failed', count: 0, expected: 1 });
  });

  it('says that the clock could not be read, in the item and in the record', async () => {
    const fake = fakeMeter(FULL);
    fake.clock = failure('modbus/timeout');
    const { item, text } = await take(fake);
    expect(item('clock')?.state).toBe('unreachable');
    expect(JSON.parse(await text('evidence.json')).clock).toMatchObject({ meterUtc: null, source: 'none' });
  });

  it('has no serial number: the bag is sealed, but the identity is not covered', async () => {
    const fake = fakeMeter(FULL);
    fake.identity = ok({ ...IDENTITY, serial: null, firmware: null });
    const { item, bag, text } = await take(fake);
    expect(item('identity')?.state).toBe('partial');
    expect(bag).toContain('serial-unknown_firmware-unknown_');
    expect(await text('bag-info.txt')).not.toContain('External-Identifier');
  });

  it.each([
    ['sftp/refused', 'unreachable'],
    ['sftp/wrong-credentials', 'failed'],
  ])('has no file server (%s): those items are %s, the others go on', async (code, state) => {
    const fake = fakeMeter(FULL);
    fake.sftpFailure = failure(code);
    const { item } = await take(fake);
    for (const id of ['comtrade', 'documents', 'web', 'iec61850'] as const) {
      expect(item(id)).toMatchObject({ state, count: 0, problem: { code } });
    }
    expect(item('registers')?.state).toBe('saved');
  });

  it('shows no folder: nothing to lose, but of waveforms nobody knows', async () => {
    const { item } = await take(fakeMeter({ 'web/index.html': 'x' }));
    expect(item('documents')).toMatchObject({ state: 'saved', count: 0 });
    expect(item('comtrade')).toMatchObject({ state: 'unreachable', count: 0 });
  });
});

describe('waveforms', () => {
  it('are partial when half of a record is missing', async () => {
    const { item } = await take(fakeMeter({ 'COMTRADE/a.cfg': '1', 'COMTRADE/A.DAT': '2', 'COMTRADE/b.dat': '3' }));
    expect(item('comtrade')).toMatchObject({ state: 'partial', count: 3 });
    expect(item('comtrade')?.because).toContain('COMTRADE/b.dat');
  });

  it('that are recorded while the folder is read are saved, too', async () => {
    const cfg = FULL['COMTRADE/cmt0__00001.cfg'] ?? '';
    const dat = FULL['COMTRADE/cmt0__00001.dat'] ?? '';
    const fake = fakeMeter({ 'COMTRADE/a.cfg': cfg, 'COMTRADE/a.dat': dat });
    fake.onDownload = () => {
      fake.files.set('COMTRADE/late.cfg', Buffer.from(cfg, 'latin1'));
      fake.files.set('COMTRADE/late.dat', Buffer.from(dat, 'latin1'));
      return ok(undefined);
    };
    const { item, json } = await take(fake);
    expect(item('comtrade')).toMatchObject({ state: 'saved', count: 4 });
    const index = await json('comtrade/index.json');
    expect(index.files.map((file: { original: string }) => file.original)).toContain('COMTRADE/late.dat');
  });

  it('that fail once are read again; that fail twice are named, and the other files are saved', async () => {
    const fake = fakeMeter(FULL);
    let first = true;
    fake.onDownload = (path) => {
      if (path.endsWith('00002.dat')) return failure('sftp/timeout', 'No answer.');
      const refused = first;
      first = false;
      return refused ? failure('sftp/closed') : ok(undefined);
    };
    const { item, json, verified } = await take(fake);
    expect(verified).toBe(true);
    expect(item('comtrade')).toMatchObject({ state: 'partial', count: 3, expected: 4 });
    expect((await json('comtrade/index.json')).missed).toEqual([
      { original: 'COMTRADE/cmt0__00002.dat', because: 'It failed: No answer.' },
    ]);
    expect(item('documents')?.state).toBe('saved');
  });

  it('are not tried for ever when the connection is gone', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`COMTRADE/r${n}.cfg`, 'x']));
    const fake = fakeMeter(many);
    let tries = 0;
    fake.onDownload = () => {
      tries += 1;
      return failure('sftp/closed');
    };
    const { item } = await take(fake);
    expect(item('comtrade')).toMatchObject({ state: 'failed', count: 0, expected: 40 });
    expect(tries).toBeLessThanOrEqual(20);
  });
});

describe('names of files from the meter', () => {
  const HOSTILE = [
    'CON',
    'nul.txt',
    'com1.cfg',
    'Report.pdf',
    'REPORT.PDF',
    'report.pdf',
    'trailing.',
    'trailing ',
    'a:stream',
    'tab\there',
    'line\nbreak',
    'per%cent%0A',
    'Zähler.txt',
    '-rf',
    '.hidden',
    '~home',
    `${'x'.repeat(300)}.dat`,
    `${'x'.repeat(300)}y.dat`,
    '\u202egnp.exe',
  ];

  it('become names that every system takes, none twice, with the original in the index', async () => {
    const { bag, item, json } = await take(
      fakeMeter(Object.fromEntries(HOSTILE.map((name, n) => [`documents/${name}`, `content ${n}`]))),
    );
    expect(item('documents')).toMatchObject({ state: 'saved', count: HOSTILE.length });
    const onDisk = await readdir(join(bag, 'data', 'documents', 'files'));
    expect(new Set(onDisk.map((name) => name.toLowerCase())).size).toBe(HOSTILE.length);
    for (const name of onDisk) {
      expect(name).toMatch(/^[A-Za-z0-9_\-~+=@,()][A-Za-z0-9._\-~+=@,()]{0,79}$/);
      expect(name).not.toMatch(/[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
    }
    const index: { files: { original: string; local: string }[] } = await json('documents/index.json');
    for (const [n, name] of HOSTILE.entries()) {
      const local = index.files.find((file) => file.original === `documents/${name}`)?.local ?? '';
      expect(await readFile(join(bag, 'data', local), 'utf8')).toBe(`content ${n}`);
    }
  });

  it('that lead elsewhere, links and deep folders are named as missing', async () => {
    const fake = fakeMeter({
      'documents/..|..|evil.txt': 'x',
      'documents/a/b/ok.txt': 'kept',
      'documents/a/b/c/deep.txt': 'x',
    });
    fake.links.add('documents/link');
    const { item, json } = await take(fake);
    expect(item('documents')).toMatchObject({ state: 'partial', count: 1 });
    const { missed } = await json('documents/index.json');
    expect(missed.map((entry: { original: string }) => entry.original).sort()).toEqual([
      'documents/../../evil.txt',
      'documents/a/b/c',
      'documents/link',
    ]);
    expect(await readdir(folder.path)).toEqual(['out']);
  });

  it('keep folders that differ in case apart', async () => {
    const { bag, item } = await take(fakeMeter({ 'web/A/x': '1', 'web/a/x': '2', 'web/A/y': '3' }));
    expect(item('web')).toMatchObject({ state: 'saved', count: 3 });
    const folders = await readdir(join(bag, 'data', 'web', 'files'));
    expect(new Set(folders.map((name) => name.toLowerCase())).size).toBe(2);
  });

  it('of the meter itself cannot move the backup elsewhere', async () => {
    const fake = fakeMeter(FULL);
    fake.identity = ok({ ...IDENTITY, serial: '../../../tmp/x\r\nPayload-Oxum: 1.1' });
    const { bag, verified } = await take(fake);
    expect(verified).toBe(true);
    expect(join(bag, '..')).toBe(out);
  });
});

describe('attached files', () => {
  it('are copied byte for byte, recognised, and bound to the meter', async () => {
    const scf = join(folder.path, 'Main intake.SCF');
    const other = join(folder.path, 'notes.txt');
    await writeFile(scf, Buffer.from([0, 255, 1, 254]));
    await writeFile(other, 'logs');
    const { item, bag, json, text } = await take(fakeMeter(FULL), { attach: [scf, other] });
    expect(item('ion-setup-exports')).toMatchObject({ state: 'saved', count: 2, expected: 2 });
    expect(item('ion-setup-exports')?.because).toContain('device template (.dcf)');
    const copy = await readFile(join(bag, 'data', 'ion-setup-exports', 'files', 'Main_intake.SCF'));
    expect([...copy]).toEqual([0, 255, 1, 254]);
    expect(await json('ion-setup-exports/sidecars/Main_intake.SCF.json')).toMatchObject({
      original: 'Main intake.SCF',
      kind: 'security-configuration',
      holdsSecrets: true,
      serial: 'MW-2211A001-01',
      firmware: '4.0.0',
      attachedBy: 'Ada Technician',
      size: 4,
    });
    expect(await text('evidence.json')).not.toContain(folder.path);
  });

  it('of the same name in two folders are both kept', async () => {
    await mkdir(join(folder.path, 'b'));
    const paths = [join(folder.path, 'x.dcf'), join(folder.path, 'b', 'X.dcf')];
    for (const path of paths) await writeFile(path, path);
    const { bag } = await take(fakeMeter(FULL), { attach: paths });
    expect(await readdir(join(bag, 'data', 'ion-setup-exports', 'files'))).toHaveLength(2);
  });

  it.each(['missing', 'a folder', 'empty', 'larger than 2 GiB'])(
    'that cannot be read (%s) are said before the meter is touched',
    async (kind) => {
      const path = join(folder.path, 'export.dcf');
      if (kind === 'a folder') await mkdir(path);
      if (kind === 'empty' || kind === 'larger than 2 GiB') await writeFile(path, '');
      // Sparse where the file system knows holes: no byte of it is written.
      if (kind === 'larger than 2 GiB') await truncate(path, 2 ** 31 + 1);
      const fake = fakeMeter(FULL);
      fake.identity = failure('test/meter-was-touched');
      expect(await problemCode(fake, { attach: [path] })).toBe('backup/attachment-unreadable');
      expect(await readdir(folder.path)).not.toContain('out');
    },
  );
});

describe('waivers', () => {
  it('turn what is not saved into waived, with name and reason', async () => {
    const waive = [{ item: 'event-log' as const, reason: ' Exported as events.csv ' }];
    const { item } = await take(fakeMeter(FULL), { waive });
    expect(item('event-log')).toMatchObject({
      state: 'waived',
      waiver: { by: 'Ada Technician', reason: 'Exported as events.csv' },
    });
    expect(item('event-log')?.because).toContain('unreachable');
    expect(item('recorder-logs')?.state).toBe('unreachable');
  });

  it('of a saved item are ignored but recorded', async () => {
    const { item } = await take(fakeMeter(FULL), { waive: [{ item: 'web', reason: 'Default pages' }] });
    expect(item('web')?.state).toBe('saved');
    expect(item('web')?.waiver).toBeUndefined();
    expect(item('web')?.because).toMatch(/Ada Technician.*Default pages.*not needed/);
  });

  it('need a reason and a name', async () => {
    expect(await problemCode(fakeMeter(FULL), { waive: [{ item: 'web', reason: ' \n' }] })).toBe(
      'backup/waiver-without-reason',
    );
    expect(await problemCode(fakeMeter(FULL), { by: ' ', waive: [{ item: 'web', reason: 'x' }] })).toBe(
      'backup/waiver-without-name',
    );
  });
});
