import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type FirmwareVersion,
  firmwareVersion,
  formatFirmware,
  parseFirmwareVersion,
} from '../shared/domain/firmware-version.ts';
import { hasCode, readIfThere, writeDurably } from './durable-file.ts';
import { settingsSchema } from './settings/types.ts';
import type { SimulatedMeterOptions } from './types.ts';

const MAX_EVENTS = 500;
/** A week of minutes. */
const LOAD_CURVE_ROWS = 10_080;
/** 30 days of the Hist logs, so that they still grow. */
const HISTORIC_ROWS = 2880;
const version = z.string().refine((text) => parseFirmwareVersion(text).ok);
const milliseconds = z.number().finite();
const port = z.number().int().min(0).max(65_535);

/** What the meter says of the image in `firmwareUpg`. */
const UPGRADE_STAGES = ['empty', 'checking', 'accepted', 'refused', 'applying', 'applied'] as const;

/** Why an image was refused. */
const REFUSALS = [
  'truncated',
  'bad-signature',
  'wrong-model',
  'wrong-kind',
  'not-newer',
  'start-too-old',
  'revenue-locked',
  'storage-full',
  'no-downgrade',
] as const;
export type Refusal = (typeof REFUSALS)[number];

const upgradeSchema = z.object({
  state: z.enum(UPGRADE_STAGES),
  image: z.string().nullable(),
  sha256: z.string().nullable(),
  version: version.nullable(),
  reason: z.enum(REFUSALS).nullable(),
  text: z.string(),
});
/** The part of the state that `STATUS.JSON` shows. */
export type UpgradeStatus = Readonly<z.infer<typeof upgradeSchema>>;

const stateSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  serial: z.string(),
  seed: z.number(),
  /** When the installation was made, milliseconds since 1970: energies count from here. */
  startedAt: milliseconds,
  firmware: version,
  shipped: version,
  featureSet: z.enum(['essential', 'standard', 'advanced']),
  /** `next` takes effect at the next power cycle. */
  revenueLock: z.object({ locked: z.boolean(), next: z.boolean() }),
  modbusProgramming: z.boolean(),
  /** Meter time = host time + offset + drift since `since`. */
  clock: z.object({ offset: milliseconds, driftPpm: z.number().finite(), since: milliseconds }),
  baudRate: z.number().int(),
  users: z.object({
    /** Only users whose password is not the default. */
    passwords: z.record(z.string(), z.object({ salt: z.string(), hash: z.string() })),
    attempts: z.number().int(),
    minutes: z.number(),
    failures: z.record(z.string(), z.object({ count: z.number().int(), until: milliseconds })),
  }),
  optionModule: version.nullable(),
  remoteDisplay: version.nullable(),
  /** Rows that the Load Curve had at `startedAt`. */
  loadCurveRows: z.number().int().min(0).default(LOAD_CURVE_ROWS),
  /** Rows that Hist Mean, High and Low had then. */
  historicRows: z.number().int().min(0).default(HISTORIC_ROWS),
  /** Recorders hold no rows from before this moment. */
  logsSince: milliseconds.default(0),
  ports: z.object({
    modbus: port,
    rtuOverTcp: port,
    sftp: port,
    dlms: port.default(0),
    bacnet: port.default(0),
    control: port,
  }),
  /** Times without power since `startedAt`, by the clock of the meter, the last ones. */
  powerOutages: z.array(z.object({ from: milliseconds, to: milliseconds })).default([]),
  /** Those of the factory until the first change. */
  settings: settingsSchema.optional(),
  upgrade: upgradeSchema,
  events: z.array(z.object({ at: z.string(), code: z.string(), text: z.string() })),
  restarts: z.number().int(),
});
/** Everything about a simulated meter that survives a loss of power. */
export type MeterState = Readonly<z.infer<typeof stateSchema>>;

/** The state of a meter in memory and on disk. */
export interface Store {
  readonly state: MeterState;
  readonly firmware: FirmwareVersion;
  /** Changes the state in memory at once; settles when it is on disk. Writes keep their order. */
  update(change: (state: MeterState) => Partial<MeterState>): Promise<void>;
  /** An entry of the event log together with other changes, in one write. */
  log(code: string, text: string, change?: Partial<MeterState>): Promise<void>;
  /** Settles when everything that was changed so far is on disk. */
  flush(): Promise<void>;
}

/** A status with nothing in the upgrade folder. */
export const NO_IMAGE: UpgradeStatus = {
  state: 'empty',
  image: null,
  sha256: null,
  version: null,
  reason: null,
  text: 'No image.',
};

/**
 * Opens the state in a folder, or makes it from the options when there is none: `fresh` says which. A file that is torn or not a state is
 * kept as `state.damaged.json` and the one written before it is used; with that gone too, the meter starts from its options and its event log says so.
 */
export async function openState(
  options: SimulatedMeterOptions,
): Promise<{ readonly store: Store; readonly fresh: boolean }> {
  const path = join(options.stateFolder, 'state.json');
  const previous = join(options.stateFolder, 'state.previous.json');
  const newest = await readIfThere(path);
  const state = parseState(newest);
  if (newest !== undefined && state === undefined) await rename(path, join(options.stateFolder, 'state.damaged.json'));
  const loaded = state ?? parseState(await readIfThere(previous));
  const store = createStore(loaded ?? initialState(options), path, previous);
  if (loaded === undefined && newest !== undefined) {
    await store.log('state-lost', 'The stored state could not be read; the meter started with its first settings.');
  } else if (loaded !== undefined && state === undefined) {
    await store.log('state-restored', 'The newest stored state could not be read; the one before it is in use.');
  }
  return { store, fresh: loaded === undefined };
}

function createStore(initial: MeterState, path: string, previous: string): Store {
  let state = initial;
  let writing: Promise<void> = Promise.resolve();

  async function persist(): Promise<void> {
    const content = `${JSON.stringify(state, null, 1)}\n`;
    try {
      await rename(path, previous);
    } catch (thrown) {
      if (!hasCode(thrown, 'ENOENT')) throw thrown;
    }
    await writeDurably(path, content);
  }

  const store: Store = {
    get state() {
      return state;
    },
    get firmware() {
      return firmwareVersion(state.firmware);
    },
    update(change) {
      state = { ...state, ...change(state) };
      // A failed write is reported to its own caller and does not keep later ones from trying.
      writing = writing.then(persist, persist);
      return writing;
    },
    log(code, text, change = {}) {
      const event = { at: new Date().toISOString(), code, text };
      return store.update((current) => ({ ...change, events: [...current.events, event].slice(-MAX_EVENTS) }));
    },
    flush: () => writing,
  };
  return store;
}

function initialState(options: SimulatedMeterOptions): MeterState {
  const now = Date.now();
  return {
    format: 1,
    name: options.name,
    serial: options.serial,
    seed: options.seed,
    startedAt: now,
    firmware: formatFirmware(options.firmware),
    shipped: formatFirmware(options.shipped),
    featureSet: options.featureSet,
    revenueLock: { locked: false, next: false },
    modbusProgramming: false,
    clock: { offset: 0, driftPpm: 0, since: now },
    baudRate: 19_200,
    users: { passwords: {}, attempts: 5, minutes: 15, failures: {} },
    optionModule: null,
    remoteDisplay: null,
    loadCurveRows: options.dlms?.loadCurveRows ?? LOAD_CURVE_ROWS,
    historicRows: options.dlms?.historicRows ?? HISTORIC_ROWS,
    logsSince: 0,
    powerOutages: [],
    ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, dlms: 0, bacnet: 0, control: 0 },
    upgrade: NO_IMAGE,
    events: [],
    restarts: 0,
  };
}

function parseState(text: string | undefined): MeterState | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // Torn file: the caller falls back to the one before it.
  }
}
