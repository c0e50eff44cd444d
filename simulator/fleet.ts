import { join } from 'node:path';
import { startSimulatedMeter } from './meter.ts';
import type { SimulatedMeter, SimulatedMeterOptions } from './types.ts';

/** What all meters of a fleet have in common. */
export interface SimulatedFleetOptions
  extends Pick<
    SimulatedMeterOptions,
    'firmware' | 'shipped' | 'featureSet' | 'applySeconds' | 'faults' | 'sftpIdleSeconds' | 'dlms' | 'bacnet'
  > {
  /** 1..1000 meters. */
  readonly count: number;
  /** Each meter keeps its state in a folder of its own name in here. */
  readonly stateFolder: string;
  /** The first meter has this seed, each further one the next. */
  readonly seed: number;
  /** Ports of the first meter, each further one the next higher; 0 (the default) = any free port. */
  readonly ports?: Partial<SimulatedMeterOptions['ports']>;
}

export interface SimulatedFleet {
  /** In the order of their names, "SIM-00001" first. */
  readonly meters: readonly SimulatedMeter[];
  /** Stops all of them; idempotent. */
  stop(): Promise<void>;
}

/** Meters that start at the same time: starting is mostly waiting for the disk. */
const AT_ONCE = 8;

/** Starts many simulated meters in this process, or none: when one cannot start, the others are stopped and the promise rejects. */
export async function startSimulatedMeters(options: SimulatedFleetOptions): Promise<SimulatedFleet> {
  const { count, stateFolder, seed, ports = {}, ...common } = options;
  const meters: SimulatedMeter[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(meters.map((meter) => meter.stop()));
  };
  const port = (first = 0, index: number): number => (first === 0 ? 0 : first + index);

  function start(index: number): Promise<SimulatedMeter> {
    const name = `SIM-${String(index + 1).padStart(5, '0')}`;
    return startSimulatedMeter({
      ...common,
      name,
      serial: name,
      seed: seed + index,
      stateFolder: join(stateFolder, name),
      ports: {
        modbus: port(ports.modbus, index),
        rtuOverTcp: port(ports.rtuOverTcp, index),
        sftp: port(ports.sftp, index),
        dlms: port(ports.dlms, index),
        bacnet: port(ports.bacnet, index),
        control: port(ports.control, index),
      },
    });
  }

  for (let first = 0; first < count; first += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - first);
    const results = await Promise.allSettled(Array.from({ length: size }, (_, n) => start(first + n)));
    for (const result of results) if (result.status === 'fulfilled') meters.push(result.value);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      await stop();
      throw failed.reason;
    }
  }
  return { meters, stop };
}
