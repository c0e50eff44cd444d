import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureSet } from '../../../shared/domain/feature-set.ts';
import type { FirmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startPractice } from '../../services/practice.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, failedOutcome, type Outcome } from '../terminal.ts';

export interface SimulateOptions {
  readonly count: number;
  readonly firmware: FirmwareVersion;
  readonly shipped: FirmwareVersion;
  readonly featureSet: Exclude<FeatureSet, 'unknown'>;
  readonly state?: string;
  readonly faults?: string;
  readonly controlPort: number;
  readonly applySeconds: number;
}

/** `simulate`: prints one JSON document once every port listens, then runs until it is told to stop. */
export async function simulate(context: CommandContext, options: SimulateOptions): Promise<Outcome> {
  const state = options.state ?? (await mkdtemp(join(tmpdir(), 'meterwright-simulated-')));
  const practice = await startPractice({ ...options, state, faultsFile: options.faults });
  if (!practice.ok) return failedOutcome(practice.problem);
  const { meters, packages, map } = practice.value;
  const document = { meters, package: practice.value.package, packages, map };
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`, (error) => (error ? reject(error) : resolve()));
  });
  await untilAborted(context.signal);
  await practice.value.stop();
  return { exit: EXIT.done, document: undefined, lines: [] };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // A pending promise does not keep a process alive; the listening ports of the meters do.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
