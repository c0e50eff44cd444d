import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { VERDICTS, type Verdict } from '../../shared/domain/verdict.ts';
import { writeFileDurably } from './durable.ts';

/** What reading every file of a bag found, and when (ISO 8601 UTC). It says nothing of what happened to the bag since. */
export interface BagCheck {
  readonly verdict: Verdict;
  readonly at: string;
}

/** The last check of each bag, for lists; whatever relies on a bag verifies it itself. */
export interface BagChecks {
  /** Null where this installation knows of no check. */
  of(bag: string): BagCheck | null;
  note(bag: string, check: BagCheck): Promise<void>;
}

const FORMAT = 'meterwright-bag-checks/1';
const MAX_CHECKS = 5_000;
const fileSchema = z.object({
  format: z.literal(FORMAT),
  checks: z.record(z.string().max(32_767), z.object({ verdict: z.enum(VERDICTS), at: z.iso.datetime() })),
});

/** Opens the record. A missing or damaged one is empty: then lists say of a bag that no check is known, until it is verified again. */
export async function openBagChecks(path: string): Promise<BagChecks> {
  const known = new Map(await readChecks(path));
  let tail: Promise<unknown> = Promise.resolve();

  /** What another process of this installation noted meanwhile stays, unless it is older. */
  async function write(): Promise<void> {
    for (const [bag, check] of await readChecks(path)) {
      const ours = known.get(bag);
      if (ours === undefined || ours.at < check.at) known.set(bag, check);
    }
    const newest = [...known].sort(([, a], [, b]) => b.at.localeCompare(a.at)).slice(0, MAX_CHECKS);
    // A record that cannot be written is kept in memory; after the next start the list says less, never more.
    await writeFileDurably(
      path,
      `${JSON.stringify({ format: FORMAT, checks: Object.fromEntries(newest) }, null, 2)}\n`,
    );
  }

  return {
    of: (bag) => known.get(resolve(bag)) ?? null,
    async note(bag, { verdict, at }) {
      known.set(resolve(bag), { verdict, at });
      const turn = tail.then(write);
      tail = turn;
      await turn;
    },
  };
}

async function readChecks(path: string): Promise<readonly (readonly [string, BagCheck])[]> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? Object.entries(parsed.data.checks) : [];
  } catch {
    // Not there, not readable or not JSON: nothing is known, which lists say.
    return [];
  }
}
