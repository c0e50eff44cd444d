import { z } from 'zod';
import { BACKUP_ITEM_IDS, BACKUP_ITEM_STATES } from '../../shared/domain/backup.ts';
import { FEATURE_SETS } from '../../shared/domain/feature-set.ts';
import type { BackupEvidence } from './types.ts';

const VERSION_PART = z.int().min(0).max(999);
const UTC = z.iso.datetime();

const PROBLEM = z.object({
  code: z.string(),
  title: z.string(),
  because: z.string(),
  meterState: z.string(),
  nextStep: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** Identity of a meter as it stands in JSON. */
const IDENTITY = z.object({
  name: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  firmware: z.object({ major: VERSION_PART, minor: VERSION_PART, patch: VERSION_PART }).nullable(),
  productId: z.number().nullable(),
  commercialReference: z.string().nullable(),
  manufacturer: z.string().nullable(),
  featureSet: z.enum(FEATURE_SETS),
  simulated: z.boolean(),
});

const CLOCK = z.object({
  meterUtc: UTC.nullable(),
  pcUtc: UTC,
  offsetSeconds: z.number().nullable(),
  uncertaintySeconds: z.number().nullable(),
  source: z.enum(['unix-time-register', 'date-time-registers', 'none']),
  because: z.string(),
});

const ITEM = z.object({
  id: z.enum(BACKUP_ITEM_IDS),
  state: z.enum(BACKUP_ITEM_STATES),
  count: z.int().min(0),
  expected: z.int().min(0).exactOptional(),
  bytes: z.int().min(0),
  because: z.string(),
  waiver: z.object({ by: z.string(), reason: z.string() }).exactOptional(),
  problem: PROBLEM.exactOptional(),
});

const COUNT = z.int().min(0);
const LOG = z.object({
  id: z.string(),
  name: z.string().nullable(),
  kind: z.enum(['recorder', 'events']),
  rows: COUNT,
  first: z.string().nullable(),
  last: z.string().nullable(),
  gapCount: COUNT,
  columns: COUNT,
  columnsNotExported: COUNT.nullable(),
  readout: z.object({
    rows: COUNT,
    milliseconds: z.number().min(0),
    roundTrips: COUNT,
    by: z.enum(['entry', 'range', 'whole']).exactOptional(),
    missed: COUNT.exactOptional(),
  }),
  fetched: z.string(),
});

const MISSED_LOG = z.object({
  id: z.string(),
  name: z.string().nullable(),
  kind: z.enum(['recorder', 'events']),
  entries: COUNT,
  because: z.string(),
});

const EVIDENCE: z.ZodType<BackupEvidence> = z.object({
  format: z.literal('meterwright-backup/1'),
  tool: z.object({ name: z.literal('Meterwright'), version: z.string() }),
  by: z.string(),
  startedAt: UTC,
  endedAt: UTC,
  host: z.string(),
  identity: IDENTITY,
  clock: CLOCK,
  items: z.array(ITEM).max(BACKUP_ITEM_IDS.length),
  gaps: z.array(z.string()),
  logs: z.array(LOG).max(1_000).exactOptional(),
  missedLogs: z.array(MISSED_LOG).max(1_000).exactOptional(),
});

/** Reads `evidence.json`; a text that is no evidence of this format gives the reason, never the content. */
export function parseEvidence(text: string): BackupEvidence | { readonly because: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message quotes the file; that it is no JSON is all there is to say.
    return { because: 'evidence.json is not JSON.' };
  }
  const parsed = EVIDENCE.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  return { because: `evidence.json has not the form meterwright-backup/1${where === '' ? '' : ` (at ${where})`}.` };
}
