import type { Physics } from '../physics.ts';
import type { MeterState } from '../state.ts';
import { historicColumns, LOAD_CURVE_COLUMNS, type Measured, REVENUE_COLUMNS } from './columns.ts';
import { outagesOf } from './disturbances.ts';
import { intervalOf } from './interval.ts';
import { lazyRows, listedRows } from './rows.ts';
import { createTimeline, startFor } from './timeline.ts';
import type { Column, Recorder } from './types.ts';

/** Interval and depth of the factory logs. Source: vendor's default data logging page. */
const FACTORY = { period: 900, depth: 3360 };
/** Rows that a factory log other than the Revenue Log starts with: 30 days, so that it still grows. */
const YOUNG_ROWS = 2880;
/** As many rows as 10 MB hold with 16 sources. Source: vendor's FAQ on recorder memory. */
export const LARGEST_DEPTH = 97_089;
const LOAD_CURVE_PERIOD = 60;
const EVENT_DEPTH = 500;

export interface RecordersOptions {
  readonly physics: Physics;
  readonly state: () => Pick<MeterState, 'seed' | 'startedAt' | 'loadCurveRows' | 'logsSince' | 'events'>;
  /** Milliseconds since 1970 of the meter's clock. */
  readonly clock: () => number;
  /** Whether the Load Curve leaves out times that follow from the one before. */
  readonly nullClock: boolean | undefined;
}

/**
 * The recorders that the meter exports. Rows are computed by their number from the seed: they cost no memory and are the same whenever they are read.
 * Each recorder starts with a history from before the meter was first started, with the gaps of its outages, and grows with the clock of the meter;
 * a clock that is set back hides the rows that are now in the future.
 */
export function createRecorders(options: RecordersOptions): readonly Recorder[] {
  const periodic = (
    obis: string,
    name: string,
    measured: readonly Measured[],
    shape: { period: number; depth: number; initial: number; nullClock?: boolean },
  ): Recorder => periodicRecorder(options, obis, name, measured, shape);
  const young = { ...FACTORY, initial: YOUNG_ROWS };
  return [
    periodic('1-0:99.1.0*255', 'Revenue Log', REVENUE_COLUMNS, { ...FACTORY, initial: FACTORY.depth }),
    periodic('1-0:99.2.0*255', 'Hist Mean Log', historicColumns('mean'), young),
    periodic('1-0:99.3.0*255', 'Hist High Log', historicColumns('high'), young),
    periodic('1-0:99.4.0*255', 'Hist Low Log', historicColumns('low'), young),
    periodic('1-0:99.128.0*255', 'Load Curve', LOAD_CURVE_COLUMNS, {
      period: LOAD_CURVE_PERIOD,
      depth: LARGEST_DEPTH,
      initial: Math.min(LARGEST_DEPTH, options.state().loadCurveRows),
      nullClock: options.nullClock ?? true,
    }),
    eventLog(options),
  ];
}

function periodicRecorder(
  { physics, state, clock }: RecordersOptions,
  obis: string,
  name: string,
  measured: readonly Measured[],
  {
    period,
    depth,
    initial,
    nullClock = false,
  }: { period: number; depth: number; initial: number; nullClock?: boolean },
): Recorder {
  const { seed, startedAt } = state();
  // Outages never take more than a twentieth of the time.
  const outages = outagesOf(seed, startedAt - initial * period * 1100, startedAt);
  const start = startFor(initial, startedAt, period, outages);
  return {
    obis,
    name,
    period,
    depth,
    nullClock,
    columns: measured.map(({ column }) => column),
    rows() {
      const timeline = createTimeline({ period, outages, after: Math.max(start, state().logsSince) });
      const recorded = timeline.recordedBy(clock());
      const count = Math.min(depth, recorded);
      const oldest = recorded - count;
      const timeAt = (index: number): number => timeline.timeOf(oldest + index);
      return lazyRows(count, timeAt, (index) => {
        const interval = intervalOf(physics, seed, timeAt(index), period);
        return measured.map(({ value }) => value(interval));
      });
    },
  };
}

const EVENT_COLUMNS: readonly Column[] = [
  { obis: '0-0:96.11.0*255', type: 'text', scaler: 0, unit: 255 },
  { obis: '0-0:96.11.1*255', type: 'text', scaler: 0, unit: 255 },
];

/** The event log of the meter: a code and a text. */
function eventLog({ state }: RecordersOptions): Recorder {
  return {
    obis: '0-0:99.98.0*255',
    name: 'Event Log',
    period: 0,
    depth: EVENT_DEPTH,
    nullClock: false,
    columns: EVENT_COLUMNS,
    rows: () => listedRows(state().events.map(({ at, code, text }) => ({ at: Date.parse(at), values: [code, text] }))),
  };
}
