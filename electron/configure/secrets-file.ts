import { open } from 'node:fs/promises';
import { fail, METER_STATE, type Result } from '../../shared/domain/problem.ts';
import { diskProblem, writeFileDurably } from '../inventory/durable.ts';
import { openSecrets, type Secret, sealSecrets } from './secrets.ts';

/** An envelope of 4 MB of content is under 6 MB of text. */
const LARGEST_FILE = 6 * 1_024 * 1_024;

/**
 * Seals secrets into a file, for its owner only where the system knows owners. They are sealed before anything is written, so there is never a file, not
 * even a temporary one, with a secret in the open. Problems of `sealSecrets` and of the disk.
 */
export async function writeSecretsFile(
  path: string,
  secrets: readonly Secret[],
  passphrase: string,
): Promise<Result<void>> {
  const sealed = await sealSecrets(secrets, passphrase);
  return sealed.ok ? writeFileDurably(path, sealed.value, { mode: 0o600 }) : sealed;
}

/** Opens a file of {@link writeSecretsFile}. Problems of `openSecrets` and of the disk. */
export async function readSecretsFile(path: string, passphrase: string): Promise<Result<readonly Secret[]>> {
  const text = await readText(path);
  return text.ok ? openSecrets(text.value, passphrase) : text;
}

async function readText(path: string): Promise<Result<string>> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > LARGEST_FILE) return tooLarge();
      return { ok: true, value: await handle.readFile('utf8') };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
}

function tooLarge() {
  return fail({
    code: 'secrets/not-an-envelope',
    title: 'This is not a file of sealed secrets',
    because: 'The file is larger than any file of sealed secrets.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose the file that Meterwright exported.',
  });
}
