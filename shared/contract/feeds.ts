import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  advisorySchema,
  firmwareVersionSchema,
  identitySchema,
  jobProgressSchema,
  jobSummarySchema,
  meterAddressSchema,
  siteSchema,
} from './domain.ts';

/** A meter that this laptop knows. What it said of itself is as old as `lastSeen`; null where it was never asked. */
export const listedMeterSchema = z.object({
  id: z.string().min(1).max(80),
  address: meterAddressSchema,
  note: z.string().max(1_000),
  /** '' where nobody said. */
  site: siteSchema,
  addedAt: z.iso.datetime(),
  /** When it answered last. */
  lastSeen: z.iso.datetime().nullable(),
  identity: identitySchema.nullable(),
  /** Meter minus PC, in seconds. */
  clockOffsetSeconds: z.number().nullable(),
  advisories: z.array(advisorySchema),
});
export type ListedMeter = z.infer<typeof listedMeterSchema>;

/** Everything that happens to jobs; a page that connects gets a snapshot first. */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), jobs: z.array(jobSummarySchema) }),
  z.object({ type: z.literal('progress'), progress: jobProgressSchema }),
  z.object({ type: z.literal('changed'), summary: jobSummarySchema }),
  z.object({
    type: z.literal('asks'),
    job: z.string().max(100_000),
    /** What has to be confirmed: the point of no return. */
    question: z.literal('apply'),
  }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;

/**
 * What a page asks for first, and follows as long as it lives. The engine has these ready when it starts; the other calls of the contract come with
 * the first of them.
 */
export const feedsContract = {
  about: oc.output(
    z.object({
      version: z.string(),
      home: z.string(),
      platform: z.string(),
      node: z.string(),
      /** Who sits in front of this computer, for the records; a person may write another name. */
      user: z.string(),
      /** The newest main firmware that this version of the program knows of; null where it knows none. */
      newestFirmware: firmwareVersionSchema.nullable(),
    }),
  ),
  /** The meters that this laptop knows, now and again after each change. */
  meters: oc.output(eventIterator(z.array(listedMeterSchema))),
  /** What happens to jobs. */
  jobs: oc.output(eventIterator(jobEventSchema)),
};
