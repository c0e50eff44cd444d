import { type FeatureSet, featureLimits } from '../../shared/domain/feature-set.ts';
import { atLeast, type FirmwareVersion, firmwareVersion } from '../../shared/domain/firmware-version.ts';
import { factorySources, sourceById } from '../recorders/sources.ts';
import { MOST_SOURCES, type RecorderSetup, type Settings } from './types.ts';

/** What one recorder may hold. Source: vendor's FAQ on recorder memory, 10 MB. */
const LOG_BYTES = 10_485_760;
const FORMER_SOURCES = 16;
/** Up to 50 sources, and a limit to Insert Outage Records. Source: release notes 7EN12-0483-00. */
const NEW_LIMITS_SINCE = firmwareVersion('4.6.0');
/** Interval and depth of the factory logs. Source: vendor's default data logging page. */
const FACTORY = { interval: 900, depth: 3360, bufferDepth: 96 };
/** As many records as 10 MB hold with 16 sources. Source: vendor's FAQ on recorder memory. */
export const LARGEST_DEPTH = 97_089;

const PLAIN: RecorderSetup = {
  interval: 900,
  depth: 0,
  bufferDepth: 0,
  preTrigger: 0,
  postTrigger: 0,
  insertOutageRecords: false,
  stopWhenFull: false,
  sources: [],
  since: 0,
};

/** The recorders as the meter leaves the factory: Revenue, Hist Mean, High and Low, and (simulated) the Load Curve. */
export const FACTORY_RECORDERS: readonly RecorderSetup[] = [
  { ...PLAIN, ...FACTORY, sources: factorySources('revenue') },
  { ...PLAIN, ...FACTORY, sources: factorySources('mean') },
  { ...PLAIN, ...FACTORY, sources: factorySources('high') },
  { ...PLAIN, ...FACTORY, sources: factorySources('low') },
  { ...PLAIN, interval: 60, depth: LARGEST_DEPTH, bufferDepth: 1440, sources: factorySources('load-curve') },
];

/** Setup of a recorder, counted from 1; one that was never set up records nothing. */
export function recorderAt({ recorders }: Pick<Settings, 'recorders'>, recorder: number): RecorderSetup {
  return recorders[recorder - 1] ?? PLAIN;
}

/** Settings with another setup of one recorder. */
export function withRecorder(settings: Settings, recorder: number, setup: RecorderSetup): Settings {
  const length = Math.max(settings.recorders.length, recorder);
  const recorders = Array.from({ length }, (_, index) =>
    index === recorder - 1 ? setup : recorderAt(settings, index + 1),
  );
  return { ...settings, recorders };
}

/** Whether a recorder records at all. */
export function records({ depth, sources }: RecorderSetup): boolean {
  return depth > 0 && sources.length > 0;
}

/** Bytes of one record: 5 for each linked source and 28. Source: vendor's FAQ on recorder memory. */
function recordSize(sources: readonly number[]): number {
  return 5 * sources.filter((id) => id !== 0).length + 28;
}

/** Why this firmware does not take a setup; undefined when it does. */
export function setupProblem(setup: RecorderSetup, firmware: FirmwareVersion): string | undefined {
  const { depth, bufferDepth, preTrigger, postTrigger, sources } = setup;
  const burst = preTrigger + postTrigger + 1;
  const most = atLeast(firmware, NEW_LIMITS_SINCE) && burst === 1 ? MOST_SOURCES : FORMER_SOURCES;
  if (sources.length > most) return `it has more than ${most} sources`;
  if (sources.some((id) => id !== 0 && sourceById(id) === undefined)) return 'a source does not exist';
  if (depth > 0 && (sources[0] ?? 0) === 0) return 'source 1 is not linked';
  if (depth * recordSize(sources) > LOG_BYTES) return `its log would be larger than ${LOG_BYTES} bytes`;
  if (depth % burst !== 0) return `its depth is no multiple of ${burst}`;
  // Records reach the log through the buffer: both are positive. Source: ION7400 help, burst data; ION9000 help, log buffers.
  if (depth > 0 && bufferDepth === 0) return 'it has no buffer';
  if (bufferDepth % burst !== 0) return `its buffer depth is no multiple of ${burst}`;
  if (bufferDepth > depth) return 'its buffer is deeper than its log';
  return undefined;
}

/** Whether more recorders insert outage records than the feature set allows. */
export function tooManyOutageRecorders(
  { recorders }: Settings,
  firmware: FirmwareVersion,
  featureSet: FeatureSet,
): boolean {
  if (!atLeast(firmware, NEW_LIMITS_SINCE)) return false;
  const count = recorders.filter(({ insertOutageRecords }) => insertOutageRecords).length;
  return count > (featureLimits(featureSet)?.outageRecorders ?? 0);
}
