import { createHash, randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import { codeOf, diskProblem } from './durable.ts';
import { makeFolders } from './folders.ts';
import { isRunning, type ProcessMark, thisProcess } from './process-mark.ts';

/** Something that one process at a time may work on; nobody else gets it until it is released or its process has ended. */
export interface Lock {
  /** Idempotent. */
  release(): Promise<void>;
}

/** What stands in a lock file. */
interface Holder extends ProcessMark {
  /** Tells two locks of one process apart. */
  readonly id: string;
  /** ISO 8601 UTC, for people. */
  readonly takenAt: string;
}

/** Locks that this process holds: a lock with our process id that is not here is one of an earlier process that had the same id. */
const held = new Set<string>();
/** How often a lock is tried again when its file changes under our eyes. */
const MAX_ATTEMPTS = 5;

/**
 * Takes the lock on `subject` (a meter, a job: any text) with a file in `folder`, which is made when missing. `inventory/locked` when a running
 * process has it, this one included. A file whose process has ended, or that a crash left half written, is taken over.
 */
export async function acquireLock(folder: string, subject: string): Promise<Result<Lock>> {
  const path = lockPath(folder, subject);
  try {
    await makeFolders(folder);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const mine = await createLockFile(path);
      if (mine !== undefined) return ok(lockOver(path, mine));
      const text = await readLock(path);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder !== undefined && (await isHeld(holder))) return locked(subject, holder);
      await removeStale(path, text);
    }
    return locked(subject, undefined);
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, path, 'written') };
  }
}

/** Whether a running process, this one included, holds the lock on `subject`. A lock that cannot be read counts as held. */
export async function isLocked(folder: string, subject: string): Promise<boolean> {
  return (await lockState(folder, subject)).held;
}

/** How a lock stands. */
export interface LockState {
  /** A running process, this one included, has it, or the file cannot be read. */
  readonly held: boolean;
  /** Who took it, whether or not that process still runs; null where nobody did, or it is not known. */
  readonly holder: { readonly pid: number; readonly takenAt: string } | null;
}

/** The lock on `subject`, that of a process which ended without releasing it included. */
export async function lockState(folder: string, subject: string): Promise<LockState> {
  try {
    const text = await readLock(lockPath(folder, subject));
    const holder = text === undefined ? undefined : parseHolder(text);
    if (holder === undefined) return { held: false, holder: null };
    return { held: await isHeld(holder), holder: { pid: holder.pid, takenAt: holder.takenAt } };
  } catch {
    // The careful answer: what may be running is not called interrupted.
    return { held: true, holder: null };
  }
}

/** A name for every system: readable, and different for different subjects. */
function lockPath(folder: string, subject: string): string {
  const readable = subject.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 60);
  const digest = createHash('sha256').update(subject).digest('hex').slice(0, 12);
  return join(folder, `${readable}-${digest}.lock`);
}

/** Makes the file unless it is there; returns the id of the new lock. It appears with its whole content or not at all. */
async function createLockFile(path: string): Promise<string | undefined> {
  const holder: Holder = { ...(await thisProcess()), id: randomUUID(), takenAt: new Date().toISOString() };
  const temporary = `${path}.${holder.id}.tmp`;
  held.add(holder.id);
  try {
    await writeNew(temporary, JSON.stringify(holder));
    await giveName(temporary, path, JSON.stringify(holder));
    return holder.id;
  } catch (thrown) {
    held.delete(holder.id);
    if (codeOf(thrown) === 'EEXIST') return undefined;
    throw thrown;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A hard link is made only where the name is free. File systems without links get the content written in place. */
async function giveName(temporary: string, path: string, content: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' || codeOf(thrown) === 'ENOENT') throw thrown;
    await writeNew(path, content);
  }
}

async function writeNew(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/**
 * Takes a stale file away under another name, and puts it back when it turns out that somebody else took it over in between: two processes
 * that see the same stale lock must not both get it.
 */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.stale`;
  try {
    await rename(path, aside);
  } catch (thrown) {
    // Another process was faster, or (on Windows) is just reading it: the next attempt looks again.
    if (['ENOENT', 'EPERM', 'EACCES', 'EBUSY'].includes(codeOf(thrown))) return;
    throw thrown;
  }
  if ((await readLock(aside)) !== seen) {
    await link(aside, path).catch(() => {
      // The name is taken again: its new holder and the one moved aside look at each other's processes, not at this one.
    });
  }
  await rm(aside, { force: true });
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Undefined for anything this program did not write completely. */
export function parseHolder(text: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A power loss can leave an empty or torn file, and its process is gone for certain then.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, started, uptimeSeconds, id, takenAt } = value as Partial<Record<keyof Holder, unknown>>;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (typeof uptimeSeconds !== 'number' || typeof id !== 'string' || typeof takenAt !== 'string') return undefined;
  if (started !== null && typeof started !== 'string') return undefined;
  return { pid, started, uptimeSeconds, id, takenAt };
}

async function isHeld(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid) return held.has(holder.id);
  return isRunning(holder, uptime());
}

function lockOver(path: string, id: string): Lock {
  return {
    async release() {
      if (!held.has(id)) return;
      // Only our own file: after a takeover by mistake the name belongs to another.
      if (parseHolder((await readLock(path)) ?? '')?.id === id) await rm(path, { force: true });
      held.delete(id);
    },
  };
}

function locked(subject: string, holder: Holder | undefined): Result<Lock> {
  return fail({
    code: 'inventory/locked',
    title: 'Another job works on this already',
    because:
      holder === undefined
        ? `${subject} is being locked by others right now.`
        : `${subject} is locked by process ${holder.pid} since ${holder.takenAt}.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Wait for the other job to end, or stop it, and try again.',
    details: { subject, pid: holder?.pid ?? null, takenAt: holder?.takenAt ?? null },
  });
}
