import { DLMS_COLUMNS, maximumDepthOf, type RecorderSettings, recordBytes } from './recorder.ts';

/** How much a recorder keeps. */
export interface RecorderFigures {
  readonly sources: number;
  readonly bytesPerRecord: number;
  readonly depth: number;
  /** Bytes of the full log. */
  readonly bytes: number;
  /** The greatest depth with these sources and bursts. */
  readonly maximumDepth: number;
  /** Days of history in a full log; null when records do not come at an interval. */
  readonly days: number | null;
  /** {@link days} at the greatest depth. */
  readonly maximumDays: number | null;
  /** Sources that a DLMS export does not show. */
  readonly hiddenFromDlms: number;
}

/** The figures of a recorder as it is set up; it need not be valid. */
export function recorderFigures(recorder: RecorderSettings): RecorderFigures {
  const sources = recorder.sources.length;
  const bytesPerRecord = recordBytes(sources);
  const most = maximumDepthOf(recorder);
  return {
    sources,
    bytesPerRecord,
    depth: recorder.depth,
    bytes: bytesPerRecord * recorder.depth,
    maximumDepth: most,
    days: daysOfHistory(recorder.depth, recorder.interval),
    maximumDays: daysOfHistory(most, recorder.interval),
    hiddenFromDlms: Math.max(0, sources - DLMS_COLUMNS),
  };
}

/** Days that `depth` records at `interval` seconds cover; null without an interval. */
export function daysOfHistory(depth: number, interval: number | null): number | null {
  return interval === null || !(interval > 0) ? null : (depth * interval) / 86_400;
}

/** A recorder before and after a change. Any change of its setup erases the log. Source: ION Reference, Data Recorder module. */
export interface RecorderChange {
  readonly before: RecorderFigures;
  readonly after: RecorderFigures;
  readonly changed: readonly (keyof RecorderSettings)[];
  /** True when anything but the name changes: the records of the log are lost. */
  readonly erasesLog: boolean;
  /** The new log reaches back less far than the old one does when full. */
  readonly lessHistory: boolean;
}

const KEYS = [
  'name',
  'interval',
  'depth',
  'bufferDepth',
  'sources',
  'insertOutageRecords',
  'mode',
  'preTrigger',
  'postTrigger',
] as const satisfies readonly (keyof RecorderSettings)[];

/** What changes from one setup of a recorder to another. */
export function compareRecorder(before: RecorderSettings, after: RecorderSettings): RecorderChange {
  const changed = KEYS.filter((key) => !sameValue(before[key], after[key]));
  const old = recorderFigures(before);
  const next = recorderFigures(after);
  return {
    before: old,
    after: next,
    changed,
    erasesLog: changed.some((key) => key !== 'name'),
    lessHistory:
      old.days !== null && next.days !== null ? next.days < old.days : changed.length > 0 && next.depth < old.depth,
  };
}

function sameValue(a: RecorderSettings[keyof RecorderSettings], b: RecorderSettings[keyof RecorderSettings]): boolean {
  return Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((item, index) => item === b[index])
    : a === b;
}
