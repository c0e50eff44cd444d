import { z } from 'zod';
import {
  advisorySchema,
  backupItemSchema,
  capabilitySchema,
  clockSchema,
  firmwareVersionSchema,
  gateSchema,
  handOffSchema,
  identitySchema,
  problemSchema,
  provenanceSchema,
  rowProgressSchema,
  verdictSchema,
} from './domain.ts';

export type { JobEvent, ListedMeter } from './feeds.ts';

/** What the page and the terminal see of the rooms behind the services. */
const text = z.string().max(100_000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

export const identificationSchema = z.object({
  identity: identitySchema,
  clock: clockSchema,
  capabilities: z.array(capabilitySchema),
  advisories: z.array(advisorySchema),
});
export type Identification = z.infer<typeof identificationSchema>;

export const valueSchema = z.object({
  id: text,
  register: z.number().int().min(1).max(65_536),
  type: text,
  label: text,
  group: text,
  /** Integers of 64 bits as decimal text; "unavailable" where the meter has no value. */
  value: z.union([z.number(), z.string()]),
  unavailable: z.boolean(),
  unit: text,
  /** The value with its unit as a person reads it. */
  text,
  provenance: provenanceSchema,
});
export type ValueView = z.infer<typeof valueSchema>;

export const readingSchema = z.object({
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  values: z.array(valueSchema),
  unread: z.array(z.object({ id: text, register: z.number().int(), because: text })),
});
export type Reading = z.infer<typeof readingSchema>;

export const packageSchema = z.object({
  file: text,
  format: z.enum(['zip', 'bare-image']),
  sha256,
  members: z.array(
    z.object({
      path: text,
      role: text,
      size: count,
      sha256,
      listed: z.enum(['matches', 'differs', 'not-listed']),
    }),
  ),
  targetVersion: firmwareVersionSchema.nullable(),
  targetVersionFrom: text,
  model: text.nullable(),
  /** As people write it: "3.2.25037.01". */
  minimumIonSetup: text.nullable(),
  signature: z.enum(['verified', 'invalid', 'meter-checks-it', 'no-image']),
  simulated: z.boolean(),
  problems: z.array(problemSchema),
});
export type PackageView = z.infer<typeof packageSchema>;

export const gatesSchema = z.object({ gates: z.array(gateSchema), blocked: z.boolean() });
export type GatesView = z.infer<typeof gatesSchema>;

const backupResultSchema = z.object({
  bag: text,
  verified: z.boolean(),
  items: z.array(backupItemSchema),
  fingerprint: text,
});

/** What a meter holds and no open protocol gives, and how to save it with the vendor's software. */
export const unreachableSchema = z.object({
  id: z.enum(['template', 'security', 'users', 'time-of-use', 'recorder-logs', 'event-log']),
  /** Item of the backup that stands for it. */
  item: z.enum(['ion-setup-exports', 'recorder-logs', 'event-log']),
  title: text,
  because: text,
  handOff: handOffSchema,
});
export type UnreachableView = z.infer<typeof unreachableSchema>;

export const backupVerificationSchema = z.object({
  verdict: verdictSchema,
  problems: z.array(problemSchema),
  fingerprint: text.nullable(),
  at: z.iso.datetime(),
  files: count,
  bytes: count,
});

/**
 * A bag in the backups folder, as the list shows it: nothing in it was verified by listing it. `check` is the last time when all of it was
 * read and compared on this laptop; null where none is known.
 */
export const backupListingSchema = z.object({
  bag: text,
  serial: text.nullable(),
  firmware: text.nullable(),
  takenAt: z.iso.datetime().nullable(),
  items: z.array(backupItemSchema),
  simulated: z.boolean(),
  check: z.object({ verdict: verdictSchema, at: z.iso.datetime() }).nullable(),
});
export type BackupListing = z.infer<typeof backupListingSchema>;

/** What an interrupted backup or log read left on this laptop: neither a backup nor a log. */
export const remainSchema = z.object({
  kind: z.enum(['backup', 'log']),
  path: text,
  files: count,
  bytes: count,
  changedAt: z.iso.datetime(),
  /** The process that wrote it; null where that is not known. */
  leftBy: z.object({ pid: count, since: text }).nullable(),
  /** A process is writing it, or may be: it cannot be removed. */
  atWork: z.boolean(),
});
export type RemainView = z.infer<typeof remainSchema>;

export const backupDiffSchema = z.object({
  compared: count,
  different: z.array(z.object({ id: text, label: text, a: text, b: text })),
  unread: z.array(z.object({ id: text, label: text, because: text })),
});

/** Step `done` of `total`, counted from 1; `bytes` only while the bytes of one file flow, `rows` while those of a log do. */
export const backupProgressSchema = z.object({
  item: text,
  message: text,
  done: count,
  total: count,
  bytes: z.object({ done: count, total: count, perSecond: z.number().min(0) }).exactOptional(),
  rows: rowProgressSchema.exactOptional(),
});
export type BackupProgressView = z.infer<typeof backupProgressSchema>;

/** What a stream of a long operation carries: progress, and its outcome as the last event. */
export const backupEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: backupProgressSchema }),
  z.object({ type: z.literal('done'), result: backupResultSchema }),
  z.object({ type: z.literal('failed'), problem: problemSchema }),
]);

export const journalLineSchema = z.object({ seq: count, at: z.iso.datetime(), type: text, detail: text });

const simulatedMeterSchema = z.object({
  name: text,
  serial: text,
  host: text,
  ports: z.record(z.string(), z.number().int()),
  credentials: z.object({ user: text, password: text }),
  control: text,
});
export const practiceSchema = z.object({
  meters: z.array(simulatedMeterSchema),
  package: text,
  packages: z.record(z.string(), text),
  map: text,
});

/** A host key that was pinned on the first connection. */
export const pinnedHostSchema = z.object({
  host: text,
  port: z.number().int().min(1).max(65_535),
  fingerprint: text,
  pinnedAt: text,
});

/** A file in the archive of the data folder: every package that a job was made from is kept there. */
export const archivedPackageSchema = z.object({
  file: text,
  name: text,
  bytes: count,
  archivedAt: z.iso.datetime(),
});
export type ArchivedPackage = z.infer<typeof archivedPackageSchema>;

/** The vendor's things that one should have before going on site; `map` is a Modbus map that came with a package. */
const RESOURCE_IDS = [
  'package',
  'template',
  'ionSetup',
  'technicalNote',
  'pics',
  'userManual',
  'security',
  'map',
] as const;
export type ResourceId = (typeof RESOURCE_IDS)[number];

/** One of them on this laptop. `name` is a file's name, or the version of a program or of a map's firmware. */
export const resourceFoundSchema = z.object({
  id: z.enum(RESOURCE_IDS),
  name: text,
  where: z.enum(['archive', 'maps', 'backups', 'folder', 'installed']),
});
export type ResourceFound = z.infer<typeof resourceFoundSchema>;
