import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { BACKUP_ITEM_IDS } from '../domain/backup.ts';
import { REPORT_FORMATS } from '../domain/report-format.ts';
import { bacnetCalls } from './bacnet-calls.ts';
import { clockCalls } from './clock-calls.ts';
import { dlmsSchema, knownDlmsSchema } from './dlms.ts';
import {
  gateOverrideSchema,
  handOffSchema,
  jobSummarySchema,
  meterAddressSchema,
  siteSchema,
  upgradeChannelSchema,
  upgradeTargetSchema,
} from './domain.ts';
import { feedsContract, listedMeterSchema } from './feeds.ts';
import { logsContract } from './logs.ts';
import { passwordCalls } from './password-calls.ts';
import { resultOf } from './results.ts';
import { settingsCalls } from './settings-calls.ts';
import {
  archivedPackageSchema,
  backupDiffSchema,
  backupEventSchema,
  backupListingSchema,
  backupVerificationSchema,
  gatesSchema,
  identificationSchema,
  journalLineSchema,
  packageSchema,
  pinnedHostSchema,
  practiceSchema,
  readingSchema,
  remainSchema,
  resourceFoundSchema,
  unreachableSchema,
} from './views.ts';
import { waveformsContract } from './waveforms.ts';

/** Credentials live in the memory of the engine for as long as a call or a job needs them; nothing writes them anywhere. */
const credentials = z.object({ user: z.string().min(1).max(40), password: z.string().min(1).max(64) });
/** A meter as logins are kept for it: one host can be many meters, told apart by port. */
const door = z.object({ host: meterAddressSchema.shape.host, port: meterAddressSchema.shape.ports.shape.sftp });
const access = z.object({
  address: meterAddressSchema,
  credentials: credentials.exactOptional(),
  dlms: dlmsSchema.exactOptional(),
});
const path = z.string().min(1).max(32_767);
const person = z.string().trim().min(1).max(200);
const reason = z.string().trim().min(1).max(1_000);
const job = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);

const attestation = z.object({ version: z.string().max(40), by: person });
const ionSetup = z.object({ path: path.exactOptional(), attested: attestation.exactOptional() });

const waiver = z.object({ item: z.enum(BACKUP_ITEM_IDS), reason });
const backupRequest = z.object({
  out: path.exactOptional(),
  attach: z.array(path).max(100),
  waive: z.array(waiver).max(BACKUP_ITEM_IDS.length),
  by: person,
});

const checkRequest = z.object({
  ...access.shape,
  file: path,
  target: upgradeTargetSchema,
  channel: upgradeChannelSchema,
  backup: path.exactOptional(),
  ionSetup: ionSetup.exactOptional(),
});

const upgradeRequest = z.object({
  ...checkRequest.shape,
  overrides: z.array(gateOverrideSchema),
  /** For a backup that the job takes itself when there is none that counts. */
  attach: z.array(path).max(100),
  waive: z.array(waiver).max(BACKUP_ITEM_IDS.length),
  by: person,
  folder: z.string().max(68),
});
export type UpgradeRequest = z.infer<typeof upgradeRequest>;

/**
 * Every call and every event between the page and the engine. The engine checks each input against its schema before a service sees
 * it, and each output before it leaves.
 */
export const contract = {
  feeds: feedsContract,
  /**
   * The login of a meter, kept in the memory of the engine until it ends or the login is forgotten. Calls that name no credentials use
   * it. It never comes back to the page.
   */
  credentials: {
    remember: oc.input(z.object({ ...door.shape, credentials })).output(z.null()),
    forget: oc.input(door).output(z.null()),
    /** Tries a login once, over SFTP, and remembers it only when the meter took it. A refused one is remembered no longer. */
    login: oc
      .input(z.object({ address: meterAddressSchema, credentials }))
      .output(resultOf(z.object({ user: z.string() }))),
    /** The user that is remembered for a meter, or null; a page asks for a login only where there is none. */
    known: oc.input(door).output(z.object({ user: z.string() }).nullable()),
    /** The same for DLMS, by the DLMS port: how an association may be made. Nothing is tried. */
    rememberDlms: oc.input(z.object({ ...door.shape, dlms: dlmsSchema })).output(z.null()),
    forgetDlms: oc.input(door).output(z.null()),
    knownDlms: oc.input(door).output(knownDlmsSchema.nullable()),
  },
  meters: {
    /** The meters that this laptop knows, with what each said last. */
    list: oc.output(z.array(listedMeterSchema)),
    /** Adds a meter, or changes note and site of one that has the same host, Modbus port and unit. Asks the meter nothing. */
    add: oc
      .input(
        z.object({
          address: meterAddressSchema,
          note: z.string().max(1_000).exactOptional(),
          site: siteSchema.exactOptional(),
        }),
      )
      .output(resultOf(listedMeterSchema)),
    /** Says of many meters where they stand; '' takes it back. */
    setSite: oc
      .input(z.object({ ids: z.array(z.string().min(1).max(80)).max(20_000), site: siteSchema }))
      .output(resultOf(z.null())),
    remove: oc.input(z.object({ id: z.string().min(1).max(80) })).output(resultOf(z.null())),
    /** Also brings the meter's entry in the list up to date, where it has one. */
    identify: oc.input(access).output(resultOf(identificationSchema)),
    read: oc
      .input(
        z.object({ ...access.shape, group: z.enum(['live', 'energy', 'io', 'clock', 'setup', 'identity', 'all']) }),
      )
      .output(resultOf(readingSchema)),
    /** Live values until the page stops listening; a failed read is an event like any other. */
    live: oc
      .input(z.object({ ...access.shape, intervalMs: z.number().int().min(500).max(60_000) }))
      .output(eventIterator(resultOf(readingSchema))),
  },
  packages: {
    inspect: oc.input(z.object({ file: path })).output(resultOf(packageSchema)),
    /** What lies in the archive of the data folder, newest first. */
    archived: oc.output(resultOf(z.array(archivedPackageSchema))),
  },
  resources: {
    /** What of the vendor's things is on this laptop, told by names; `folder` is where the person keeps them. */
    here: oc.input(z.object({ folder: path.nullable() })).output(resultOf(z.array(resourceFoundSchema))),
  },
  hostKeys: {
    list: oc.output(resultOf(z.array(pinnedHostSchema))),
    /** False when there was no such key. */
    forget: oc
      .input(z.object({ host: z.string().min(1).max(253), port: z.number().int().min(1).max(65_535) }))
      .output(resultOf(z.boolean())),
  },
  checks: {
    run: oc.input(checkRequest).output(resultOf(gatesSchema)),
  },
  backups: {
    list: oc.output(z.array(backupListingSchema)),
    /** What interrupted backups and log reads left in the data folder. Listing removes nothing. */
    remains: oc.output(resultOf(z.array(remainSchema))),
    /** Removes one of them, because a person asked for it; never what a living process works on. Answers with what was removed. */
    clean: oc.input(z.object({ path })).output(resultOf(remainSchema)),
    /** Takes a backup and follows it. It belongs to the engine: when the page goes away it goes on. */
    take: oc.input(z.object({ ...access.shape, ...backupRequest.shape })).output(eventIterator(backupEventSchema)),
    /**
     * The events of the backup that is under way for a meter, or the outcome of the last one; none where this engine took none. A page that stops
     * listening stops nothing.
     */
    follow: oc.input(z.object({ address: meterAddressSchema })).output(eventIterator(backupEventSchema)),
    /** Ends the backup that is under way; false where there is none. What was saved until then is no backup. */
    stop: oc.input(z.object({ address: meterAddressSchema })).output(z.boolean()),
    verify: oc.input(z.object({ bag: path })).output(backupVerificationSchema),
    /** What no open protocol gives, in the order in which to save it. */
    unreachable: oc.output(z.array(unreachableSchema)),
    diff: oc.input(z.object({ a: path, b: path })).output(resultOf(backupDiffSchema)),
    diffWithMeter: oc.input(z.object({ ...access.shape, bag: path })).output(resultOf(backupDiffSchema)),
  },
  upgrades: {
    start: oc.input(upgradeRequest).output(resultOf(jobSummarySchema)),
    resume: oc
      .input(
        z.object({
          job,
          by: person,
          credentials: credentials.exactOptional(),
          /** For a backup that the job still has to take: these files instead of those of the plan, these waivers beside them. */
          attach: z.array(path).max(100).exactOptional(),
          waive: z.array(waiver).max(BACKUP_ITEM_IDS.length).exactOptional(),
        }),
      )
      .output(resultOf(jobSummarySchema)),
    cancel: oc.input(z.object({ job })).output(resultOf(z.enum(['cancelled', 'too-late', 'ended']))),
    /** Answers the question of a job at its point of no return. */
    confirm: oc.input(z.object({ job, confirmed: z.boolean() })).output(resultOf(z.null())),
    handOff: oc.input(z.object({ job })).output(resultOf(handOffSchema.nullable())),
    /** Starts ION Setup, where it is on this PC, for a job that is in its hands; it gets no argument. */
    startIonSetup: oc.input(z.object({ job })).output(resultOf(z.null())),
  },
  jobs: {
    list: oc.output(z.array(jobSummarySchema)),
    journal: oc.input(z.object({ job })).output(resultOf(z.array(journalLineSchema))),
    report: oc
      .input(z.object({ job, format: z.enum(REPORT_FORMATS), out: path.exactOptional() }))
      .output(resultOf(z.object({ file: path, sha256: z.string() }))),
    /** The report as HTML that needs nothing else, for a preview in a frame without scripts. */
    preview: oc.input(z.object({ job })).output(resultOf(z.object({ html: z.string() }))),
  },
  logs: logsContract,
  waveforms: waveformsContract,
  practice: {
    /** Starts simulated meters in the engine, puts them into the list and remembers their logins. Answers with those that run already. */
    start: oc
      .input(
        z.object({
          count: z.number().int().min(1).max(20),
          /** How long a simulated meter works on an image; 10 s unless given. */
          applySeconds: z.number().min(0).max(600).exactOptional(),
        }),
      )
      .output(resultOf(practiceSchema)),
    running: oc.output(practiceSchema.nullable()),
    /** Stops them and takes them out of the list. */
    stop: oc.output(z.null()),
  },
  ...settingsCalls,
  ...clockCalls,
  ...bacnetCalls,
  ...passwordCalls,
};
