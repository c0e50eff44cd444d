import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PORTS, type MeterAddress } from '../../../electron/meter/types.ts';
import { type House, openHouse } from '../../../electron/services/house.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';
import { mapWorkbook } from '../../../simulator/packages/workbook.ts';
import { FEEDER } from '../feeder.ts';

/** A simulated meter, a data folder of its own, and the workbook of the map beside them, which is not imported yet. */
export interface SetupPlace {
  readonly folder: string;
  readonly house: House;
  readonly address: MeterAddress;
  readonly workbook: string;
  /** A command of the simulator; throws what it answers where that is a refusal. */
  control(path: string, body: unknown): Promise<void>;
  /** What the simulator says of the meter. */
  state(): Promise<unknown>;
}

interface SetupPlaceOptions {
  /** Gets what has to be undone, in the order in which it was done. */
  readonly cleanup: (() => Promise<unknown> | unknown)[];
  readonly firmware?: string;
  readonly shipped?: string;
  /** The switch for writes over Modbus, which is off from the factory. */
  readonly programming: boolean;
}

export async function setupPlace(options: SetupPlaceOptions): Promise<SetupPlace> {
  const { cleanup, firmware = '4.6.0', shipped = firmware, programming } = options;
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-setup-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  const meter = await startSimulatedMeter({
    ...FEEDER,
    firmware: firmwareVersion(firmware),
    shipped: firmwareVersion(shipped),
    stateFolder: join(folder, 'meter'),
    dlms: { loadCurveRows: 100, blockLatencyMs: 0 },
  });
  cleanup.push(() => meter.stop());
  const control = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(new URL(path, meter.address.control), { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  if (programming) await control('programming', { on: true });
  const workbook = join(folder, 'ION7400_Modbus_Map.xlsx');
  await writeFile(workbook, await mapWorkbook());
  const { host, ports } = meter.address;
  return {
    folder,
    house: value(await openHouse({ home: join(folder, 'home'), version: '0.0.0-test' })),
    address: { host, ports: { ...DEFAULT_PORTS, ...ports }, unit: 255, timeoutMs: 5000 },
    workbook,
    control,
    state: async () => (await fetch(new URL('state', meter.address.control))).json(),
  };
}

/** The value of what succeeded; throws the problem. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.title}: ${result.problem.because}`);
  return result.value;
}
