import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { takeBackup } from '../../../electron/backup/take.ts';
import type { BackupRequest } from '../../../electron/backup/types.ts';
import type { BackupItemId } from '../../../shared/domain/backup.ts';
import { FULL, fakeMeter, newKey, temporaryFolder } from './fake-meter.ts';

/** A folder of its own for each test. */
export let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** Where the backup goes. */
export let out: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder.path, 'out');
});
afterEach(() => folder.dispose());

export const key = newKey();
export const options = { key, toolVersion: '0.1.0', now: () => new Date('2026-11-22T10:00:05.000Z') };
export const request = (more: Partial<BackupRequest> = {}): BackupRequest => ({
  out,
  attach: [],
  waive: [],
  by: 'Ada Technician',
  ...more,
});

/** Takes a backup that succeeds. */
export async function take(fake = fakeMeter(FULL), more: Partial<BackupRequest> = {}) {
  const result = await takeBackup(fake.meter, request(more), options);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  const item = (id: BackupItemId) => result.value.items.find((candidate) => candidate.id === id);
  const text = (path: string) => readFile(join(result.value.bag, path), 'utf8');
  const json = async (path: string) => JSON.parse(await text(join('data', path)));
  return { ...result.value, item, text, json };
}

/** The code of the problem of a backup; 'ok' where it has none. */
export async function problemCode(fake = fakeMeter(FULL), more: Partial<BackupRequest> = {}): Promise<string> {
  const result = await takeBackup(fake.meter, request(more), options);
  return result.ok ? 'ok' : result.problem.code;
}
