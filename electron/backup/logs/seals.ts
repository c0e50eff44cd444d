import { createHash } from 'node:crypto';
import type { Result } from '../../../shared/domain/problem.ts';
import { bagProblem } from '../problems.ts';
import type { LogInBag } from './in-bag.ts';
import { readLogTable } from './read.ts';
import type { ScanOptions } from './scan.ts';
import type { LogTable } from './types.ts';

/**
 * The rows of a log of a bag, from the bytes that were sealed: they are parsed and hashed in one pass, and a changed digit, which would look like any other
 * value, is `backup/file-changed`. Fails as {@link readLogTable} does, too.
 */
export async function readSealedLog(
  { csv, seal }: Pick<LogInBag, 'csv' | 'seal'>,
  options: Pick<ScanOptions, 'signal'> = {},
): Promise<Result<LogTable>> {
  if (seal === null) return readLogTable(csv, options);
  const hash = createHash('sha256');
  const table = await readLogTable(csv, { ...options, onBytes: (bytes) => hash.update(bytes) });
  const { path, sha256 } = seal;
  // What does not parse was not read to its end; a backup holds only logs that do, so that these are not its bytes.
  const changed = table.ok ? hash.digest('hex') !== sha256 : table.problem.code === 'logs/damaged';
  if (!changed) return table;
  const because = `${path} is not the file that was sealed.`;
  return {
    ok: false,
    problem: bagProblem('backup/file-changed', because, {
      path,
      ...(table.ok ? {} : { found: table.problem.because }),
    }),
  };
}
