import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { REPORT_FORMATS } from '../domain/report-format.ts';
import { RIGHTS } from '../domain/settings/passwords/rights.ts';
import { PASSWORD_STATES } from '../domain/settings/passwords/users.ts';
import {
  changeResultSchema,
  changeSchema,
  planSchema,
  ruleRowSchema,
  settingAreaSchema,
  settingSchema,
} from './configure.ts';
import { firmwareVersionSchema, handOffSchema, identitySchema, meterAddressSchema, problemSchema } from './domain.ts';
import { resultOf } from './results.ts';

/** Calls and views of the settings: maps, what a meter says, plans, and what came of them. Meters are named by their address; a login is not needed. */
const text = z.string().max(100_000);
const path = z.string().min(1).max(32_767);
const person = z.string().trim().min(1).max(200);
const runName = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);
const setupArea = z.enum(['bacnet', 'security', 'recorders']);
const meter = z.object({ address: meterAddressSchema });
/** Reasons for logs that are given up, by the number of the recorder. */
const giveUp = z.record(z.string().regex(/^[1-9]\d?$/), z.string().trim().min(1).max(1_000));

const mapSchema = z.object({
  fileName: z.string().max(255),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  provenance: z.enum(['site-map', 'simulated']),
});

export const areaReadingSchema = z.object({
  area: setupArea,
  identity: identitySchema,
  readAt: z.iso.datetime(),
  map: mapSchema.nullable(),
  confirmed: z.boolean(),
  settings: z.array(settingSchema),
  trouble: problemSchema.nullable(),
  mac: text.nullable(),
  users: z.array(
    z.object({ name: text, rights: z.array(z.enum(RIGHTS)).nullable(), password: z.enum(PASSWORD_STATES) }),
  ),
  /** Records in the log of each recorder now. */
  records: z.array(z.object({ recorder: z.number().int().min(1).max(64), records: z.number().int().min(0) })),
  /** Labels of the sources that a recorder can be given, as the meter names them; empty where it does not say. */
  sources: z.array(text),
});
export type AreaReadingView = z.infer<typeof areaReadingSchema>;

const reviewSchema = z.object({
  area: setupArea,
  reading: areaReadingSchema,
  rules: z.array(ruleRowSchema),
  changes: z.array(changeSchema),
  targets: z.array(z.object({ id: text, name: text, register: z.number().int().min(1).max(65_536) })),
  blocks: z.array(text),
  handOff: handOffSchema.nullable(),
});
export type PlanReviewView = z.infer<typeof reviewSchema>;

const outcomeSchema = z.object({
  run: text,
  results: z.array(changeResultSchema),
  handOff: handOffSchema.nullable(),
  after: areaReadingSchema.nullable(),
  problem: problemSchema.nullable(),
});
export type ApplyOutcomeView = z.infer<typeof outcomeSchema>;

const applyEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), of: z.number().int(), setting: text }),
  z.object({ type: z.literal('end'), result: resultOf(outcomeSchema) }),
]);
export type ApplyEvent = z.infer<typeof applyEventSchema>;

const conflictSchema = z.object({ register: z.number().int(), profile: text, row: text, because: text });
const mapStateSchema = z.object({
  map: mapSchema,
  rows: z.number().int(),
  writable: z.number().int(),
  /** The rows that were found for the settings of each area, and who confirmed them. */
  areas: z.array(
    z.object({
      area: setupArea,
      confirmed: z.object({ by: text, at: z.iso.datetime() }).nullable(),
      bound: z.array(z.object({ name: text, row: text, register: z.number().int(), writable: z.boolean() })),
      missing: z.array(text),
    }),
  ),
});
export type MapState = z.infer<typeof mapStateSchema>;

const recordSchema = z.object({
  run: text,
  at: text,
  by: text,
  serial: text.nullable(),
  meter: text.nullable(),
  firmware: text.nullable(),
  simulated: z.boolean(),
  area: settingAreaSchema,
  changes: z.array(changeSchema),
  results: z.array(changeResultSchema),
  problem: problemSchema.nullable(),
});
export type ConfigurationView = z.infer<typeof recordSchema>;

const templateSchema = z.object({
  name: z.string().trim().min(1).max(100),
  plan: planSchema,
  savedAt: z.iso.datetime(),
});
export type SettingsTemplate = z.infer<typeof templateSchema>;

export const settingsCalls = {
  maps: {
    /** The map that is kept for a firmware; null without one. */
    state: oc.input(z.object({ firmware: firmwareVersionSchema })).output(mapStateSchema.nullable()),
    import: oc.input(z.object({ file: path, firmware: firmwareVersionSchema })).output(
      resultOf(
        z.object({
          state: mapStateSchema,
          notUnderstood: z.array(z.object({ sheet: text, row: z.number().int(), because: text })),
          conflicts: z.array(conflictSchema),
        }),
      ),
    ),
    confirm: oc
      .input(z.object({ firmware: firmwareVersionSchema, area: setupArea, by: person }))
      .output(resultOf(mapStateSchema)),
  },
  configure: {
    read: oc.input(z.object({ ...meter.shape, area: setupArea })).output(resultOf(areaReadingSchema)),
    /** Holds a plan against the meter; writes nothing. `plan` of the clock is refused. */
    review: oc
      .input(z.object({ ...meter.shape, plan: planSchema, giveUp, assumeConfirmed: z.boolean() }))
      .output(resultOf(reviewSchema)),
    /** Applies a plan whose changes a person has seen. */
    apply: oc
      .input(z.object({ ...meter.shape, plan: planSchema, giveUp, changes: z.array(changeSchema), by: person }))
      .output(eventIterator(applyEventSchema)),
    /** Plans that were applied, newest first; of one meter, or of all for null. */
    records: oc.input(z.object({ serial: text.nullable() })).output(z.array(recordSchema)),
    /** Writes the report of one of them, to `out` or into the folder of reports. */
    report: oc
      .input(z.object({ run: runName, format: z.enum(REPORT_FORMATS), out: path.exactOptional() }))
      .output(resultOf(z.object({ file: text, sha256: text }))),
    /** A plan file (JSON or YAML) of this PC. */
    openPlan: oc.input(z.object({ file: path })).output(resultOf(planSchema)),
    savePlan: oc.input(z.object({ file: path, plan: planSchema })).output(resultOf(z.null())),
  },
  templates: {
    list: oc.output(z.array(templateSchema)),
    save: oc.input(z.object({ name: templateSchema.shape.name, plan: planSchema })).output(resultOf(z.null())),
    remove: oc.input(z.object({ name: templateSchema.shape.name })).output(resultOf(z.null())),
  },
};
