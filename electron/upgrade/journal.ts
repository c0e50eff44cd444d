import { METER_STATE, ok, type Problem, problem, type Result } from '../../shared/domain/problem.ts';
import { type Chain, type ChainEntry, type ChainKind, openChain, readChain } from '../inventory/chain.ts';
import { upgradeEventSchema } from './event-schema.ts';
import type { UpgradeEvent } from './machine.ts';

/** One line of the journal of an upgrade. */
export type JournalEntry = ChainEntry<UpgradeEvent>;

/** A journal that is being written. */
export type Journal = Chain<UpgradeEvent>;

const JOURNAL: ChainKind<UpgradeEvent> = { event: upgradeEventSchema, damaged };

/** Reads a journal; one that is damaged is `job/journal-damaged`, see {@link readChain}. */
export async function readJournal(path: string): Promise<Result<readonly JournalEntry[]>> {
  const chain = await readChain(path, JOURNAL);
  return chain.ok ? ok(chain.value.entries) : chain;
}

/**
 * The SHA-256 (hex) of line `lines` (counted from 1) of a journal, after the whole chain was checked: it stands for everything up to there, and
 * is the `previous` of the line that follows. A journal with fewer lines is damaged.
 */
export async function journalTip(path: string, lines: number): Promise<Result<string>> {
  const chain = await readChain(path, JOURNAL);
  if (!chain.ok) return chain;
  const { entries, tip } = chain.value;
  if (lines < 1 || lines > entries.length) {
    return { ok: false, problem: damaged(path, lines, 'The file has no such line.') };
  }
  return ok(entries[lines]?.previous ?? tip);
}

/** Opens a journal for appending: new, or with everything that is in it. */
export function openJournal(path: string, now: () => Date): Promise<Result<Journal>> {
  return openChain(path, JOURNAL, now);
}

function damaged(path: string, line: number, because: string): Problem {
  return problem({
    code: 'job/journal-damaged',
    title: 'The journal of a job cannot be read',
    because: line === 0 ? because : `Line ${line}: ${because}`,
    meterState: METER_STATE.unknown,
    nextStep: 'Keep the file for the records, identify the meter to see what it runs, and start a new job.',
    details: { path, line },
  });
}
