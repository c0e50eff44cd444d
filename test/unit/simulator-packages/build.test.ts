import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildSimulatedPackages } from '../../../simulator/packages/build.ts';
import { incompressibleBytes } from '../../../simulator/packages/payload.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';
import { renameMember, withFixedTimes, zipOf } from '../../../simulator/packages/zip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulated-packages-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

describe('building simulated packages', () => {
  it('writes every file it names, into a folder that it makes, and the same bytes each time', async () => {
    const first = await buildSimulatedPackages(join(folder, 'a', 'deep'), { payloadSize: 1000 });
    const second = await buildSimulatedPackages(join(folder, 'b'), { payloadSize: 1000 });
    const paths = [first.package, ...Object.values(first.packages)];
    expect(new Set(paths).size).toBe(9);
    expect((await readdir(join(folder, 'a', 'deep'))).length).toBe(10);
    const again = [second.package, ...Object.values(second.packages)];
    for (const [index, path] of paths.entries()) {
      expect((await readFile(path)).equals(await readFile(again[index] ?? ''))).toBe(true);
    }
  });

  it('replaces what is there', async () => {
    const large = await buildSimulatedPackages(folder, { payloadSize: 50_000 });
    const before = (await readFile(large.package)).length;
    const small = await buildSimulatedPackages(folder, { payloadSize: 10 });
    const after = (await readFile(small.package)).length;
    expect(before - after).toBeGreaterThan(49_900);
    expect(before - after).toBeLessThan(50_100);
  });

  it('makes the same workbook at another time', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-06-01T12:00:00Z') });
    const before = await mapWorkbook();
    vi.setSystemTime(new Date('2031-02-03T04:05:06Z'));
    expect((await mapWorkbook()).equals(before)).toBe(true);
    expect(() => withFixedTimes(before.subarray(1, 100))).toThrow(/end record/);
  });

  it('makes payloads that are repeatable, different for each label and do not compress', async () => {
    const bytes = incompressibleBytes(100_000, 'one');
    expect(bytes.equals(incompressibleBytes(100_000, 'one'))).toBe(true);
    expect(bytes.equals(incompressibleBytes(100_000, 'two'))).toBe(false);
    expect((await zipOf([{ name: 'a', content: bytes }])).length).toBeGreaterThan(100_000);
  });

  it('renames a member in both places or not at all', async () => {
    const zip = await zipOf([{ name: 'xx/a', content: Buffer.from('a') }]);
    const renamed = renameMember(zip, 'xx/a', '../a');
    expect(renamed.length).toBe(zip.length);
    expect(renamed.includes('xx/a')).toBe(false);
    expect(() => renameMember(zip, 'xx/a', '../aa')).toThrow(RangeError);
    expect(() => renameMember(zip, 'yy/a', '../a')).toThrow(/twice/);
  });
});
