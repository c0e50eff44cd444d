import { ok, type Result } from '../../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../../inventory/durable.ts';
import { localPath, readSmallFile } from '../bag/read.ts';
import { FILE_INDEX, type FileIndex } from '../folder/file-index.ts';
import { bagProblem } from '../problems.ts';
import { checkPair, pairsOf, type WaveformPair } from './pairs.ts';

const MAX_INDEX = 32 * 1024 * 1024;
/** Where a bag lists its waveform records, below the bag. */
export const WAVEFORM_INDEX = 'data/comtrade/index.json';

/** The index of the waveform records of a bag; undefined when it has none. */
export async function readWaveformIndex(bag: string): Promise<Result<FileIndex | undefined>> {
  const path = localPath(bag, WAVEFORM_INDEX);
  try {
    const bytes = await readSmallFile(path, MAX_INDEX);
    const parsed = FILE_INDEX.safeParse(bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8')));
    if (parsed.success) return ok(parsed.data);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return ok(undefined);
    if (!(thrown instanceof SyntaxError)) return { ok: false, problem: diskProblem(thrown, path, 'read') };
    // No JSON: told below, like JSON of another form.
  }
  return { ok: false, problem: bagProblem('backup/unreadable', 'The list of the waveform records cannot be read.') };
}

/** The records of a bag that have both files. Paths below the bag are not trusted: a manifest was checked, or should be. */
export function pairsInBag(index: FileIndex): readonly WaveformPair[] {
  return pairsOf(index.files.filter(({ local }) => isSafe(local)));
}

/** The records of a bag that are not what their configuration says. `root` is the bag's folder. */
export async function brokenPairs(root: string, index: Pick<FileIndex, 'files'>): Promise<FileIndex['missed']> {
  const broken: FileIndex['missed'] = [];
  for (const { name, cfg, dat } of pairsOf(index.files)) {
    if (!isSafe(cfg.local) || !isSafe(dat.local)) continue;
    const checked = await checkPair(localPath(root, `data/${cfg.local}`), localPath(root, `data/${dat.local}`));
    if (!checked.ok) broken.push({ original: name, because: `${checked.problem.title}: ${checked.problem.because}` });
  }
  return broken;
}

/** What a backup writes: below its own item, with no way up. */
function isSafe(local: string): boolean {
  return local.startsWith('comtrade/files/') && !local.split(/[\\/]/).includes('..');
}
