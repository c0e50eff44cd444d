import type { BackupItemId } from '../../../shared/domain/backup.ts';
import { ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import type { SftpClient } from '../../protocols/sftp/types.ts';
import type { FileIndex } from '../folder/file-index.ts';
import { createLocalNames } from '../folder/local-names.ts';
import { cancelled } from '../problems.ts';
import { type Downloads, downloadAll } from './download.ts';
import { type ItemContext, type ItemOutcome, type ItemSource, nothingSaved, totalBytes } from './item.ts';
import { listRemoteTree, type Missed, type RemoteTree } from './remote-tree.ts';

/** The folders of the meter's file server, by item. Source: vendor's SFTP folder list (ION9000 FAQ, PM8000 manual of 2017). */
export const METER_FOLDERS = {
  comtrade: 'COMTRADE',
  documents: 'documents',
  web: 'web',
  iec61850: 'IEC61850',
} as const satisfies Partial<Record<BackupItemId, string>>;
export type FileItemId = keyof typeof METER_FOLDERS;

/** User files of the meter. */
export const documentsItem: ItemSource = folderItem('documents');
/** Default and custom web pages. */
export const webItem: ItemSource = folderItem('web');
/** IEC 61850 configuration (CID). */
export const iec61850Item: ItemSource = folderItem('iec61850');

/** An item that is a folder of user files; a meter without that folder has nothing to lose. */
function folderItem(id: Exclude<FileItemId, 'comtrade'>): ItemSource {
  const folder = METER_FOLDERS[id];
  return {
    id,
    async save(context) {
      const opened = await openTree(context, folder);
      if ('outcome' in opened) return opened.outcome;
      const { sftp, tree } = opened;
      if (!tree.exists) {
        const because = `The meter has no folder ${folder}, so there is nothing to save.`;
        return writeIndex(context, id, { saved: [], missed: [], problem: undefined }, { because });
      }
      const target = { folder: `${id}/files`, names: createLocalNames() };
      const got = await downloadAll(context, sftp, tree.files, target);
      if (!got.ok) return got;
      return writeIndex(context, id, { ...got.value, missed: [...tree.missed, ...got.value.missed] }, {});
    },
  };
}

/** Opens the file server and lists a folder; what stands in the way is the outcome of the item. */
export async function openTree(
  context: ItemContext,
  folder: string,
): Promise<{ readonly sftp: SftpClient; readonly tree: RemoteTree } | { readonly outcome: Result<ItemOutcome> }> {
  const session = await context.meter.sftp(context.signal);
  if (!session.ok) return { outcome: notRead(context, session.problem) };
  const tree = await listRemoteTree(session.value, folder, context.signal);
  if (!tree.ok) return { outcome: notRead(context, tree.problem) };
  return { sftp: session.value, tree: tree.value };
}

/** The meter does not offer its files here and now; anything else should have worked. */
const NOT_OFFERED: ReadonlySet<string> = new Set([
  'meter/no-credentials',
  'sftp/refused',
  'sftp/unreachable',
  'sftp/not-ssh',
  'sftp/no-common-algorithm',
]);

function notRead(context: ItemContext, found: Problem): Result<ItemOutcome> {
  if (context.signal?.aborted) return { ok: false, problem: cancelled() };
  return ok(nothingSaved(NOT_OFFERED.has(found.code) ? 'unreachable' : 'failed', found));
}

/**
 * Writes the index of an item's files and judges the item: `saved` when nothing was missed, `failed` when everything was, else `partial`.
 * `extra.doubt` makes a complete item `partial`.
 */
export async function writeIndex(
  context: ItemContext,
  id: FileItemId,
  downloads: Downloads,
  extra: { readonly because?: string; readonly doubt?: string; readonly broken?: FileIndex['missed'] },
): Promise<Result<ItemOutcome>> {
  const { saved, missed } = downloads;
  const index: FileIndex = {
    format: 'meterwright-files/1',
    folder: METER_FOLDERS[id],
    files: [...saved],
    missed: [...missed],
    ...(extra.broken === undefined ? {} : { broken: extra.broken }),
  };
  const written = await context.bag.writeJson(`${id}/index.json`, index);
  if (!written.ok) return written;
  // A file that changed while it was read is saved and missed at once: it counts once.
  const expected = new Set([...saved, ...missed].map((file) => file.original)).size;
  const common = { count: saved.length, expected, bytes: totalBytes([...saved, written.value]) };
  if (missed.length === 0 && extra.doubt === undefined) {
    return ok({
      ...common,
      state: 'saved',
      because: extra.because ?? allRead(saved.length, METER_FOLDERS[id]),
    });
  }
  const because = [missedText(missed, expected), extra.doubt].filter((text) => text !== undefined).join(' ');
  const state = saved.length === 0 && missed.length > 0 ? 'failed' : 'partial';
  return ok({ ...common, state, because, problem: incomplete(id, because, missed, downloads.problem) });
}

function allRead(files: number, folder: string): string {
  return files === 1 ? `The one file of ${folder} was read.` : `All ${files} files of ${folder} were read.`;
}

function missedText(missed: readonly Missed[], expected: number): string | undefined {
  const [first] = missed;
  if (first === undefined) return undefined;
  const quoted = JSON.stringify(first.original.slice(0, 200));
  return `${missed.length} of ${expected} files are not (or not whole) in the backup; the first is ${quoted}: ${first.because}`;
}

function incomplete(id: FileItemId, because: string, missed: readonly Missed[], cause: Problem | undefined): Problem {
  return problem({
    code: 'backup/files-incomplete',
    title: `Not everything of the folder ${METER_FOLDERS[id]} was read`,
    because,
    nextStep:
      cause?.nextStep ?? 'Take the backup again. If the same files are missing, waive this item and write down why.',
    details: { missed: missed.length, cause: cause?.code ?? null, listedIn: `data/${id}/index.json` },
  });
}
