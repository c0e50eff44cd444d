import type { z } from 'zod';
import { BACKUP_ITEM_IDS, type BackupItemId } from '../../../shared/domain/backup.ts';
import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { codeOf } from '../../inventory/durable.ts';
import { localPath, readSmallFile } from '../bag/read.ts';
import { FILE_INDEX, type FileIndex } from '../folder/file-index.ts';
import { REGISTER_FILE } from '../register-file.ts';
import { verifyBackup } from '../verify.ts';
import { readLogIndex } from '../verify-content.ts';
import { type ComparedFile, type ComparedSide, FILE_ITEMS, type FileItem } from './compare.ts';

const MAX_DOCUMENT = 64 * 1024 * 1024;

/** Reads one side of a comparison from a bag, which has to be as it was sealed. */
export async function readBagSide(dir: string, name: string): Promise<Result<ComparedSide>> {
  const { verdict, evidence, problems } = await verifyBackup(dir);
  if (verdict !== 'verified' || evidence === null) {
    const [first] = problems;
    return fail({
      code: 'backup/diff-unverified',
      title: 'A backup that is not as it was sealed is not compared',
      because: `${name}: ${first === undefined ? 'it could not be verified.' : `${first.title}: ${first.because}`}`,
      meterState: METER_STATE.untouched,
      nextStep: first?.nextStep ?? 'Use another copy of the backup.',
      details: { backup: dir, cause: first?.code ?? null },
    });
  }
  const unread = new Map<BackupItemId, string>();
  for (const id of BACKUP_ITEM_IDS) {
    const item = evidence.items.find((candidate) => candidate.id === id);
    if (item === undefined) unread.set(id, 'The record does not name it.');
    // Registers name each register that was not read, and identity each field.
    else if (item.state !== 'saved' && id !== 'identity' && !(id === 'registers' && item.count > 0))
      unread.set(id, item.because);
  }
  const read = async <T>(id: BackupItemId, path: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const document = await readDocument(dir, path, schema);
    if (document.found) return document.value;
    if (!unread.has(id)) unread.set(id, document.because);
    return undefined;
  };
  const registers = await read('registers', 'registers/registers.json', REGISTER_FILE);
  const files = new Map<FileItem, readonly ComparedFile[]>();
  for (const id of FILE_ITEMS) {
    const index = await read(id, `${id}/index.json`, FILE_INDEX);
    if (index !== undefined) files.set(id, filesOf(index));
  }
  const index = await readLogIndex(dir);
  const logs = index === undefined || 'code' in index ? undefined : new Map(index.logs.map((log) => [log.id, log]));
  return ok({ name, identity: evidence.identity, registers, files, logs, unread });
}

/** What was missed is known by name only; a file that changed while it was read is not compared either. */
function filesOf(index: FileIndex): readonly ComparedFile[] {
  const missed = new Map(index.missed.map((entry) => [entry.original, entry.because]));
  const whole = index.files.filter((file) => !missed.has(file.original));
  return [...whole, ...[...missed].map(([original, because]) => ({ original, size: 0, sha256: null, because }))];
}

type Document<T> = { readonly found: true; readonly value: T } | { readonly found: false; readonly because: string };

async function readDocument<T>(dir: string, path: string, schema: z.ZodType<T>): Promise<Document<T>> {
  try {
    const bytes = await readSmallFile(localPath(dir, `data/${path}`), MAX_DOCUMENT);
    if (bytes === undefined) return { found: false, because: `${path} is too large.` };
    const parsed = schema.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success
      ? { found: true, value: parsed.data }
      : { found: false, because: `${path} has not the form that this version reads.` };
  } catch (thrown) {
    return {
      found: false,
      because: codeOf(thrown) === 'ENOENT' ? `The backup has no ${path}.` : `${path} cannot be read.`,
    };
  }
}
