import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { ok, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { codeOf } from '../../inventory/durable.ts';
import type { FileFacts } from '../bag/writer.ts';
import { isStorageProblem } from '../folder/disk.ts';
import type { FileIndex } from '../folder/file-index.ts';
import { createLocalNames, type LocalNames } from '../folder/local-names.ts';
import { attachmentProblem, cancelled } from '../problems.ts';
import { type ItemContext, type ItemSource, nothingSaved, totalBytes } from './item.ts';

const MAX_ATTACHMENT_BYTES = 2 * 1024 * 1024 * 1024;

const KINDS = [
  { extension: '.dcf', kind: 'template', title: 'device template (.dcf)', secrets: false },
  { extension: '.scf', kind: 'security-configuration', title: 'security configuration (.scf)', secrets: true },
  { extension: '.tcf', kind: 'time-of-use', title: 'time-of-use program (.tcf)', secrets: false },
] as const;

/**
 * Files that the technician attaches: what ION Setup exported and anything else. Each is copied as it is, hashed, and bound to this meter by a
 * file in `sidecars/`. What is in them is not looked at.
 */
export const exportsItem: ItemSource = {
  id: 'ion-setup-exports',
  async save(context) {
    const { attach } = context.request;
    if (attach.length === 0) return ok(nothingSaved('unreachable', nothingAttached()));
    const names = createLocalNames();
    const index: { files: FileIndex['files']; missed: FileIndex['missed'] } = { files: [], missed: [] };
    const written: FileFacts[] = [];
    let found: Problem | undefined;
    for (const path of attach) {
      const name = basename(path);
      context.report(`Copying ${name}`);
      const copied = await attachOne(context, path, names);
      if (copied.ok) {
        index.files.push(copied.value.file);
        written.push(copied.value.file, copied.value.sidecar);
        continue;
      }
      if (context.signal?.aborted) return { ok: false, problem: cancelled() };
      if (isStorageProblem(copied.problem)) return copied;
      found ??= copied.problem;
      index.missed.push({ original: name, because: copied.problem.because });
    }
    const listed = await context.bag.writeJson('ion-setup-exports/index.json', {
      format: 'meterwright-files/1',
      folder: null,
      ...index,
    } satisfies FileIndex);
    if (!listed.ok) return listed;
    const common = {
      count: index.files.length,
      expected: attach.length,
      bytes: totalBytes([...written, listed.value]),
    };
    const summary = describe(index.files.map((file) => file.original));
    if (found === undefined) return ok({ ...common, state: 'saved', because: summary });
    const state = index.files.length === 0 ? 'failed' : 'partial';
    return ok({ ...common, state, because: `${found.title}: ${found.because}`, problem: found });
  },
};

/** The first of the files that cannot be attached, and why; for saying so before anything is read from the meter. */
export async function checkAttachments(paths: readonly string[]): Promise<Problem | undefined> {
  for (const path of paths) {
    const opened = await openAttachment(path);
    if (!opened.ok) return opened.problem;
    await opened.value.handle.close();
  }
  return undefined;
}

/** Which of the three kinds of export are not among the attached files; for the list of what the backup lacks. */
export function missingKinds(attached: readonly string[]): readonly string[] {
  return KINDS.filter(({ extension }) => !attached.some((name) => hasExtension(name, extension))).map(
    ({ title }) => title,
  );
}

async function attachOne(
  context: ItemContext,
  path: string,
  names: LocalNames,
): Promise<Result<{ readonly file: FileIndex['files'][number]; readonly sidecar: FileFacts }>> {
  const { bag, identity, request, now, signal } = context;
  const original = basename(path);
  const local = names.allocate([original]);
  const source = await openAttachment(path);
  if (!source.ok) return source;
  const { handle, modified } = source.value;
  try {
    const copied = await bag.copy(`ion-setup-exports/files/${local}`, handle, MAX_ATTACHMENT_BYTES, signal);
    if (!copied.ok) return copied;
    const file = { original, local: `ion-setup-exports/files/${local}`, modified, ...copied.value };
    const known = KINDS.find(({ extension }) => hasExtension(original, extension));
    const sidecar = await bag.writeJson(`ion-setup-exports/sidecars/${local}.json`, {
      format: 'meterwright-attachment/1',
      ...file,
      kind: known?.kind ?? 'other',
      holdsSecrets: known?.secrets ?? null,
      serial: identity.serial,
      firmware: identity.firmware === null ? null : formatFirmware(identity.firmware),
      attachedBy: request.by,
      attachedAt: now().toISOString(),
      note: 'Bound to this meter by the person who attached it; the content was not read.',
    });
    return sidecar.ok ? ok({ file, sidecar: sidecar.value }) : sidecar;
  } finally {
    await handle.close();
  }
}

async function openAttachment(
  path: string,
): Promise<Result<{ readonly handle: FileHandle; readonly modified: string }>> {
  const name = basename(path);
  try {
    // Opening a pipe would wait for a writer, so what is no plain file is not opened.
    if (!(await stat(path)).isFile()) return { ok: false, problem: attachmentProblem('It is not a plain file.', name) };
    const handle = await open(path, 'r');
    const facts = await handle.stat().catch(async (thrown: unknown) => {
      await handle.close();
      throw thrown;
    });
    const refused = refusedFor(facts);
    if (refused === undefined) return ok({ handle, modified: facts.mtime.toISOString() });
    await handle.close();
    return { ok: false, problem: attachmentProblem(refused, name) };
  } catch (thrown) {
    return { ok: false, problem: attachmentProblem(whyNot(thrown), name) };
  }
}

/** Why a file is not attached. Its size is looked at before a byte is copied: two gigabytes are minutes of waiting, and of disk. */
function refusedFor(facts: { isFile(): boolean; readonly size: number }): string | undefined {
  if (!facts.isFile()) return 'It is not a plain file.';
  if (facts.size === 0) return 'It is empty.';
  if (facts.size > MAX_ATTACHMENT_BYTES) return `It is larger than ${MAX_ATTACHMENT_BYTES} bytes.`;
  return undefined;
}

/** Without the path that the system's own message contains: the sentence goes into the record of the backup. */
function whyNot(thrown: unknown): string {
  const code = codeOf(thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'There is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'You may not read it.';
  return `It cannot be opened (${code === '' ? 'unknown error' : code}).`;
}

function hasExtension(name: string, extension: string): boolean {
  return name.toLowerCase().endsWith(extension);
}

function describe(attached: readonly string[]): string {
  const missing = missingKinds(attached);
  const files = `${attached.length} ${attached.length === 1 ? 'file' : 'files'} attached.`;
  return missing.length === 0 ? files : `${files} Not among them: ${missing.join(', ')}.`;
}

function nothingAttached(): Problem {
  return problem({
    code: 'backup/nothing-attached',
    title: 'No export of ION Setup is attached',
    because: 'Template, security configuration and time-of-use program can be read with ION Setup only.',
    nextStep:
      'Save them with ION Setup and attach the files, or waive this item and write down why they are not needed.',
  });
}
