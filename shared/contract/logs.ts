import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import type { LogGap, LogReadout, RecorderInfo } from '../domain/log.ts';
import { dlmsSchema } from './dlms.ts';
import { backupItemSchema, meterAddressSchema, problemSchema } from './domain.ts';
import { resultOf } from './results.ts';

/**
 * Logs and waveforms for a screen: never a whole log at once. Times are milliseconds since 1970 UTC, because there are many of them; single
 * points in time are ISO 8601 as everywhere.
 */
const text = z.string().max(100_000);
const shortText = z.string().max(4_000);
const isoTime = z.iso.datetime();
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const path = z.string().min(1).max(32_767);
const time = z.number().min(-8.64e15).max(8.64e15);
/** OBIS code of a Profile Generic. */
const recorder = z.string().min(1).max(100);

/** Most rows that one page of a table may have. */
const ROWS_AT_ONCE = 1_000;
/** Most columns of one trend. */
const TREND_COLUMNS = 12;
/** Most gaps that are named one by one. */
export const GAPS_NAMED = 500;

/** Where a log lies: in a sealed backup, or in a file that was read from a meter into the data folder. */
export const logSourceSchema = z.union([z.strictObject({ bag: path }), z.strictObject({ file: path })]);
export type LogSource = z.infer<typeof logSourceSchema>;

const columnSchema = z.object({ id: shortText, label: shortText, unit: shortText.nullable(), scaler: z.number() });

const recorderSchema = z.object({
  id: recorder,
  kind: z.enum(['recorder', 'events']),
  name: shortText.nullable(),
  entries: count,
  capacity: count.nullable(),
  interval: z.number().min(0),
  columns: z.array(columnSchema).max(1_000),
  columnsNotExported: count.nullable(),
  sourcesUnknown: text.exactOptional(),
  first: isoTime.nullable(),
  last: isoTime.nullable(),
  /** Why it cannot be read. */
  unreadable: text.exactOptional(),
}) satisfies z.ZodType<RecorderInfo>;

const readoutSchema = z.object({
  rows: count,
  rebuilt: count,
  undated: count,
  roundTrips: count,
  bytes: count,
  milliseconds: z.number().min(0),
  resumed: count,
  by: z.enum(['entry', 'range', 'whole']).exactOptional(),
  missed: count.exactOptional(),
}) satisfies z.ZodType<LogReadout>;

const gapSchema = z.object({ after: isoTime, before: isoTime, missing: count }) satisfies z.ZodType<LogGap>;

/** A log that was saved, by what its sidecar says. */
const savedLogSchema = z.object({
  recorder: recorderSchema,
  /** Rows in the file; fewer than the recorder has where only new ones were fetched. */
  rows: count,
  first: isoTime.nullable(),
  last: isoTime.nullable(),
  gaps: z.array(gapSchema).max(1_000),
  gapCount: count,
  readout: readoutSchema,
  readAt: isoTime,
  /** The backup that older rows were taken over from, how many rows both have and are equal, and the last time of the older one; null where all were read. */
  continues: z.object({ bag: shortText, overlap: count, lastOfOlder: isoTime }).nullable(),
});
export type SavedLog = z.infer<typeof savedLogSchema>;

const savedLogsSchema = z.object({
  meter: z.object({ serial: shortText.nullable(), firmware: shortText.nullable(), simulated: z.boolean() }),
  logs: z.array(savedLogSchema),
  /** What the backup says of its logs and waveforms: the reasons where there are none. Empty for a file. */
  items: z.array(backupItemSchema),
  /** Logs that are there and cannot be read. */
  problems: z.array(problemSchema),
});
export type SavedLogs = z.infer<typeof savedLogsSchema>;

const seriesSchema = z.object({
  values: z.array(z.number().nullable()),
  min: z.number().nullable(),
  max: z.number().nullable(),
  last: z.number().nullable(),
  count,
});

const trendSchema = z.object({
  /** Of the whole log; null where no row has a time. */
  whole: z.object({ from: time, to: time }).nullable(),
  times: z.array(z.number()),
  /** In the order in which columns were asked for. */
  series: z.array(seriesSchema),
  gaps: z.array(z.object({ from: time, to: time })).max(GAPS_NAMED),
  gapCount: count,
  /** False where every row inside the view is a point. */
  thinned: z.boolean(),
  /** Rows inside the view. */
  rows: count,
});
export type TrendAnswer = z.infer<typeof trendSchema>;

const rowsSchema = z.object({
  total: count,
  start: count,
  times: z.array(z.number().nullable()),
  /** How each time is known. */
  origins: z.array(z.enum(['meter', 'rebuilt', 'none'])),
  /** By row, in the order of the columns; null where the meter had none. */
  values: z.array(z.array(z.union([z.number(), text, z.null()]))),
});
export type RowsAnswer = z.infer<typeof rowsSchema>;

const keptLogSchema = z.object({ file: path, recorder: recorderSchema, rows: count, readAt: isoTime });
export type KeptLog = z.infer<typeof keptLogSchema>;

/** A log of a meter as it was listed; goes with every event of its read, because a page that is loaded again has no list. */
const logToReadSchema = recorderSchema.pick({ id: true, kind: true, name: true });
export type LogToRead = z.infer<typeof logToReadSchema>;

/** A live read: progress, then its outcome as the last event. */
const readEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    log: logToReadSchema,
    /** Null until the first rows have come. */
    progress: z
      .object({
        rows: count,
        /** Null where the number is not known. */
        of: count.nullable(),
        rowsPerSecond: z.number().min(0),
        roundTrips: count,
      })
      .nullable(),
  }),
  z.object({
    type: z.literal('done'),
    log: logToReadSchema,
    result: z.object({ file: path, rows: count, readout: readoutSchema }),
  }),
  /** A person stopped it: nothing of it is kept. */
  z.object({ type: z.literal('stopped'), log: logToReadSchema }),
  z.object({ type: z.literal('failed'), log: logToReadSchema, problem: problemSchema }),
]);
export type LogReadEvent = z.infer<typeof readEventSchema>;

const one = z.object({ source: logSourceSchema, recorder });
const ofMeter = z.object({ address: meterAddressSchema });

export const logsContract = {
  /** What a backup or a file holds. */
  recorders: oc.input(z.object({ source: logSourceSchema })).output(resultOf(savedLogsSchema)),
  trend: oc
    .input(
      z.object({
        ...one.shape,
        /** Numbers of columns, counted from 0. */
        columns: z.array(count).min(1).max(TREND_COLUMNS),
        /** Without them: the whole log. */
        from: time.nullable(),
        to: time.nullable(),
        points: z.number().int().min(4).max(20_000),
      }),
    )
    .output(resultOf(trendSchema)),
  rows: oc
    .input(z.object({ ...one.shape, start: count, count: z.number().int().min(1).max(ROWS_AT_ONCE) }))
    .output(resultOf(rowsSchema)),
  /** The row at a time or the next one after it; the last one where there is none. */
  at: oc.input(z.object({ ...one.shape, time })).output(resultOf(z.object({ row: count }))),
  /** Writes a part of a log as CSV, with a sidecar that says what it is. `undated` rows have no time and were left out of a range. */
  export: oc
    .input(z.object({ ...one.shape, from: time.nullable(), to: time.nullable(), out: path }))
    .output(resultOf(z.object({ file: path, sidecar: path, rows: count, undated: count }))),
  /**
   * The logs that a meter exports over DLMS now. With `dlms` the association is made so and not otherwise, and is remembered for the meter once the
   * meter took it; without it, what is remembered is used, or the public client.
   */
  onMeter: oc
    .input(z.object({ ...ofMeter.shape, dlms: dlmsSchema.exactOptional() }))
    .output(resultOf(z.array(recorderSchema))),
  /** Reads a log from a meter into the data folder. It belongs to the engine: it goes on when the page goes. One at a time for each meter. */
  read: oc.input(z.object({ ...ofMeter.shape, log: logToReadSchema })).output(eventIterator(readEventSchema)),
  /** The read that is under way for a meter, or how the last one ended; no event where there was none since the engine began. */
  follow: oc.input(ofMeter).output(eventIterator(readEventSchema)),
  /** Ends the read that is under way; false where there is none. */
  stop: oc.input(ofMeter).output(z.boolean()),
  /** Logs of a meter that were read into the data folder, newest first. */
  kept: oc.input(z.object({ serial: z.string().min(1).max(200) })).output(resultOf(z.array(keptLogSchema))),
};
