import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { SftpClient } from '../../protocols/sftp/types.ts';
import { isStorageProblem } from '../folder/disk.ts';
import type { LocalNames } from '../folder/local-names.ts';
import { cancelled } from '../problems.ts';
import type { ItemContext } from './item.ts';
import type { Missed, RemoteEntry } from './remote-tree.ts';

/** The largest file that is taken from a meter; a whole recorder has 10 MB, a waveform far less. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
/** All files of one item together. */
const MAX_ITEM_BYTES = 4 * 1024 * 1024 * 1024;
/** After so many files in a row that could not be read, the rest is not tried. */
const MAX_FAILURES_IN_A_ROW = 5;

/** A file of the meter that is in the bag. */
export interface SavedFile {
  readonly original: string;
  /** Relative to `data/`. */
  readonly local: string;
  readonly size: number;
  readonly sha256: string;
  readonly modified: string;
}

export interface Downloads {
  readonly saved: readonly SavedFile[];
  readonly missed: readonly Missed[];
  /** Why the first missed file was missed. */
  readonly problem: Problem | undefined;
}

/**
 * Takes files from the meter into `<target>/` of the bag. A file that cannot be read is tried once more on a fresh session; what is left out is
 * named. Fails only on the disk of this PC or when cancelled.
 */
export async function downloadAll(
  context: ItemContext,
  first: SftpClient,
  files: readonly RemoteEntry[],
  target: { readonly folder: string; readonly names: LocalNames },
): Promise<Result<Downloads>> {
  const { bag, meter, signal, report } = context;
  const saved: SavedFile[] = [];
  const missed: Missed[] = [];
  let problem: Problem | undefined;
  let failuresInARow = 0;
  let bytes = 0;
  let sftp = first;

  const fetch = (file: RemoteEntry, local: string) =>
    bag.receive(local, (path) =>
      sftp.download(file.path, path, {
        maxBytes: MAX_FILE_BYTES,
        onProgress: (progress) => report(`Reading ${file.path}`, progress),
        ...(signal === undefined ? {} : { signal }),
      }),
    );

  for (const [index, file] of files.entries()) {
    if (signal?.aborted) return { ok: false, problem: cancelled() };
    if (failuresInARow >= MAX_FAILURES_IN_A_ROW || bytes + file.size > MAX_ITEM_BYTES) {
      const because =
        failuresInARow >= MAX_FAILURES_IN_A_ROW
          ? 'Not tried: the files before it could not be read.'
          : 'Not tried: the item is too large.';
      missed.push({ original: file.path, because });
      continue;
    }
    report(`Reading file ${index + 1} of ${files.length}: ${file.path}`);
    const local = `${target.folder}/${target.names.allocate(file.segments.slice(1))}`;
    let got = await fetch(file, local);
    if (!got.ok && !signal?.aborted && !isStorageProblem(got.problem)) {
      const again = await meter.sftp(signal);
      if (again.ok) sftp = again.value;
      got = again.ok ? await fetch(file, local) : again;
    }
    if (got.ok) {
      saved.push({ original: file.path, local, modified: file.modified, ...got.value });
      if (got.value.size !== file.size) missed.push(...(await stillGrowing(sftp, file, got.value.size, signal)));
      bytes += got.value.size;
      failuresInARow = 0;
      continue;
    }
    if (isStorageProblem(got.problem)) return got;
    if (signal?.aborted) return { ok: false, problem: cancelled() };
    missed.push({ original: file.path, because: `${got.problem.title}: ${got.problem.because}` });
    problem ??= got.problem;
    failuresInARow += 1;
  }
  return ok({ saved, missed, problem });
}

/** A file whose size is not the listed one is whole only if the meter now says that size. */
async function stillGrowing(
  sftp: SftpClient,
  file: RemoteEntry,
  size: number,
  signal: AbortSignal | undefined,
): Promise<readonly Missed[]> {
  const now = await sftp.stat(file.path, signal);
  if (now.ok && now.value?.size === size) return [];
  return [
    {
      original: file.path,
      because: `It changed while it was read: ${file.size} bytes were listed, ${size} were read.`,
    },
  ];
}
