import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../shared/domain/problem.ts';
import { type JournalFile, openJournalFile } from '../inventory/durable.ts';
import { upgradeEventSchema } from './event-schema.ts';
import type { UpgradeEvent } from './machine.ts';

/** One line of a journal. `previous` is the SHA-256 (hex) of the line before, so that a line cannot be changed or taken out unnoticed. */
export interface JournalEntry {
  readonly seq: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly event: UpgradeEvent;
  readonly previous: string;
}

/** A journal that is being written. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Returns when the event is on the disk; only then may its effect start. */
  append(event: UpgradeEvent): Promise<Result<JournalEntry>>;
  close(): Promise<void>;
}

const FIRST = '0'.repeat(64);
/** A journal of thousands of lines is a few MiB; what is larger is not one of ours. */
const MAX_BYTES = 64 * 1024 * 1024;

const entrySchema = z.object({
  seq: z.number().int().min(0),
  at: z.iso.datetime(),
  event: upgradeEventSchema,
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Reads a journal. A last line without a line break is what a power loss left of an event that was never acknowledged; it is passed over.
 * Anything else that does not fit is `job/journal-damaged` with the number of the line: a journal is evidence and is not repaired.
 */
export async function readJournal(path: string): Promise<Result<readonly JournalEntry[]>> {
  const chain = await readChain(path);
  return chain.ok ? ok(chain.value.entries) : chain;
}

/**
 * The SHA-256 (hex) of line `lines` (counted from 1) of a journal, after the whole chain was checked: it stands for everything up to there, and
 * is the `previous` of the line that follows. A journal with fewer lines is damaged.
 */
export async function journalTip(path: string, lines: number): Promise<Result<string>> {
  const chain = await readChain(path);
  if (!chain.ok) return chain;
  const { entries, tip } = chain.value;
  if (lines < 1 || lines > entries.length) return damaged(path, lines, 'The file has no such line.');
  return ok(entries[lines]?.previous ?? tip);
}

/** The entries and the hash of the last line, to which the next one is tied. */
async function readChain(path: string): Promise<Result<{ readonly entries: JournalEntry[]; readonly tip: string }>> {
  let text: string;
  try {
    text = await readBounded(path);
  } catch (thrown) {
    return damaged(path, 0, reasonOf(thrown));
  }
  const lines = text.split('\n').slice(0, -1);
  const entries: JournalEntry[] = [];
  let previous = FIRST;
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (entry === undefined) return damaged(path, index + 1, 'The line is not a record of a job.');
    if (entry.seq !== index || entry.previous !== previous) {
      return damaged(path, index + 1, 'The line does not follow from the one before it.');
    }
    entries.push(entry);
    previous = digest(line);
  }
  return ok({ entries, tip: previous });
}

/** Opens a journal for appending: new, or with everything that is in it. */
export async function openJournal(path: string, now: () => Date): Promise<Result<Journal>> {
  const file = await openJournalFile(path);
  if (!file.ok) return file;
  const chain = await readChain(path);
  if (!chain.ok) {
    await file.value.close();
    return chain;
  }
  return ok(journalOver(file.value, chain.value, now));
}

function journalOver(
  file: JournalFile,
  chain: { readonly entries: JournalEntry[]; readonly tip: string },
  now: () => Date,
): Journal {
  const { entries } = chain;
  let previous = chain.tip;
  let tail: Promise<unknown> = Promise.resolve();

  const write = async (event: UpgradeEvent): Promise<Result<JournalEntry>> => {
    const entry: JournalEntry = { seq: entries.length, at: now().toISOString(), event, previous };
    const line = JSON.stringify(entry);
    const appended = await file.append(line);
    if (!appended.ok) return appended;
    entries.push(entry);
    previous = digest(line);
    return ok(entry);
  };

  return {
    entries,
    append(event) {
      const result = tail.then(() => write(event));
      tail = result;
      return result;
    },
    close: () => file.close(),
  };
}

function parseLine(line: string): JournalEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    // Neither the JSON parser's nor the schema's words help a technician; the caller names the line.
    return undefined;
  }
}

async function readBounded(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) throw new RangeError(`The file has ${size} bytes; a journal has ${MAX_BYTES} at the most.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function digest(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

function damaged(path: string, line: number, because: string): Result<never> {
  return fail({
    code: 'job/journal-damaged',
    title: 'The journal of a job cannot be read',
    because: line === 0 ? because : `Line ${line}: ${because}`,
    meterState: METER_STATE.unknown,
    nextStep: 'Keep the file for the records, identify the meter to see what it runs, and start a new job.',
    details: { path, line },
  });
}
