import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { ok, type Problem, type Result, reasonOf } from '../../shared/domain/problem.ts';
import { type JournalFile, openJournalFile } from './durable.ts';

/** One line of a chained file. `previous` is the SHA-256 (hex) of the line before, so that a line cannot be changed or taken out unnoticed. */
export interface ChainEntry<Event> {
  readonly seq: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly event: Event;
  readonly previous: string;
}

/** A chained file that is being written. */
export interface Chain<Event> {
  readonly entries: readonly ChainEntry<Event>[];
  /** Hash of the last line; zeros before the first. */
  readonly tip: string;
  /** Returns when the event is on the disk; only then may its effect start. */
  append(event: Event): Promise<Result<ChainEntry<Event>>>;
  close(): Promise<void>;
}

/** What the lines of a kind of chained file are. */
export interface ChainKind<Event> {
  readonly event: z.ZodType<Event>;
  /** The problem of a file that does not fit; line 0 is the file as a whole. */
  damaged(path: string, line: number, because: string): Problem;
}

/** Entries, and the hash of the last line, to which the next one is tied. */
export interface ReadChain<Event> {
  readonly entries: ChainEntry<Event>[];
  readonly tip: string;
}

/** Hash of line `lines` (from 1) of a chain; undefined where it has no such line. */
export function hashOfLine(
  { entries, tip }: { readonly entries: readonly ChainEntry<unknown>[]; readonly tip: string },
  lines: number,
): string | undefined {
  if (lines < 1 || lines > entries.length) return undefined;
  // Each line names the hash of the one before it.
  return entries[lines]?.previous ?? tip;
}

const FIRST = '0'.repeat(64);
/** Thousands of lines are a few MiB; what is larger is none of ours. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a chained file. A last line without a line break is what a power loss left of an event that was never acknowledged; it is passed over.
 * Anything else that does not fit fails with the number of the line: such a file is evidence and is not repaired.
 */
export async function readChain<Event>(path: string, kind: ChainKind<Event>): Promise<Result<ReadChain<Event>>> {
  let text: string;
  try {
    text = await readBounded(path);
  } catch (thrown) {
    return { ok: false, problem: kind.damaged(path, 0, reasonOf(thrown)) };
  }
  const lines = text.split('\n').slice(0, -1);
  const schema = entrySchema(kind);
  const entries: ChainEntry<Event>[] = [];
  let previous = FIRST;
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(schema, line);
    if (entry === undefined) {
      return { ok: false, problem: kind.damaged(path, index + 1, 'The line is not a record of this file.') };
    }
    if (entry.seq !== index || entry.previous !== previous) {
      return {
        ok: false,
        problem: kind.damaged(path, index + 1, 'The line does not follow from the one before it.'),
      };
    }
    entries.push(entry);
    previous = digest(line);
  }
  return ok({ entries, tip: previous });
}

/** Opens a chained file for appending: new, or with everything that is in it. */
export async function openChain<Event>(
  path: string,
  kind: ChainKind<Event>,
  now: () => Date,
): Promise<Result<Chain<Event>>> {
  const file = await openJournalFile(path);
  if (!file.ok) return file;
  const chain = await readChain(path, kind);
  if (!chain.ok) {
    await file.value.close();
    return chain;
  }
  return ok(chainOver(file.value, chain.value, now));
}

function chainOver<Event>(file: JournalFile, chain: ReadChain<Event>, now: () => Date): Chain<Event> {
  const { entries } = chain;
  let previous = chain.tip;
  let tail: Promise<unknown> = Promise.resolve();

  const write = async (event: Event): Promise<Result<ChainEntry<Event>>> => {
    const entry: ChainEntry<Event> = { seq: entries.length, at: now().toISOString(), event, previous };
    const line = JSON.stringify(entry);
    const appended = await file.append(line);
    if (!appended.ok) return appended;
    entries.push(entry);
    previous = digest(line);
    return ok(entry);
  };

  return {
    entries,
    get tip() {
      return previous;
    },
    append(event) {
      const result = tail.then(() => write(event));
      tail = result;
      return result;
    },
    close: () => file.close(),
  };
}

function entrySchema<Event>(kind: ChainKind<Event>) {
  return z.object({
    seq: z.number().int().min(0),
    at: z.iso.datetime(),
    event: kind.event,
    previous: z.string().regex(/^[0-9a-f]{64}$/),
  });
}

function parseLine<Event>(schema: z.ZodType<ChainEntry<Event>>, line: string): ChainEntry<Event> | undefined {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    // Neither the JSON parser's nor the schema's words help a technician; the caller names the line.
    return undefined;
  }
}

async function readBounded(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) throw new RangeError(`The file has ${size} bytes; such a file has ${MAX_BYTES} at the most.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function digest(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}
