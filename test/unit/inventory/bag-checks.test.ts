import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBagChecks } from '../../../electron/inventory/bag-checks.ts';

const OLD = { verdict: 'verified', at: '2026-01-01T00:00:00.000Z' } as const;
const NEW = { verdict: 'mismatch', at: '2026-01-02T00:00:00.000Z' } as const;

describe('the last check of each backup', () => {
  let home: string;
  let file: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'meterwright-checks-'));
    file = join(home, 'inventory', 'bag-checks.json');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('is known after the next start, and nothing is known of a bag that was never checked', async () => {
    const checks = await openBagChecks(file);
    await Promise.all([checks.note(join(home, 'a'), OLD), checks.note(join(home, 'b'), NEW)]);
    await checks.note(join(home, 'b', '..', 'a'), NEW);
    const again = await openBagChecks(file);
    expect(again.of(join(home, 'a'))).toEqual(NEW);
    expect(again.of(join(home, 'b'))).toEqual(NEW);
    expect(again.of(join(home, 'c'))).toBeNull();
  });

  it('keeps what another process noted meanwhile', async () => {
    const [ours, theirs] = await Promise.all([openBagChecks(file), openBagChecks(file)]);
    await theirs.note(join(home, 'a'), NEW);
    await ours.note(join(home, 'b'), OLD);
    const again = await openBagChecks(file);
    expect([again.of(join(home, 'a')), again.of(join(home, 'b'))]).toEqual([NEW, OLD]);
    expect(ours.of(join(home, 'a'))).toEqual(NEW);
  });

  it.each(['', '{', '[]', '{"format":"meterwright-bag-checks/1","checks":{"a":{"verdict":"fine","at":"now"}}}'])(
    'knows nothing where the record is %j, and replaces it',
    async (text) => {
      await mkdir(join(home, 'inventory'));
      await writeFile(file, text);
      const checks = await openBagChecks(file);
      expect(checks.of('a')).toBeNull();
      await checks.note(join(home, 'a'), OLD);
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ format: 'meterwright-bag-checks/1' });
    },
  );

  it('remembers in memory what the disk refuses', async () => {
    await writeFile(join(home, 'inventory'), 'no folder');
    const checks = await openBagChecks(file);
    await checks.note('a', OLD);
    expect(checks.of('a')).toEqual(OLD);
  });
});
