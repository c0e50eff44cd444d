import { z } from 'zod';
import {
  backupItemSchema,
  clockSchema,
  findingSchema,
  firmwareVersionSchema,
  gateSchema,
  identitySchema,
  problemSchema,
  upgradeChannelSchema,
  upgradeStateSchema,
  upgradeTargetSchema,
  verdictSchema,
} from '../../shared/contract/domain.ts';
import { CHANGE_OUTCOMES, SETTING_AREAS } from '../../shared/domain/change.ts';
import { TEXT_OF_STAGE } from './document/words.ts';

const text = z.string();
const utc = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** How a gate stands at the end: passed; gone on with a written reason; or in the way. */
const gate = z.object({
  ...gateSchema.shape,
  outcome: z.enum(['passed', 'overridden', 'stops']),
  override: z.object({ reason: text, by: text }).nullable(),
});

/** A log of a backup: what the bag holds, and how fast its rows came when they were read from the meter. */
const logReadout = z.object({
  id: text,
  name: text.nullable(),
  rows: count,
  first: text.nullable(),
  last: text.nullable(),
  gapCount: count,
  fetched: text,
  readout: z.object({
    rows: count,
    milliseconds: z.number().min(0),
    roundTrips: count,
    by: z.enum(['entry', 'range', 'whole']).exactOptional(),
    missed: count.exactOptional(),
  }),
});

const missedLog = z.object({ id: text, name: text.nullable(), entries: count, because: text });

/** What `evidence.json` of the bag says, or why it is not told here. */
const backup = z.object({
  /** Name of the bag's folder, without the folders above it. */
  bag: text,
  /** SHA-256 (hex) of the tag manifest when the job verified the bag. */
  fingerprint: text,
  evidence: z.discriminatedUnion('read', [
    z.object({
      read: z.literal(true),
      startedAt: utc,
      endedAt: utc,
      by: text,
      toolVersion: text,
      clock: clockSchema,
      items: z.array(backupItemSchema),
      gaps: z.array(text),
      /** Absent where the backup was made by a version that read no logs. */
      logs: z.array(logReadout).exactOptional(),
      /** Logs that the meter showed and the backup does not have; absent where the backup does not tell. */
      missedLogs: z.array(missedLog).exactOptional(),
    }),
    z.object({ read: z.literal(false), because: text }),
  ]),
  /** A verified backup of the same meter on the firmware that it has after the job, where the data folder has one: its readouts stand beside those before. */
  later: z.object({ bag: text, firmware: text, logs: z.array(logReadout) }).exactOptional(),
});

/** Settings that were applied to the meter while the job was under way or after it: a plan, and what came of each of its changes. */
const configuration = z.object({
  run: text,
  at: utc,
  by: text,
  area: z.enum(SETTING_AREAS),
  settings: z.array(
    z.object({
      id: text,
      from: text,
      to: text,
      /** `unknown` where the record ends before the outcome: the program was ended in between. */
      outcome: z.enum([...CHANGE_OUTCOMES, 'unknown']),
      because: text,
    }),
  ),
  /** What ended it early. */
  problem: text.nullable(),
});

const transfer = z.object({
  totalBytes: count,
  sentBytes: count,
  /** Where the last attempt went on; null when the transfer was not completed. */
  resumedFrom: count.nullable(),
  /** Measured between the progress records of the journal; null when there are not two of them. */
  bytesPerSecond: z.number().min(0).nullable(),
});

/** The signature that comes with the JSON file; a report without one says why. */
export const signature = z.discriminatedUnion('signed', [
  z.object({ signed: z.literal(true), algorithm: z.literal('Ed25519'), fingerprint: text, check: text }),
  z.object({ signed: z.literal(false), because: text }),
]);

/**
 * `report.json`: one job as a file for other programs and for auditors. It holds no secret, no path of the PC, and nothing that is not in the
 * journal or in the evidence of the backup. Times are UTC (ISO 8601).
 */
export const reportSchema = z.object({
  format: z.literal('meterwright-report/1'),
  /** What happened, in one sentence; for a job that has not ended it says that first. */
  headline: text,
  job: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/),
  state: upgradeStateSchema,
  ended: z.boolean(),
  /** The verdict of the job: computed once, from the findings; null when nothing was compared. */
  verdict: verdictSchema.nullable(),
  verdictMeans: text,
  simulated: z.boolean(),
  tool: z.object({ name: z.literal('Meterwright'), version: text }),
  writtenAt: utc,
  createdAt: utc,
  lastEventAt: utc,
  people: z.array(z.object({ did: text, by: text })),
  address: z.object({ host: text, modbusPort: count, unit: count }),
  channel: upgradeChannelSchema,
  target: upgradeTargetSchema,
  before: identitySchema,
  /** Null when the meter was not identified after the upgrade. */
  after: identitySchema.nullable(),
  package: z.object({
    file: text,
    sha256,
    image: z.object({ name: text, size: count, sha256 }),
    targetVersion: firmwareVersionSchema.nullable(),
    minimumIonSetup: text.nullable(),
  }),
  pointOfNoReturn: z.object({ passed: z.boolean(), because: text }),
  problem: problemSchema.omit({ details: true }).nullable(),
  findings: z.array(findingSchema),
  /** What nobody may conclude from this report, one sentence each. */
  notCompared: z.array(text),
  gates: z.array(gate),
  backup: backup.nullable(),
  /** Oldest first; absent where there were none. */
  configurations: z.array(configuration).exactOptional(),
  transfer: transfer.nullable(),
  stages: z.array(z.object({ stage: z.enum(TEXT_OF_STAGE), seconds: z.number().min(0) })),
  timeline: z.array(z.object({ seq: count, at: utc, event: text, text })),
  /** The journal as it was when the report was written: its number of lines, and the SHA-256 of the last of them. */
  journal: z.object({ lines: count, tip: sha256, check: text }),
  signature,
});
export type Report = z.infer<typeof reportSchema>;
export type ReportBackup = NonNullable<Report['backup']>;
export type ReportSignature = Report['signature'];
export type ReportLog = z.infer<typeof logReadout>;
export type ReportMissedLog = z.infer<typeof missedLog>;
