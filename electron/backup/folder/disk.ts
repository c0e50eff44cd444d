import { type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { diskProblem } from '../../inventory/durable.ts';

/** The problem for a failed operation on this PC's disk while a backup is written: `backup/disk-full`, `disk/denied` or `disk/failed`. */
export function storageProblem(thrown: unknown, path: string): Problem {
  return asBackupProblem(diskProblem(thrown, path, 'written'));
}

/** A full disk is told as a problem of the backup, whoever met it; every other problem stays as it is. */
export function asBackupProblem(found: Problem): Problem {
  const full = found.details['error'] === 'ENOSPC' || found.details['error'] === 'EDQUOT';
  if (found.code === 'sftp/local-disk' && !full) return { ...found, code: 'disk/failed' };
  if (found.code !== 'disk/full' && !(found.code === 'sftp/local-disk' && full)) return found;
  return problem({
    code: 'backup/disk-full',
    title: 'The disk of this PC is full; no backup was made',
    because: found.because,
    nextStep:
      'Free some space, or choose a folder on another disk, and take the backup again. The unfinished one was removed.',
    details: found.details,
  });
}

/** True for a problem of this PC's disk: going on with the next item would meet it again. */
export function isStorageProblem(found: Problem): boolean {
  return found.code.startsWith('disk/') || found.code === 'backup/disk-full';
}

/** {@link asBackupProblem} for a result. */
export function asBackupResult<T>(result: Result<T>): Result<T> {
  return result.ok ? result : { ok: false, problem: asBackupProblem(result.problem) };
}
