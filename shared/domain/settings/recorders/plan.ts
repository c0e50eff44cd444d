import type { RecorderSettings } from './recorder.ts';

/** Keys that a plan must give for a recorder that could not be read: the rest has a default that the vendor documents. */
const NEEDED = ['interval', 'depth', 'bufferDepth', 'sources', 'mode'] as const;

/** Source: ION7400 help, burst data (both 0); vendor's FAQ FA349752 (missed intervals are left out). */
const DEFAULTS = { insertOutageRecords: false, preTrigger: 0, postTrigger: 0 } as const;

/** A recorder as it will be, or the keys that neither the plan nor the meter gives. */
export type PlannedRecorder =
  | { readonly complete: true; readonly recorder: RecorderSettings }
  | { readonly complete: false; readonly missing: readonly (keyof RecorderSettings)[] };

/**
 * A plan over what was read: what the plan leaves out stays. Without a reading the plan has to say interval, depth, buffer depth, sources and mode; the
 * rest is the vendor's default.
 */
export function plannedRecorder(plan: Partial<RecorderSettings>, before: RecorderSettings | null): PlannedRecorder {
  const { interval, depth, bufferDepth, sources, mode, ...rest } = { ...before, ...plan };
  if (
    interval === undefined ||
    depth === undefined ||
    bufferDepth === undefined ||
    sources === undefined ||
    mode === undefined
  ) {
    const given = { ...before, ...plan };
    return { complete: false, missing: NEEDED.filter((key) => given[key] === undefined) };
  }
  return { complete: true, recorder: { ...DEFAULTS, ...rest, interval, depth, bufferDepth, sources, mode } };
}
