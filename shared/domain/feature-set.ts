/** Feature set of an ION7400; `unknown` until the meter or the technician says. */
export const FEATURE_SETS = ['essential', 'standard', 'advanced', 'unknown'] as const;
export type FeatureSet = (typeof FEATURE_SETS)[number];

export interface FeatureLimits {
  /** Number of Data Recorder modules. Source: vendor's default data logging configuration page (ION7400). */
  readonly dataRecorders: number;
  /** Data recorders that may have Insert Outage Records turned on from 4.6.0. Source: release notes 7EN12-0483-00. */
  readonly outageRecorders: number;
}

/** Limits of a feature set; nothing is known of an unknown one. */
export function featureLimits(set: FeatureSet): FeatureLimits | undefined {
  switch (set) {
    case 'essential':
      return { dataRecorders: 10, outageRecorders: 10 };
    case 'standard':
      return { dataRecorders: 50, outageRecorders: 19 };
    case 'advanced':
      return { dataRecorders: 64, outageRecorders: 19 };
    case 'unknown':
      return undefined;
  }
}
