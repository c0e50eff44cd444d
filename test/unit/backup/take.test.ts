import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeBackup } from '../../../electron/backup/take.ts';
import type { BackupRequest } from '../../../electron/backup/types.ts';
import { verifyBackup } from '../../../electron/backup/verify.ts';
import type { BackupItemId } from '../../../shared/domain/backup.ts';
import { ok } from '../../../shared/domain/problem.ts';
import { ENERGY, FULL, failure, fakeMeter, IDENTITY, newKey, temporaryFolder } from './fake-meter.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

const key = newKey();
const options = { key, toolVersion: '0.1.0', now: () => new Date('2026-11-22T10:00:05.000Z') };
const request = (more: Partial<BackupRequest> = {}): BackupRequest => ({
  out: join(folder.path, 'out'),
  attach: [],
  waive: [],
  by: 'Ada Technician',
  ...more,
});

async function take(fake = fakeMeter(FULL), more: Partial<BackupRequest> = {}) {
  const result = await takeBackup(fake.meter, request(more), options);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  const item = (id: BackupItemId) => result.value.items.find((candidate) => candidate.id === id);
  const json = async (path: string) => JSON.parse(await readFile(join(result.value.bag, 'data', path), 'utf8'));
  return { ...result.value, item, json };
}

describe('takeBackup', () => {
  it('seals a bag with the name of the meter, verified from disk', async () => {
    const { bag, verified, fingerprint } = await take();
    expect(bag).toBe(join(folder.path, 'out', 'MW-2211A001-01_4.0.0_20261122T100005Z'));
    expect(verified).toBe(true);
    const again = await verifyBackup(bag, { trustedKey: key });
    expect(again).toMatchObject({ verdict: 'verified', problems: [], fingerprint });
    expect(await readdir(join(folder.path, 'out'))).toEqual(['MW-2211A001-01_4.0.0_20261122T100005Z']);
  });
});
