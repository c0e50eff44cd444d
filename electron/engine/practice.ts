import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { firmwareVersion } from '../../shared/domain/firmware-version.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import { writeFileDurably } from '../inventory/durable.ts';
import type { MeterList } from '../inventory/meter-list.ts';
import { DEFAULT_PORTS, type MeterAddress } from '../meter/types.ts';
import type { House } from '../services/house.ts';
import { greetMeter } from '../services/meters.ts';
import { type Practice, startPractice } from '../services/practice.ts';
import type { Logins } from './logins.ts';

interface PracticeWish {
  readonly count: number;
  /** How long a simulated meter works on an image. */
  readonly applySeconds?: number | undefined;
}

/** The simulated meters of this engine: at most one group at a time. */
export interface PracticeGround {
  running(): Practice | null;
  /** Starts them, or answers with those that run. Each is then identified by itself, so that the list shows names. */
  start(wish: PracticeWish): Promise<Result<Practice>>;
  /** Starts again what an engine that died had running; they take the ports of the last time where those are free. */
  restore(): Promise<void>;
  /** Where a running simulated meter with this serial number is now. */
  placeOf(serial: string | null): MeterAddress | undefined;
  stop(): Promise<void>;
}

/** Long enough to see a meter go and come back, short enough not to wait for it. */
const APPLY_SECONDS = 10;
const TIMEOUT_MS = 3_000;

/** Lies in the folder of the simulated meters exactly while they run: one that is found at a start was left by an engine that died. */
const MARK = 'running.json';
const markSchema = z.object({
  format: z.literal('meterwright-practice/1'),
  count: z.number().int().min(1).max(20),
  applySeconds: z.number().min(0).max(600),
});

export function createPracticeGround(house: House, meters: MeterList, logins: Logins): PracticeGround {
  const mark = join(house.paths.practice, MARK);
  let current: Practice | null = null;
  let tail: Promise<unknown> = Promise.resolve();
  let asking: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  /** One start or stop at a time: two clicks must not make two groups. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = tail.then(work, work);
    // Whoever asked gets the failure; the next in turn starts all the same.
    tail = mine.catch(() => undefined);
    return mine;
  }

  async function enter(practice: Practice): Promise<Result<Practice>> {
    for (const meter of practice.meters) {
      logins.remember({ host: meter.host, port: meter.ports.sftp }, meter.credentials);
      const added = await meters.add(addressOf(meter), { practice: true, id: `practice-${meter.serial}` });
      if (!added.ok) return added;
    }
    return ok(practice);
  }

  /** One after the other, over Modbus only: a page that asks at the same time must find the few SFTP sessions of the meter free. One that does not answer stays in the list by its address. */
  async function identifyAll(practice: Practice, signal: AbortSignal): Promise<void> {
    for (const meter of practice.meters) {
      if (signal.aborted) return;
      const address = addressOf(meter);
      const found = await greetMeter(house, { address }, signal);
      if (found.ok && !signal.aborted) await meters.saw(address, found.value);
    }
  }

  async function begin({ count, applySeconds = APPLY_SECONDS }: PracticeWish): Promise<Result<Practice>> {
    if (current !== null) return ok(current);
    const started = await startPractice({
      count,
      firmware: firmwareVersion('4.0.0'),
      shipped: firmwareVersion('4.0.0'),
      featureSet: 'advanced',
      state: house.paths.practice,
      controlPort: 0,
      applySeconds,
    });
    if (!started.ok) return started;
    current = started.value;
    const entered = await enter(started.value);
    if (!entered.ok) {
      await leave(started.value);
      return entered;
    }
    await mkdir(house.paths.practice, { recursive: true });
    // Without the mark they are only not started again by themselves, should this engine die.
    await writeFileDurably(mark, `${JSON.stringify({ format: 'meterwright-practice/1', count, applySeconds })}\n`);
    const stop = new AbortController();
    asking = { stop, done: identifyAll(started.value, stop.signal) };
    return entered;
  }

  async function leave(practice: Practice): Promise<void> {
    current = null;
    asking?.stop.abort(new Error('The simulated meters are stopped.'));
    await asking?.done;
    asking = undefined;
    await rm(mark, { force: true });
    await practice.stop();
    for (const meter of practice.meters) {
      logins.forget({ host: meter.host, port: meter.ports.sftp });
      const entry = meters
        .list()
        .find(({ address, practice: ours }) => ours && address.ports.modbus === meter.ports.modbus);
      // An entry that cannot be taken out now is left out at the next start: it is marked as ours.
      if (entry !== undefined) await meters.remove(entry.id);
    }
  }

  return {
    running: () => current,
    start: (wish) => inTurn(() => begin(wish)),
    restore: () =>
      inTurn(async () => {
        const left = await readMark(mark);
        // What cannot be started again is started by a person, who then sees why.
        if (left !== undefined) await begin(left);
      }),
    placeOf(serial) {
      const found = current?.meters.find((meter) => meter.serial === serial);
      return found === undefined ? undefined : addressOf(found);
    },
    stop: () =>
      inTurn(async () => {
        if (current !== null) await leave(current);
      }),
  };
}

async function readMark(file: string): Promise<PracticeWish | undefined> {
  try {
    const parsed = markSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not there, or not one of ours: no simulated meter was left running.
    return undefined;
  }
}

function addressOf(meter: Practice['meters'][number]): MeterAddress {
  return {
    host: meter.host,
    ports: {
      ...DEFAULT_PORTS,
      modbus: meter.ports.modbus,
      sftp: meter.ports.sftp,
      dlms: meter.ports.dlms,
      bacnet: meter.ports.bacnet,
    },
    unit: 255,
    timeoutMs: TIMEOUT_MS,
  };
}
