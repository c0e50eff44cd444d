import type { Problem } from '../../shared/domain/problem.ts';
import { codeOf } from '../inventory/durable.ts';
import { localPath, readSmallFile } from './bag/read.ts';
import { LOG_INDEX, LOG_INDEX_PATH, type LogIndex } from './logs/index-file.ts';
import { decodeLog } from './logs/rows.ts';
import { readSidecar } from './logs/sidecar.ts';
import { bagProblem } from './problems.ts';
import { brokenPairs, readWaveformIndex } from './waveforms/in-bag.ts';

const MAX_INDEX = 32 * 1024 * 1024;

/**
 * What is in the files of a bag whose hashes are right: every log is decoded again and its rows, first and last time are compared with its sidecar and with the
 * index; every waveform record is held to its configuration. A record that was broken when it came from the meter is named in the index and no finding.
 */
export async function checkContent(root: string): Promise<readonly Problem[]> {
  return [...(await checkLogs(root)), ...(await checkWaveforms(root))];
}

/** The index of the logs of a bag; undefined when it has none, a problem when it cannot be read. */
export async function readLogIndex(root: string): Promise<LogIndex | Problem | undefined> {
  try {
    const bytes = await readSmallFile(localPath(root, `data/${LOG_INDEX_PATH}`), MAX_INDEX);
    const parsed = LOG_INDEX.safeParse(bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8')));
    if (parsed.success) return parsed.data;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    if (!(thrown instanceof SyntaxError)) throw thrown;
    // No JSON: told below, like JSON of another form.
  }
  return bagProblem('backup/log-differs', `data/${LOG_INDEX_PATH} has not the form that this version reads.`);
}

async function checkLogs(root: string): Promise<readonly Problem[]> {
  const index = await readLogIndex(root);
  if (index === undefined) return [];
  if ('code' in index) return [index];
  const problems: Problem[] = [];
  for (const log of index.logs) {
    const because = await unlike(root, log);
    if (because !== undefined)
      problems.push(bagProblem('backup/log-differs', `${log.csv}: ${because}`, { path: log.csv }));
  }
  return problems;
}

async function unlike(root: string, log: LogIndex['logs'][number]): Promise<string | undefined> {
  if (!/^logs\/[0-9A-Za-z-]{1,60}\.csv$/.test(log.csv)) return 'Its path is not one that a backup writes.';
  const csv = localPath(root, `data/${log.csv}`);
  const sidecar = await readSidecar(csv);
  if (!sidecar.ok) return sidecar.problem.because;
  const { recorder, rows, first, last } = sidecar.value;
  if (recorder.id !== log.id || rows !== log.rows || first !== log.first || last !== log.last) {
    return 'Its description is not what the index of the logs says.';
  }
  const decoded = await decodeLog(csv, sidecar.value, {});
  return decoded.ok ? undefined : decoded.problem.because;
}

async function checkWaveforms(root: string): Promise<readonly Problem[]> {
  const index = await readWaveformIndex(root);
  if (!index.ok) return [index.problem];
  if (index.value === undefined) return [];
  const known = new Set((index.value.broken ?? []).map(({ original }) => original));
  const missed = new Set(index.value.missed.map(({ original }) => original.replace(/\.[^.]*$/, '')));
  const broken = await brokenPairs(root, index.value);
  return broken
    .filter(({ original }) => !known.has(original) && !missed.has(original))
    .map(({ original, because }) =>
      bagProblem('backup/waveform-broken', `${original}: ${because}`, { path: original }),
    );
}
