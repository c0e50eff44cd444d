import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { METER_STATE, ok, type Problem, problem, type Result } from '../../shared/domain/problem.ts';
import { PASSWORD_OUTCOMES } from '../../shared/domain/settings/password-change.ts';
import { type ChainEntry, type ChainKind, openChain, readChain } from './chain.ts';
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

const TRAIL: ChainKind<AuditEvent> = { event: auditEventSchema, damaged };
const LOCK = 'audit trail';
/** Another process holds the trail for a few milliseconds at a time. */
const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;

/**
 * Adds lines to the audit trail, which all processes on this data folder share, and returns when they are on the disk. A trail that is damaged fails
 * with `audit/damaged` and is not written to.
 */
export async function recordAudit(
  paths: { readonly audit: string; readonly locks: string },
  events: readonly AuditEvent[],
  now: () => Date,
): Promise<Result<void>> {
  const lock = await lockTrail(paths.locks);
  if (!lock.ok) return lock;
  try {
    const trail = await openChain(paths.audit, TRAIL, now);
    if (!trail.ok) return trail;
    try {
      for (const event of events) {
        const written = await trail.value.append(event);
        if (!written.ok) return written;
      }
      return ok(undefined);
    } finally {
      await trail.value.close();
    }
  } finally {
    await lock.value.release();
  }
}

/** The whole trail, oldest first, after its chain was checked; empty where nothing was ever written. */
export async function readAudit(path: string): Promise<Result<readonly AuditEntry[]>> {
  if (!existsSync(path)) return ok([]);
  const chain = await readChain(path, TRAIL);
  return chain.ok ? ok(chain.value.entries) : chain;
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
    nextStep: `Keep the file for the records, and move it out of ${dirname(path)}: a new trail begins then, and says so by its first line.`,
    details: { path, line },
  });
}
