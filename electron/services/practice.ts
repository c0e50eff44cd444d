import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureSet } from '../../shared/domain/feature-set.ts';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../shared/domain/problem.ts';
import { type Fault, parseFaults } from '../../simulator/faults.ts';
import type { SimulatedMeterAddress } from '../../simulator/types.ts';

export interface PracticeOptions {
  readonly count: number;
  readonly firmware: FirmwareVersion;
  readonly shipped: FirmwareVersion;
  readonly featureSet: Exclude<FeatureSet, 'unknown'>;
  /** Folder that survives restarts. */
  readonly state: string;
  readonly faultsFile?: string | undefined;
  /** Control port of the first meter, each further one the next higher; 0 = any free one. */
  readonly controlPort: number;
  /** How long applying an image takes. */
  readonly applySeconds: number;
}

/** Simulated meters at work, with the firmware packages that go with them. */
export interface Practice {
  readonly meters: readonly SimulatedMeterAddress[];
  readonly package: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly map: string;
  stop(): Promise<void>;
}

/** A day of the Hist logs and of the Load Curve: enough to look at, and a backup of them takes seconds. */
const LOGS = { historicRows: 96, loadCurveRows: 1440 };

/** Starts simulated meters in this process and writes the packages for them beside their state. */
export async function startPractice(options: PracticeOptions): Promise<Result<Practice>> {
  const faults = await loadFaults(options.faultsFile);
  if (!faults.ok) return faults;
  try {
    // Loaded when they are wanted: a program that starts without them starts sooner.
    const { startSimulatedMeters } = await import('../../simulator/fleet.ts');
    const { buildSimulatedPackages } = await import('../../simulator/packages/build.ts');
    const packages = await buildSimulatedPackages(join(options.state, 'packages'));
    const fleet = await startSimulatedMeters({
      count: options.count,
      firmware: options.firmware,
      shipped: options.shipped,
      featureSet: options.featureSet,
      stateFolder: options.state,
      seed: 1,
      applySeconds: options.applySeconds,
      ports: { control: options.controlPort },
      faults: faults.value,
      dlms: LOGS,
    });
    return ok({
      meters: fleet.meters.map((meter) => meter.address),
      package: packages.package,
      packages: { ...packages.packages },
      map: packages.map,
      stop: () => fleet.stop(),
    });
  } catch (thrown) {
    return fail({
      code: 'simulator/cannot-start',
      title: 'The simulated meters could not be started',
      because: reasonOf(thrown),
      meterState: METER_STATE.noMeter,
      nextStep: 'Choose another state folder or other ports.',
    });
  }
}

async function loadFaults(file: string | undefined): Promise<Result<readonly Fault[]>> {
  if (file === undefined) return ok([]);
  try {
    return parseFaults(JSON.parse(await readFile(file, 'utf8')));
  } catch (thrown) {
    return fail({
      code: 'simulator/faults-unreadable',
      title: 'The file with the faults cannot be read',
      because: reasonOf(thrown),
      meterState: METER_STATE.noMeter,
      nextStep: 'Give a file with a JSON list of faults; simulate --help describes them.',
    });
  }
}
