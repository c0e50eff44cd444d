import { z } from 'zod';
import {
  type BacnetPlan,
  CHANGE_CHANNELS,
  CHANGE_OUTCOMES,
  type Change,
  type ChangeResult,
  type ClockPlan,
  CONSEQUENCE_IDS,
  type Plan,
  type RecordersPlan,
  SETTING_AREAS,
  type SecurityPlan,
  type Setting,
} from '../domain/change.ts';
import { GATE_VERDICTS } from '../domain/gate.ts';
import { DEVICE_MODES } from '../domain/settings/bacnet.ts';
import { COMPLEXITIES } from '../domain/settings/passwords/policy.ts';
import { RIGHTS } from '../domain/settings/passwords/rights.ts';
import { RECORD_MODES, type RecorderSettings } from '../domain/settings/recorders/recorder.ts';
import { RULE_IDS, type RuleRow } from '../domain/settings/rule-row.ts';
import { provenanceSchema } from './domain.ts';

/**
 * Schemas of a meter's configuration: what goes to the page, and what a plan file may hold. They bound sizes and refuse unknown keys;
 * whether a value is right for a meter is for the rules in shared/domain/settings, which answer field by field.
 */
const text = z.string().max(100_000);
const shortText = z.string().max(4_000);
/** One line: a list of sources travels as text with one of them a line. */
const label = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
const integer = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

export const settingAreaSchema = z.enum(SETTING_AREAS);
const settingValueSchema = z.union([text, z.number(), z.boolean(), z.null()]);

export const settingSchema = z.object({
  id: shortText,
  area: settingAreaSchema,
  label: shortText,
  value: settingValueSchema,
  unit: shortText.exactOptional(),
  provenance: provenanceSchema.exactOptional(),
  because: text.exactOptional(),
}) satisfies z.ZodType<Setting>;

export const changeSchema = z.object({
  id: shortText,
  from: settingValueSchema,
  to: settingValueSchema,
  channel: z.enum(CHANGE_CHANNELS),
  destroys: z.array(
    z.object({
      recorder: z.number().int().min(1).max(64),
      records: z.number().int().min(0).nullable(),
      backup: z.enum(['fresh', 'missing']),
    }),
  ),
  mayCutConnection: z.boolean(),
  consequences: z.array(z.enum(CONSEQUENCE_IDS)),
}) satisfies z.ZodType<Change>;

export const changeResultSchema = z.object({
  id: shortText,
  outcome: z.enum(CHANGE_OUTCOMES),
  because: text,
  before: settingValueSchema,
  after: settingValueSchema,
}) satisfies z.ZodType<ChangeResult>;

export const ruleRowSchema = z.object({
  field: shortText,
  rule: z.enum(RULE_IDS),
  verdict: z.enum(GATE_VERDICTS),
  because: text,
  limit: shortText,
}) satisfies z.ZodType<RuleRow>;

const bacnetPlanSchema = z.strictObject({
  enabled: z.boolean().exactOptional(),
  deviceId: integer.exactOptional(),
  deviceMode: z.enum(DEVICE_MODES).exactOptional(),
  bbmdAddress: z.string().max(64).nullable().exactOptional(),
  bbmdPort: integer.nullable().exactOptional(),
  ethernetDeviceName: z.string().max(1_000).exactOptional(),
}) satisfies z.ZodType<BacnetPlan>;

const securityPlanSchema = z.strictObject({
  complexity: z.enum(COMPLEXITIES).exactOptional(),
  minimumLength: integer.exactOptional(),
  users: z
    .record(
      z.string().regex(/^USER[1-9]\d?$/),
      z.strictObject({ rights: z.array(z.enum(RIGHTS)).max(RIGHTS.length).readonly() }),
    )
    .exactOptional(),
}) satisfies z.ZodType<SecurityPlan>;

const recorderPlanSchema = z.strictObject({
  name: label.exactOptional(),
  interval: z.number().min(0).max(1e9).nullable().exactOptional(),
  depth: integer.exactOptional(),
  bufferDepth: integer.exactOptional(),
  sources: z.array(label.min(1)).max(1_000).readonly().exactOptional(),
  insertOutageRecords: z.boolean().exactOptional(),
  mode: z.enum(RECORD_MODES).exactOptional(),
  preTrigger: integer.exactOptional(),
  postTrigger: integer.exactOptional(),
}) satisfies z.ZodType<Partial<RecorderSettings>>;

const recordersPlanSchema = z.strictObject({
  recorders: z.record(z.string().regex(/^[1-9]\d?$/), recorderPlanSchema),
}) satisfies z.ZodType<RecordersPlan>;

export const clockPlanSchema = z.strictObject({
  set: z.union([z.literal(true), z.iso.datetime()]),
}) satisfies z.ZodType<ClockPlan>;

/** A plan file, already taken apart from its JSON or YAML. */
export const planSchema = z.discriminatedUnion('area', [
  z.strictObject({ area: z.literal('bacnet'), settings: bacnetPlanSchema }),
  z.strictObject({ area: z.literal('security'), settings: securityPlanSchema }),
  z.strictObject({ area: z.literal('recorders'), settings: recordersPlanSchema }),
  z.strictObject({ area: z.literal('clock'), settings: clockPlanSchema }),
]) satisfies z.ZodType<Plan>;
