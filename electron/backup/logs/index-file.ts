import { z } from 'zod';
import { READOUT } from './sidecar.ts';

const UTC = z.string().max(40).nullable();

/** `data/logs/index.json`: every log that was looked for, with what the verification holds its file to. Paths are relative to `data/`. */
export const LOG_INDEX = z.object({
  format: z.literal('meterwright-logs/1'),
  logs: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(['recorder', 'events']),
        name: z.string().nullable(),
        csv: z.string(),
        sidecar: z.string(),
        rows: z.int().min(0),
        first: UTC,
        last: UTC,
        gapCount: z.int().min(0),
        columnsNotExported: z.int().min(0).nullable(),
        /** Rows that the meter counted: entries_in_use when the read began. */
        entries: z.int().min(0),
        /** How the log came into the bag: read whole and why not otherwise, or only what is new since another bag. */
        fetched: z.string(),
        /** The same as in the sidecar: how rows were asked for, and how many gave way to newer ones. Absent in bags of older versions. */
        readout: READOUT.exactOptional(),
      }),
    )
    .max(1_000),
  /** Logs that the meter shows and the bag does not have. */
  missed: z
    .array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        because: z.string(),
        /** Rows that the meter counts in it: that many are not in the bag. These two are absent in bags of older versions. */
        kind: z.enum(['recorder', 'events']).exactOptional(),
        entries: z.int().min(0).exactOptional(),
      }),
    )
    .max(1_000),
});
export type LogIndex = z.infer<typeof LOG_INDEX>;

/** Path of the index, relative to `data/`. */
export const LOG_INDEX_PATH = 'logs/index.json';
