import { basename, dirname } from 'node:path';
import type { Result } from '../../../shared/domain/problem.ts';
import { acquireLock, type Lock, type LockState, lockState } from '../../inventory/lock.ts';

/**
 * Marks what is being written at `path` as the work of this process, until it is released. The mark stands beside it and not in the data folder: a
 * backup can be written anywhere, by a program with another data folder than the one that looks at it. It stays when the process is killed, and tells
 * then who left what.
 */
export function markUnfinished(path: string): Promise<Result<Lock>> {
  return acquireLock(dirname(path), subjectOf(path));
}

/** Who works on what is being written at `path`, or did. */
export function workOn(path: string): Promise<LockState> {
  return lockState(dirname(path), subjectOf(path));
}

/** With a dot in front: file managers do not show it. */
function subjectOf(path: string): string {
  return `.${basename(path).replace(/^\./, '')}`;
}
