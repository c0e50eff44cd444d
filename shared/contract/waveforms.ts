import { oc } from '@orpc/contract';
import { z } from 'zod';
import { problemSchema } from './domain.ts';
import { logSourceSchema } from './logs.ts';
import { resultOf } from './results.ts';

/** COMTRADE records (IEEE C37.111, IEC 60255-24) for a screen. */
const shortText = z.string().max(4_000);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const path = z.string().min(1).max(32_767);

const rateSchema = z.object({ hz: z.number().min(0), lastSample: count });

const factsSchema = z.object({
  station: shortText,
  device: shortText,
  /** 1991, 1999 or 2013. */
  revision: z.number().int(),
  /** Of the line, in Hz; null where the record leaves it out. */
  frequency: z.number().nullable(),
  rates: z.array(rateSchema).max(1_000),
  samples: count,
  /** As the record has them, with all digits of their seconds; the record names no zone before the revision of 2013. */
  start: shortText,
  trigger: shortText,
  analogs: count,
  digitals: count,
  /** How samples are written: ASCII, BINARY, BINARY32, FLOAT32. */
  encoding: shortText,
});
export type WaveformFacts = z.infer<typeof factsSchema>;

const listedSchema = z.object({
  /** Path of the configuration inside the backup, with slashes. */
  file: path,
  bytes: count,
  /** Null where the configuration cannot be read; then there is a problem. */
  facts: factsSchema.nullable(),
  problem: problemSchema.nullable(),
});
export type ListedWaveform = z.infer<typeof listedSchema>;

const analogSchema = z.object({
  name: shortText,
  phase: shortText,
  component: shortText,
  unit: shortText,
  /** Which side of the transformer the numbers are of; unknown where the record does not say (1991). */
  side: z.enum(['primary', 'secondary', 'unknown']),
  /** Ratio of the transformer. */
  primary: z.number(),
  secondary: z.number(),
  /** Numbers of 64 bits, little endian, as Base64: one for each sample, NaN where it is missing. */
  samples: z.string(),
});

const digitalSchema = z.object({
  name: shortText,
  phase: shortText,
  component: shortText,
  /** What it rests at. */
  normal: z.union([z.literal(0), z.literal(1)]),
  /** Numbers of the samples where it changes, beginning with sample 0 when it is 1 there. */
  changes: z.array(count),
});
export type WaveformDigital = z.infer<typeof digitalSchema>;

const waveformSchema = z.object({
  file: path,
  facts: factsSchema,
  /** Seconds from the trigger for each sample, rising; as the samples are. */
  times: z.string(),
  analogs: z.array(analogSchema),
  digitals: z.array(digitalSchema),
  /** Whether times come from the sampling rate or from stamps of the samples. */
  timing: z.enum(['rate', 'stamp']),
  /** Analog samples that are marked as missing. */
  missing: count,
});
export type Waveform = z.infer<typeof waveformSchema>;

export const waveformsContract = {
  list: oc.input(z.object({ source: logSourceSchema })).output(resultOf(z.array(listedSchema))),
  open: oc.input(z.object({ source: logSourceSchema, file: path })).output(resultOf(waveformSchema)),
};
