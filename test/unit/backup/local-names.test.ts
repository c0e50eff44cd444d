import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSafeBagPath } from '../../../electron/backup/bag/manifest.ts';
import { asBackupProblem, isStorageProblem, storageProblem } from '../../../electron/backup/folder/disk.ts';
import { createLocalNames, safeLocalName } from '../../../electron/backup/folder/local-names.ts';
import { UNREACHABLE_DATA, unreachableIn } from '../../../electron/backup/unreachable.ts';

const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('.', ' ', '~', 'A', 'a', '_', '\\', '/', ':'), maxLength: 8 }),
  fc.constantFrom('CON', 'con.txt', 'LPT9.', 'COM1', 'nul', '..', '.', '', 'aux.tar.gz', 'CONIN$'),
  fc.string({ minLength: 60, maxLength: 400 }),
);

describe('local names', () => {
  it('are names on every system, whatever the original is', () => {
    fc.assert(
      fc.property(name, (original) => {
        const local = safeLocalName(original);
        expect(local).toMatch(/^[A-Za-z0-9_\-~+=@,()][A-Za-z0-9._\-~+=@,()]*$/);
        expect(local.length).toBeLessThanOrEqual(72);
        expect(local).not.toMatch(/\.$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        expect(isSafeBagPath(`data/${local}`)).toBe(true);
      }),
    );
  });

  it('of plain files of a meter stay as they are', () => {
    for (const plain of ['cmt0__00001.cfg', 'site-plan.pdf', 'ION7400_V004.006.000.dcf']) {
      expect(safeLocalName(plain)).toBe(plain);
    }
  });

  it('are never given out twice, not even in another case, and files of a folder stay together', () => {
    fc.assert(
      fc.property(fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 40 }), (paths) => {
        const names = createLocalNames();
        const given = paths.map((path) => names.allocate(path));
        expect(new Set(given.map((path) => path.toLowerCase())).size).toBe(paths.length);
        const parents = new Map<string, string>();
        for (const [index, path] of paths.entries()) {
          const parent = JSON.stringify(path.slice(0, -1));
          const local = (given[index] ?? '').split('/').slice(0, -1).join('/');
          expect(parents.get(parent) ?? local).toBe(local);
          parents.set(parent, local);
        }
      }),
    );
  });
});

describe('problems of the disk', () => {
  it.each(['ENOSPC', 'EDQUOT'])('%s is a full disk, whoever met it', (code) => {
    expect(storageProblem(Object.assign(new Error(code), { code }), 'x').code).toBe('backup/disk-full');
  });

  it.each([
    ['EACCES', 'disk/denied'],
    ['EROFS', 'disk/denied'],
    ['EIO', 'disk/failed'],
  ])('%s is %s', (code, expected) => {
    const found = storageProblem(Object.assign(new Error(code), { code }), 'x');
    expect(found.code).toBe(expected);
    expect(isStorageProblem(found)).toBe(true);
    expect(asBackupProblem(found)).toBe(found);
  });
});

describe('what open protocols do not reach', () => {
  it('has steps, a reason, and an item that stands for it', () => {
    expect(UNREACHABLE_DATA.map((data) => data.item)).toEqual(
      expect.arrayContaining(['ion-setup-exports', 'recorder-logs', 'event-log']),
    );
    for (const data of UNREACHABLE_DATA) {
      expect(data.because).not.toBe('');
      expect(data.handOff.steps.length).toBeGreaterThan(0);
      expect(data.handOff.watch).not.toBe('');
    }
  });

  it('is told of a backup as far as the backup neither has it nor goes without it by name', () => {
    const items = [
      { id: 'ion-setup-exports', state: 'waived' },
      { id: 'recorder-logs', state: 'partial' },
      { id: 'event-log', state: 'saved' },
      { id: 'web', state: 'failed' },
    ] as const;
    expect(unreachableIn(items).map(({ id }) => id)).toEqual(['recorder-logs']);
    const nothing = items.map(({ id }) => ({ id, state: 'unreachable' as const }));
    expect(unreachableIn(nothing)).toEqual(UNREACHABLE_DATA);
  });
});
