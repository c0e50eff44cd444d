import { firmwareVersion } from '../../shared/domain/firmware-version.ts';
import { ok, type Result } from '../../shared/domain/problem.ts';
import type { MeterList } from '../inventory/meter-list.ts';
import { DEFAULT_PORTS, type MeterAddress } from '../meter/types.ts';
import type { House } from '../services/house.ts';
import { type Practice, startPractice } from '../services/practice.ts';
import type { Logins } from './logins.ts';

/** The simulated meters of this engine: at most one group at a time. */
export interface PracticeGround {
  running(): Practice | null;
  /** Starts them, or answers with those that run. */
  start(options: { readonly count: number; readonly applySeconds?: number }): Promise<Result<Practice>>;
  stop(): Promise<void>;
}

/** Long enough to see a meter go and come back, short enough not to wait for it. */
const APPLY_SECONDS = 10;
const TIMEOUT_MS = 3_000;

export function createPracticeGround(house: House, meters: MeterList, logins: Logins): PracticeGround {
  let current: Practice | null = null;
  let tail: Promise<unknown> = Promise.resolve();

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
      const added = await meters.add(addressOf(meter), { practice: true });
      if (!added.ok) return added;
    }
    return ok(practice);
  }

  async function leave(practice: Practice): Promise<void> {
    current = null;
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
    start: ({ count, applySeconds }) =>
      inTurn(async () => {
        if (current !== null) return ok(current);
        const started = await startPractice({
          count,
          firmware: firmwareVersion('4.0.0'),
          shipped: firmwareVersion('4.0.0'),
          featureSet: 'advanced',
          state: house.paths.practice,
          controlPort: 0,
          applySeconds: applySeconds ?? APPLY_SECONDS,
        });
        if (!started.ok) return started;
        current = started.value;
        const entered = await enter(started.value);
        if (!entered.ok) await leave(started.value);
        return entered;
      }),
    stop: () =>
      inTurn(async () => {
        if (current !== null) await leave(current);
      }),
  };
}

function addressOf(meter: Practice['meters'][number]): MeterAddress {
  return {
    host: meter.host,
    ports: { ...DEFAULT_PORTS, modbus: meter.ports.modbus, sftp: meter.ports.sftp, dlms: meter.ports.dlms },
    unit: 255,
    timeoutMs: TIMEOUT_MS,
  };
}
