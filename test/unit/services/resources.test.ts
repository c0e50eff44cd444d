import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { House } from '../../../electron/services/house.ts';
import { findResources, resourceOf } from '../../../electron/services/resources.ts';

let root: string;
const put = (...path: string[]): void => {
  mkdirSync(join(root, ...path.slice(0, -1)), { recursive: true });
  writeFileSync(join(root, ...path), '');
};
const house = (installed: boolean): House =>
  ({
    paths: { home: join(root, 'home'), maps: join(root, 'home', 'maps'), backups: join(root, 'home', 'backups') },
    laptop: {
      findIonSetup: () =>
        Promise.resolve(
          installed
            ? { kind: 'found', path: '/x', version: { parts: [3, 2, 25037, 1] }, how: 'registry' }
            : { kind: 'missing', because: 'x' },
        ),
    },
  }) as unknown as House;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'meterwright-resources-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what of the vendor is on this laptop', () => {
  it('is told by the names that downloads have', () => {
    for (const [name, id] of [
      ['ION7400_V004.006.000.zip', 'package'],
      ['ion7400 firmware 4.6.0.zip', 'package'],
      ['ION7400_V004.006.000.upx', undefined],
      ['ION Setup 3.2.25037.01.exe', 'ionSetup'],
      ['IONSetup_v3.2.zip', 'ionSetup'],
      ['ION7400_FAC-7400V4.dcf', 'template'],
      ['Web_Page_Files.zip', 'template'],
      ['BACnet PICS ION7400.pdf', 'pics'],
      ['BACnet and ION technical note.pdf', 'technicalNote'],
      ['ION7400 user manual.pdf', 'userManual'],
      ['SEVD-2023-080-03.pdf', 'security'],
      ['topics of the day.pdf', undefined],
      ['holiday.zip', undefined],
      ['', undefined],
    ] as const)
      expect(resourceOf(name), name).toBe(id);
  });

  it('is looked for in the archive, the maps, the backups and the folder, and no further', async () => {
    put('home', 'packages', 'a'.repeat(64), 'ION7400_V004.006.000.zip');
    put('home', 'maps', '4.6.0.json');
    put('home', 'maps', 'notes.txt');
    put('home', 'backups', 'SIM_1', 'data', 'site.dcf');
    put('folder', 'vendor', 'ION7400 user manual.pdf');
    put('folder', 'a', 'b', 'c', 'too deep SEVD-2023-080-03.pdf');
    put('elsewhere', 'BACnet PICS.pdf');
    symlinkSync(join(root, 'elsewhere'), join(root, 'folder', 'link'), 'junction');
    const found = await findResources(house(true), join(root, 'folder'));
    expect(found).toEqual({
      ok: true,
      value: [
        { id: 'package', name: 'ION7400_V004.006.000.zip', where: 'archive' },
        { id: 'map', name: '4.6.0', where: 'maps' },
        { id: 'template', name: 'site.dcf', where: 'backups' },
        { id: 'userManual', name: 'ION7400 user manual.pdf', where: 'folder' },
        { id: 'ionSetup', name: expect.stringContaining('3.2.25037'), where: 'installed' },
      ],
    });
  });

  it('is nothing on a new laptop, and a folder that is gone is said', async () => {
    expect(await findResources(house(false), null)).toEqual({ ok: true, value: [] });
    expect(await findResources(house(false), join(root, 'gone'))).toMatchObject({ ok: false });
  });
});
