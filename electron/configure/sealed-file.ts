import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { codeOf, diskProblem } from '../inventory/durable.ts';
import type { Secret } from './secrets.ts';
import { readSecretsFile, writeSecretsFile } from './secrets-file.ts';

/** Whether a file can be made. A sealed file is never written over (`passwords/file-exists`): it may be the only place where the passwords of meters are. */
export async function isFree(file: string): Promise<Result<void>> {
  try {
    await stat(file);
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? ok(undefined) : { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
  return fail({
    code: 'passwords/file-exists',
    title: 'A file of this name exists',
    because: 'It may hold the only copy of passwords that are in meters now, so it is not written over.',
    meterState: METER_STATE.untouched,
    nextStep: 'Choose another name.',
    details: { file: basename(file) },
  });
}

/** Seals secrets into a new file and opens it again; a file that does not give them back is taken away (`passwords/not-sealed`). */
export async function sealAndOpen(file: string, secrets: readonly Secret[], passphrase: string): Promise<Result<void>> {
  const written = await writeSecretsFile(file, secrets, passphrase);
  if (!written.ok) return written;
  const opened = await readSecretsFile(file, passphrase);
  if (opened.ok && JSON.stringify(opened.value) === JSON.stringify(secrets)) return ok(undefined);
  // Nobody has these passwords yet: without the file there is nothing to lose.
  await rm(file, { force: true });
  return fail({
    code: 'passwords/not-sealed',
    title: 'The sealed file could not be opened again',
    because: opened.ok ? 'It does not hold what was written.' : opened.problem.because,
    meterState: METER_STATE.untouched,
    nextStep: 'Choose another folder or disk, and seal the passwords again.',
  });
}
