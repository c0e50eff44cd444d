import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { advisorySchema, identitySchema, meterAddressSchema, siteSchema } from '../../shared/contract/domain.ts';
import type { Advisory, ClockReading, MeterIdentity } from '../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Result } from '../../shared/domain/problem.ts';
import type { MeterAddress } from '../meter/types.ts';
import { codeOf, diskProblem, writeFileDurably } from './durable.ts';
import { sealedJson } from './sealed-json.ts';

/** A meter that this laptop knows; what it said of itself is as old as `lastSeen`. */
export interface KnownMeter {
  readonly id: string;
  readonly address: MeterAddress;
  readonly note: string;
  /** Where it stands, as a person calls the place; '' where nobody said. */
  readonly site: string;
  /** ISO 8601 UTC. */
  readonly addedAt: string;
  readonly lastSeen: string | null;
  readonly identity: MeterIdentity | null;
  /** Meter minus PC. */
  readonly clockOffsetSeconds: number | null;
  readonly advisories: readonly Advisory[];
  /** A simulated meter of this program: it is gone when the program ends. */
  readonly practice: boolean;
}

/** What an identification adds to an entry. */
export interface Sighting {
  readonly identity: MeterIdentity;
  readonly clock: Pick<ClockReading, 'offsetSeconds'> | null;
  readonly advisories?: readonly Advisory[];
}

/** The list of known meters, kept in one file. */
export interface MeterList {
  list(): readonly KnownMeter[];
  /**
   * Adds a meter, or changes note and site of the one with the same host, Modbus port and unit. `id` is for one that is new; any unless given.
   */
  add(
    address: MeterAddress,
    extra?: { readonly note?: string; readonly site?: string; readonly practice?: boolean; readonly id?: string },
  ): Promise<Result<KnownMeter>>;
  /** Says of many meters where they stand, in one change of the file; '' takes it back. Ids that are not in the list are left out. */
  setSite(ids: readonly string[], site: string): Promise<Result<void>>;
  /** False when there is none. */
  remove(id: string): Promise<Result<boolean>>;
  /** Brings an entry up to date; a meter that is not in the list is remembered only until it is added. */
  saw(address: MeterAddress, sighting: Sighting): Promise<Result<void>>;
  /** Calls after every change; answers with a function that stops it. */
  listen(listener: () => void): () => void;
}

const FORMAT = 'meterwright-meters/1';
const MAX_METERS = 20_000;
/** Meters that were asked but are not in the list: the last few are enough for a person who adds one after looking at it. */
const MAX_SEEN = 50;

const entrySchema = z.object({
  id: z.string().min(1).max(80),
  address: meterAddressSchema,
  note: z.string().max(1_000),
  // Lists of before there were sites have none.
  site: siteSchema.default(''),
  addedAt: z.iso.datetime(),
  lastSeen: z.iso.datetime().nullable(),
  identity: identitySchema.nullable(),
  clockOffsetSeconds: z.number().nullable(),
  advisories: z.array(advisorySchema),
  practice: z.boolean(),
}) satisfies z.ZodType<KnownMeter>;
const fileSchema = z.object({ format: z.literal(FORMAT), meters: z.array(entrySchema).max(MAX_METERS) });

/** The content of the file with these meters; the seal lets the page show them before the engine has read them. */
export function meterListText(meters: readonly KnownMeter[]): string {
  return sealedJson({ format: FORMAT, meters });
}

/**
 * Opens the list. A missing file is an empty list; one that cannot be understood is `inventory/meters-unreadable`, because the next change
 * would overwrite it. Simulated meters of an earlier run are left out: they ended with it.
 */
export async function openMeterList(path: string, now: () => Date = () => new Date()): Promise<Result<MeterList>> {
  const read = await readEntries(path);
  if (!read.ok) return read;
  let entries: readonly KnownMeter[] = read.value.filter((entry) => !entry.practice);
  const seen = new Map<string, Partial<KnownMeter>>();
  const listeners = new Set<() => void>();
  let tail: Promise<unknown> = Promise.resolve();

  /** Changes are made one after the other, and count only once they are on the disk. */
  function change<T>(work: (before: readonly KnownMeter[]) => readonly [readonly KnownMeter[], T]): Promise<Result<T>> {
    const result = tail.then(async (): Promise<Result<T>> => {
      const [next, value] = work(entries);
      if (next === entries) return ok(value);
      const written = await writeFileDurably(path, meterListText(next));
      if (!written.ok) return written;
      entries = next;
      for (const listener of listeners) listener();
      return ok(value);
    });
    tail = result;
    return result;
  }

  return ok({
    list: () => entries,
    async add(address, extra = {}) {
      if (entries.length >= MAX_METERS) return tooMany();
      const key = keyOf(address);
      return change((before) => {
        const known = before.find((entry) => keyOf(entry.address) === key);
        const entry: KnownMeter = {
          id: extra.id ?? randomUUID(),
          addedAt: now().toISOString(),
          lastSeen: null,
          identity: null,
          clockOffsetSeconds: null,
          advisories: [],
          ...seen.get(key),
          ...known,
          address,
          note: extra.note ?? known?.note ?? '',
          site: extra.site ?? known?.site ?? '',
          practice: extra.practice ?? known?.practice ?? false,
        };
        return [known === undefined ? [...before, entry] : before.map((old) => (old === known ? entry : old)), entry];
      });
    },
    setSite(ids, site) {
      const wanted = new Set(ids);
      return change((before) => {
        const moves = (entry: KnownMeter): boolean => wanted.has(entry.id) && entry.site !== site;
        return [
          before.some(moves) ? before.map((entry) => (moves(entry) ? { ...entry, site } : entry)) : before,
          undefined,
        ];
      });
    },
    remove(id) {
      return change((before) => {
        const rest = before.filter((entry) => entry.id !== id);
        return rest.length === before.length ? [before, false] : [rest, true];
      });
    },
    saw(address, { identity, clock, advisories }) {
      const key = keyOf(address);
      return change((before) => {
        const news = {
          lastSeen: now().toISOString(),
          identity,
          ...(clock === null ? {} : { clockOffsetSeconds: clock.offsetSeconds }),
          ...(advisories === undefined ? {} : { advisories }),
        };
        seen.delete(key);
        seen.set(key, news);
        for (const oldest of seen.keys()) if (seen.size > MAX_SEEN) seen.delete(oldest);
        if (!before.some((entry) => keyOf(entry.address) === key)) return [before, undefined];
        return [before.map((entry) => (keyOf(entry.address) === key ? { ...entry, ...news } : entry)), undefined];
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
}

async function readEntries(path: string): Promise<Result<readonly KnownMeter[]>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return ok([]);
    return { ok: false, problem: diskProblem(thrown, path, 'read') };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Not JSON at all: the same as a content that does not fit.
    content = undefined;
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return ok(parsed.data.meters);
  return fail({
    code: 'inventory/meters-unreadable',
    title: 'The list of meters cannot be read',
    because: 'The file with the known meters is damaged or was written by another version.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Restore meters.json from a copy of the data folder, or move it away to start with an empty list.',
    details: { path },
  });
}

function tooMany(): Result<never> {
  return fail({
    code: 'inventory/too-many-meters',
    title: 'The list of meters is full',
    because: `The list holds ${MAX_METERS} meters.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Remove meters that are no longer needed.',
  });
}

function keyOf(address: MeterAddress): string {
  return `${address.host.toLowerCase()} ${address.ports.modbus} ${address.unit}`;
}
