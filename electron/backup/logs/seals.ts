import { ok, type Result } from '../../../shared/domain/problem.ts';
import { readSeals } from '../bag/seals.ts';

const LOG = /^data\/logs\/([^/]+\.csv)$/;

/** SHA-256 (hex) of each log of a bag, by the name of its file, as it was sealed. A folder without a manifest has none. Fails as {@link readSeals} does. */
export async function sealedLogs(bag: string): Promise<Result<ReadonlyMap<string, string>>> {
  const seals = await readSeals(bag);
  if (!seals.ok) return seals;
  const logs = [...(seals.value ?? [])].map(([file, sha256]) => [LOG.exec(file)?.[1], sha256] as const);
  return ok(new Map(logs.flatMap(([name, sha256]) => (name === undefined ? [] : [[name, sha256] as const]))));
}
