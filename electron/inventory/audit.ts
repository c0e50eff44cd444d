import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { METER_STATE, ok, type Problem, problem, type Result } from '../../shared/domain/problem.ts';
import { PASSWORD_OUTCOMES } from '../../shared/domain/settings/passwords/change.ts';
import { type AuditMark, isOfOtherTrail, markOf, parseMark } from './audit-mark.ts';
import {
  type Chain,
  type ChainEntry,
  type ChainKind,
  hashOfLine,
  openChain,
  type ReadChain,
  readChain,
} from './chain.ts';
import { codeOf, diskProblem, writeFileDurably } from './durable.ts';
import type { HomePaths } from './home.ts';
import { acquireLock } from './lock.ts';

/** Text in the trail is bounded: a list of 50 sources is the longest value. */
const text = z.string().max(20_000);
const value = z.union([text, z.number(), z.boolean(), z.null()]);

const settingEventSchema = z.object({
  /** What was done to a setting of a meter; `announced` is on the disk before anything is sent to the meter. */
  kind: z.literal('setting'),
  /** Ties the lines of one application of a plan together. */
  run: text,
  by: text,
  serial: text,
  area: z.enum(['bacnet', 'security', 'recorders', 'clock']),
  setting: text,
  from: value,
  to: value,
  channel: z.enum(['modbus', 'dlms', 'hand-off']),
  outcome: z.enum(['announced', 'written', 'skipped', 'failed', 'cannot-be-read-back']),
  because: text,
});

const passwordEventSchema = z.object({
  /** What was done with new passwords: sealed into a file, taken out of one, or sent to a meter. */
  kind: z.literal('password'),
  run: text,
  by: text,
  /** Empty where it is about a file with secrets of several meters. */
  serial: text,
  /** "USER2"; several of them divided by a comma where a file is meant. */
  user: text,
  channel: z.enum(['modbus', 'hand-off', 'file']),
  outcome: z.enum(['announced', 'sealed', 'opened', ...PASSWORD_OUTCOMES]),
  because: text,
});

const auditEventSchema = z.discriminatedUnion('kind', [settingEventSchema, passwordEventSchema]);

export type SettingEvent = z.infer<typeof settingEventSchema>;
export type PasswordEvent = z.infer<typeof passwordEventSchema>;
/** A line of the audit trail. Never a secret: a password is named and its value is not. */
export type AuditEvent = z.infer<typeof auditEventSchema>;
export type AuditEntry = ChainEntry<AuditEvent>;

/** What a line is about, in one cell of a table: "password USER2", "bacnet deviceId". */
export function subjectOf(event: AuditEvent): string {
  return event.kind === 'password' ? `password ${event.user}` : `${event.area} ${event.setting}`;
}

const TRAIL: ChainKind<AuditEvent> = { event: auditEventSchema, damaged };
const NO_LINES: ReadChain<AuditEvent> = { entries: [], tip: '' };
const LOCK = 'audit trail';
/** Another process holds the trail for a few milliseconds at a time. */
const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;

/** Where the trail is kept, and its end beside it. */
type TrailPaths = Pick<HomePaths, 'audit' | 'auditEnd'>;

/**
 * Adds lines to the audit trail, which all processes on this data folder share, and returns when they are on the disk. A trail that is damaged
 * (`audit/damaged`) or has lost its last lines (`audit/truncated`) is not written to.
 */
export async function recordAudit(
  paths: TrailPaths & Pick<HomePaths, 'locks'>,
  events: readonly AuditEvent[],
  now: () => Date,
): Promise<Result<void>> {
  const lock = await lockTrail(paths.locks);
  if (!lock.ok) return lock;
  try {
    const end = await readEnd(paths);
    if (!end.ok) return end;
    const trail = await openChain(paths.audit, TRAIL, now);
    if (!trail.ok) return trail;
    try {
      const lost = lossOf(paths.audit, trail.value, end.value);
      if (lost !== undefined) return { ok: false, problem: lost };
      for (const event of events) {
        const written = await trail.value.append(event);
        if (!written.ok) return written;
      }
      // Written after the lines: after a loss of power it is behind the trail, and never ahead of it.
      return writeFileDurably(paths.auditEnd, `${JSON.stringify(markOf(trail.value))}\n`);
    } finally {
      await trail.value.close();
    }
  } finally {
    await lock.value.release();
  }
}

/** The whole trail, oldest first, after its chain was checked; empty where nothing was ever written. */
export async function readAudit(path: string): Promise<Result<readonly AuditEntry[]>> {
  const chain = await readTrail(path);
  return chain.ok ? ok(chain.value.entries) : chain;
}

/** How far the trail reached when it was written last; null where nothing was written yet, or the note of it is gone. */
export async function auditMark(paths: TrailPaths): Promise<AuditMark | null> {
  const end = await readEnd(paths);
  return end.ok ? (end.value ?? null) : null;
}

/** A trail that fits together. */
export interface CheckedTrail {
  readonly entries: number;
  /** Marks that it was held against, that of its own end included. None: whether its last lines are missing is not known. */
  readonly marks: number;
  /** Marks that were set in another trail than this one: that one was moved away, or removed. */
  readonly otherTrail: number;
}

/**
 * Checks the trail: every line against the one before it, and its length against the marks that were set while it grew, the one beside it and those that
 * are given. `audit/damaged` where a line does not fit, `audit/truncated` where lines that were there are gone.
 */
export async function checkAudit(paths: TrailPaths, marks: readonly AuditMark[]): Promise<Result<CheckedTrail>> {
  const end = await readEnd(paths);
  if (!end.ok) return end;
  const trail = await readTrail(paths.audit);
  if (!trail.ok) return trail;
  const all = [...(end.value === undefined ? [] : [end.value]), ...marks];
  let otherTrail = 0;
  for (const mark of all) {
    // The end belongs to the trail that lies beside it; other marks may be of a trail that was moved away.
    if (mark !== end.value && isOfOtherTrail(trail.value, mark)) otherTrail += 1;
    else {
      const lost = lossOf(paths.audit, trail.value, mark);
      if (lost !== undefined) return { ok: false, problem: lost };
    }
  }
  return ok({ entries: trail.value.entries.length, marks: all.length - otherTrail, otherTrail });
}

async function readTrail(path: string): Promise<Result<ReadChain<AuditEvent>>> {
  return existsSync(path) ? readChain(path, TRAIL) : ok(NO_LINES);
}

async function readEnd({ audit, auditEnd }: TrailPaths): Promise<Result<AuditMark | undefined>> {
  let text: string;
  try {
    text = await readFile(auditEnd, 'utf8');
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? ok(undefined) : { ok: false, problem: diskProblem(thrown, auditEnd, 'read') };
  }
  const mark = parseMark(text);
  return mark === undefined
    ? { ok: false, problem: damaged(audit, 0, `${basename(auditEnd)} cannot be read.`) }
    : ok(mark);
}

/** What speaks against a trail that was once as a mark says. */
function lossOf(
  path: string,
  trail: Pick<Chain<AuditEvent>, 'entries' | 'tip'>,
  mark: AuditMark | undefined,
): Problem | undefined {
  if (mark === undefined) return undefined;
  const { length } = trail.entries;
  if (length < mark.lines) {
    return problem({
      code: 'audit/truncated',
      title: 'The audit trail has lost its last lines',
      because: `It has ${length} ${length === 1 ? 'line' : 'lines'}, and it had ${mark.lines}.`,
      meterState: METER_STATE.untouched,
      nextStep: nextStep(path),
      details: { path, lines: length, expected: mark.lines },
    });
  }
  return hashOfLine(trail, mark.lines) === mark.tip
    ? undefined
    : damaged(path, mark.lines, 'The line is not the one that was written there.');
}

async function lockTrail(folder: string) {
  let lock = await acquireLock(folder, LOCK);
  for (let tries = 1; !lock.ok && lock.problem.code === 'inventory/locked' && tries < LOCK_TRIES; tries += 1) {
    await delay(LOCK_WAIT_MS);
    lock = await acquireLock(folder, LOCK);
  }
  return lock;
}

function damaged(path: string, line: number, because: string): Problem {
  return problem({
    code: 'audit/damaged',
    title: 'The audit trail does not fit together',
    because: line === 0 ? because : `Line ${line}: ${because}`,
    meterState: METER_STATE.untouched,
    nextStep: nextStep(path),
    details: { path, line },
  });
}

function nextStep(path: string): string {
  return `Keep ${basename(path)} and audit-end.json for the records, and move both out of ${dirname(path)}: a new trail begins then.`;
}
