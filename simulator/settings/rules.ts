import type { FeatureSet } from '../../shared/domain/feature-set.ts';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { recorderAt, setupProblem, tooManyOutageRecorders } from './recorder-setup.ts';
import { COMPLEXITY, DEVICE_MODE, type RecorderSetup, RIGHT_BITS, type Settings } from './types.ts';

/** Shortest minimum with a complexity. Source: PowerLogic Engineering Suite help, password complexity and length settings. */
const SHORTEST_WITH_STANDARD = 6;
/** Rights that need Read. Source: ION Reference, Security User module. */
const NEEDS_READ =
  RIGHT_BITS.peakDemandReset | RIGHT_BITS.fullMeterConfig | RIGHT_BITS.testMode | RIGHT_BITS.securityConfig;

export interface MeterKind {
  readonly firmware: FirmwareVersion;
  readonly featureSet: FeatureSet;
}

/** Why a meter does not take changed settings; undefined when it does. Only what changed is judged: what it had before an upgrade stays. */
export function settingsProblem(
  before: Settings,
  after: Settings,
  { firmware, featureSet }: MeterKind,
): string | undefined {
  const { bacnet, security, rights } = after;
  if (bacnet !== before.bacnet && bacnet.mode === DEVICE_MODE.foreign && bacnet.bbmdAddress === 0) {
    return 'Foreign mode needs a BBMD address.';
  }
  if (security !== before.security && security.complexity !== COMPLEXITY.none) {
    if (security.minimumLength < SHORTEST_WITH_STANDARD) return 'A complexity needs a minimum length of 6.';
  }
  if (rights !== before.rights) {
    if (rights.some((own) => (own & NEEDS_READ) !== 0 && (own & RIGHT_BITS.read) === 0)) {
      return 'A user has rights that need Read.';
    }
    if (rights.some((own) => (own & RIGHT_BITS.securityConfig) !== 0 && (own & RIGHT_BITS.fullMeterConfig) === 0)) {
      return 'A user has Security Config without Full Meter Config.';
    }
    if (rights.every((own) => (own & RIGHT_BITS.fullMeterConfig) === 0)) return 'No user has Full Meter Config.';
  }
  const changed = changedRecorders(before, after);
  for (const number of changed) {
    const problem = setupProblem(recorderAt(after, number), firmware);
    if (problem !== undefined) return `Data Recorder ${number}: ${problem}.`;
  }
  const more = changed.some(
    (number) => recorderAt(after, number).insertOutageRecords && !recorderAt(before, number).insertOutageRecords,
  );
  if (more && tooManyOutageRecorders(after, firmware, featureSet)) return 'Too many recorders insert outage records.';
  return undefined;
}

/** Numbers, from 1, of the recorders whose setup is another one. */
export function changedRecorders(before: Settings, after: Settings): readonly number[] {
  return after.recorders.flatMap((_, index) =>
    same(recorderAt(before, index + 1), recorderAt(after, index + 1)) ? [] : [index + 1],
  );
}

function same(a: RecorderSetup, b: RecorderSetup): boolean {
  return a === b || JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
