import { z } from 'zod';
import { BACKUP_ITEM_IDS, BACKUP_ITEM_STATES, type BackupItem } from '../domain/backup.ts';
import { CAPABILITY_IDS, CAPABILITY_STATES, type Capability } from '../domain/capability.ts';
import { FEATURE_SETS } from '../domain/feature-set.ts';
import type { FirmwareVersion } from '../domain/firmware-version.ts';
import { GATE_IDS, GATE_VERDICTS, type Gate, type GateOverride } from '../domain/gate.ts';
import type { HandOff } from '../domain/hand-off.ts';
import type { Advisory, ClockReading, MeterIdentity } from '../domain/identity.ts';
import {
  type JobProgress,
  type JobSummary,
  type MeterAnswer,
  type RowProgress,
  UPGRADE_CHANNELS,
  UPGRADE_STATES,
  UPGRADE_TARGETS,
} from '../domain/job.ts';
import type { Problem } from '../domain/problem.ts';
import { PROVENANCES } from '../domain/provenance.ts';
import { LONGEST_SITE } from '../domain/site.ts';
import { type Finding, VERDICTS } from '../domain/verdict.ts';

/**
 * Schemas of the core types. They stand at every boundary: between page and engine, and between a file on disk and the code that
 * believes it. `satisfies` holds each to the type of the same name in shared/domain.
 */
const text = z.string().max(100_000);
const shortText = z.string().max(4_000);
const isoTime = z.iso.datetime();
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const problemSchema = z.object({
  code: z.string().min(1).max(100),
  title: shortText,
  because: text,
  meterState: shortText,
  nextStep: text,
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
}) satisfies z.ZodType<Problem>;

const versionPart = z.number().int().min(0).max(999);
export const firmwareVersionSchema = z.object({
  major: versionPart,
  minor: versionPart,
  patch: versionPart,
}) satisfies z.ZodType<FirmwareVersion>;

export const identitySchema = z.object({
  name: shortText.nullable(),
  model: shortText.nullable(),
  serial: shortText.nullable(),
  firmware: firmwareVersionSchema.nullable(),
  productId: z.number().int().nullable(),
  commercialReference: shortText.nullable(),
  manufacturer: shortText.nullable(),
  featureSet: z.enum(FEATURE_SETS),
  simulated: z.boolean(),
}) satisfies z.ZodType<MeterIdentity>;

export const clockSchema = z.object({
  meterUtc: isoTime.nullable(),
  pcUtc: isoTime,
  offsetSeconds: z.number().nullable(),
  uncertaintySeconds: z.number().nullable(),
  source: z.enum(['unix-time-register', 'date-time-registers', 'none']),
  because: text,
}) satisfies z.ZodType<ClockReading>;

export const advisorySchema = z.object({
  id: shortText,
  title: shortText,
  severity: z.enum(['info', 'warning', 'danger']),
  fixedIn: shortText,
  advice: text,
  source: shortText,
}) satisfies z.ZodType<Advisory>;

export const capabilitySchema = z.object({
  id: z.enum(CAPABILITY_IDS),
  state: z.enum(CAPABILITY_STATES),
  because: text,
}) satisfies z.ZodType<Capability>;

// With exactOptionalPropertyTypes an optional property may be absent but not undefined; zod says so with exactOptional.
export const gateSchema = z.object({
  id: z.enum(GATE_IDS),
  verdict: z.enum(GATE_VERDICTS),
  because: text,
  fix: text,
  confirm: z.string().min(1).max(200).exactOptional(),
}) satisfies z.ZodType<Gate>;

export const gateOverrideSchema = z.object({
  gate: z.enum(GATE_IDS),
  reason: z.string().trim().min(1).max(1_000),
}) satisfies z.ZodType<GateOverride>;

export const verdictSchema = z.enum(VERDICTS);

export const findingSchema = z.object({
  id: shortText,
  verdict: verdictSchema,
  before: text,
  after: text,
  because: text,
}) satisfies z.ZodType<Finding>;

export const backupItemSchema = z.object({
  id: z.enum(BACKUP_ITEM_IDS),
  state: z.enum(BACKUP_ITEM_STATES),
  count,
  expected: count.exactOptional(),
  bytes: count,
  because: text,
  waiver: z.object({ by: shortText, reason: shortText }).exactOptional(),
  problem: problemSchema.exactOptional(),
}) satisfies z.ZodType<BackupItem>;

export const provenanceSchema = z.enum(PROVENANCES);
export const upgradeStateSchema = z.enum(UPGRADE_STATES);
export const upgradeChannelSchema = z.enum(UPGRADE_CHANNELS);
export const upgradeTargetSchema = z.enum(UPGRADE_TARGETS);

export const rowProgressSchema = z.object({
  done: count,
  total: count.nullable(),
  perSecond: z.number().min(0),
}) satisfies z.ZodType<RowProgress>;

export const jobProgressSchema = z.object({
  job: shortText,
  meter: shortText,
  state: upgradeStateSchema,
  stage: z.object({ index: count, count, label: shortText }),
  bytes: z.object({ done: count, total: count, perSecond: z.number().min(0) }).exactOptional(),
  rows: rowProgressSchema.exactOptional(),
  secondsLeft: z.number().min(0).exactOptional(),
  waitUntil: isoTime.exactOptional(),
  stop: z.enum(['safe', 'too-late', 'ended']),
  message: text,
}) satisfies z.ZodType<JobProgress>;

const port = z.number().int().min(1).max(65_535);
export const meterAddressSchema = z.object({
  /** A name or an address; never a URL, a path or an option. */
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[A-Za-z0-9:][A-Za-z0-9.:%_-]*$/),
  ports: z.object({ modbus: port, sftp: port, dlms: port, bacnet: port }),
  unit: z.number().int().min(1).max(255),
  timeoutMs: z.number().int().min(100).max(60_000),
});

/** Where a meter stands, as a person calls the place: one line. */
export const siteSchema = z
  .string()
  .trim()
  .max(LONGEST_SITE)
  .regex(/^\P{Cc}*$/u);

const meterAnswerSchema = z.object({
  state: z.enum(['asking', 'answers', 'silent']),
  at: isoTime,
  firmware: firmwareVersionSchema.nullable(),
  serial: shortText.nullable(),
  because: text,
}) satisfies z.ZodType<MeterAnswer>;

export const jobSummarySchema = z.object({
  job: shortText,
  purpose: z.literal('upgrade'),
  host: shortText,
  meter: shortText,
  serial: shortText.nullable(),
  simulated: z.boolean(),
  channel: upgradeChannelSchema,
  target: upgradeTargetSchema,
  state: upgradeStateSchema,
  verdict: verdictSchema.nullable(),
  startedAt: isoTime,
  changedAt: isoTime,
  before: identitySchema.nullable(),
  after: identitySchema.nullable(),
  targetVersion: firmwareVersionSchema.nullable(),
  findings: z.array(findingSchema).readonly(),
  problem: problemSchema.nullable(),
  report: shortText.nullable(),
  asks: z.literal('apply').nullable(),
  interruptedAt: upgradeStateSchema.nullable(),
  pastNoReturn: z.boolean(),
  bag: text.nullable(),
  address: meterAddressSchema,
  file: z.object({ name: shortText, sha256: shortText }),
  minimumIonSetup: shortText.nullable(),
  sent: z.number().min(0).max(1).exactOptional(),
  slept: z.object({ from: isoTime, until: isoTime }).exactOptional(),
  meterAnswer: meterAnswerSchema.exactOptional(),
}) satisfies z.ZodType<JobSummary>;

export const handOffSchema = z.object({
  title: shortText,
  steps: z.array(z.object({ text, values: z.array(z.object({ label: shortText, value: shortText })) })),
  watch: text,
}) satisfies z.ZodType<HandOff>;
