import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CONSEQUENCE_IDS } from '../domain/change.ts';
import { TIME_SYNC_SOURCES } from '../domain/settings/clock.ts';
import { changeResultSchema, changeSchema, clockPlanSchema } from './configure.ts';
import { dlmsSchema } from './dlms.ts';
import { clockSchema, handOffSchema, identitySchema, meterAddressSchema, problemSchema } from './domain.ts';
import { resultOf } from './results.ts';

/** The clock has its own calls, because setting it is a deliberate action and nothing that a plan of settings does on the way. */
const text = z.string().max(100_000);
const person = z.string().trim().min(1).max(200);
const meter = z.object({ address: meterAddressSchema, dlms: dlmsSchema.exactOptional() });

const clockStateSchema = z.object({
  identity: identitySchema,
  /** Meter minus PC with the round trip taken out, and how sure that is. */
  clock: clockSchema,
  /** Null where the meter does not say what it takes its time from; `syncBecause` then says why. */
  syncSource: z.enum(['none', ...TIME_SYNC_SOURCES]).nullable(),
  syncBecause: text,
  /** More than the measurement may be off; null where the clock could not be read. */
  wrong: z.boolean().nullable(),
  /** How it could be set: over DLMS where a DLMS login was given for this meter, else by hand. */
  channel: z.enum(['dlms', 'hand-off']),
  /** What setting it would bring about. */
  consequences: z.array(z.enum(CONSEQUENCE_IDS)),
});
export type ClockState = z.infer<typeof clockStateSchema>;

const clockReviewSchema = z.object({
  state: clockStateSchema,
  plan: clockPlanSchema,
  /** One change with the id `time`, or none where the clock is right within its uncertainty. `to` is the time at the moment of this review. */
  changes: z.array(changeSchema),
  /** The change sheet, where it cannot be set over DLMS. */
  handOff: handOffSchema.nullable(),
});
export type ClockReview = z.infer<typeof clockReviewSchema>;

const clockOutcomeSchema = z.object({
  run: text,
  /** One with the id `time`. */
  results: z.array(changeResultSchema),
  before: clockSchema,
  /** Read again over Modbus afterwards; null when the meter did not answer any more. */
  after: clockSchema.nullable(),
  /** What is left to do by hand. */
  handOff: handOffSchema.nullable(),
  problem: problemSchema.nullable(),
});
export type ClockOutcome = z.infer<typeof clockOutcomeSchema>;

export const clockCalls = {
  clock: {
    read: oc.input(meter).output(resultOf(clockStateSchema)),
    /** Holds a plan against the clock; sets nothing. */
    plan: oc.input(z.object({ ...meter.shape, settings: clockPlanSchema })).output(resultOf(clockReviewSchema)),
    /** Sets the clock and reads it again. `clock/right-already` where there is nothing to set. */
    set: oc
      .input(z.object({ ...meter.shape, settings: clockPlanSchema, by: person }))
      .output(resultOf(clockOutcomeSchema)),
  },
};
