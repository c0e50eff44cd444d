import type { Physics } from '../physics.ts';
import { LARGEST_DEPTH, records } from '../settings/recorder-setup.ts';
import type { RecorderSetup } from '../settings/types.ts';
import type { MeterState } from '../state.ts';
import { isOut, outagesOf } from './disturbances.ts';
import { intervalOf } from './interval.ts';
import { lazyRows, listedRows } from './rows.ts';
import { sourceById } from './sources.ts';
import { createTimeline, startFor } from './timeline.ts';
import type { Column, Recorder } from './types.ts';

const REVENUE_ROWS = 3360;
/** Columns of a Profile Generic. Source: technical note 7EN22-0123, logs of at most 16 columns. */
const EXPORTED_COLUMNS = 16;
const EVENT_DEPTH = 500;
/** Recorders that leave the factory with a log of this name. The numbers of OBIS and of the Load Curve are simulated. */
const FACTORY_LOGS = [
  { obis: '1-0:99.1.0*255', name: 'Revenue Log' },
  { obis: '1-0:99.2.0*255', name: 'Hist Mean Log' },
  { obis: '1-0:99.3.0*255', name: 'Hist High Log' },
  { obis: '1-0:99.4.0*255', name: 'Hist Low Log' },
  { obis: '1-0:99.128.0*255', name: 'Load Curve' },
] as const;

export interface RecordersOptions {
  readonly physics: Physics;
  readonly state: () => Pick<
    MeterState,
    'seed' | 'startedAt' | 'loadCurveRows' | 'historicRows' | 'logsSince' | 'powerOutages' | 'events'
  >;
  /** Index 0 is Data Recorder 1. */
  readonly setups: readonly RecorderSetup[];
  /** Milliseconds since 1970 of the meter's clock. */
  readonly clock: () => number;
  /** Whether the Load Curve leaves out times that follow from the one before. */
  readonly nullClock: boolean | undefined;
}

/**
 * The recorders that the meter exports. Rows are computed by their number from the seed: they cost no memory and are the same whenever they are read.
 * Each recorder starts with a history from before the meter was first started, with the gaps of its outages, and grows with the clock of the meter;
 * a clock that is set back hides the rows that are now in the future. A loss of power leaves a gap, or rows of zeros with Insert Outage Records
 * (source: vendor's FAQ FA349752).
 */
export function createRecorders(options: RecordersOptions): readonly Recorder[] {
  const recorders = options.setups.flatMap((setup, index) =>
    records(setup) ? [dataRecorder(options, index + 1, setup)] : [],
  );
  const factory = recorders.filter(({ number = 0 }) => number <= FACTORY_LOGS.length);
  return [...factory, eventLog(options), ...recorders.slice(factory.length)];
}

/** Label of a Data Recorder, counted from 1. */
export function recorderLabel(number: number): string {
  return FACTORY_LOGS[number - 1]?.name ?? `Data Rec ${number}`;
}

function initialRows(
  number: number,
  { loadCurveRows, historicRows }: Pick<MeterState, 'loadCurveRows' | 'historicRows'>,
): number {
  if (number > FACTORY_LOGS.length) return 0;
  if (number === 1) return REVENUE_ROWS;
  return number === FACTORY_LOGS.length ? Math.min(LARGEST_DEPTH, loadCurveRows) : Math.min(REVENUE_ROWS, historicRows);
}

function dataRecorder(
  { physics, state, clock, nullClock }: RecordersOptions,
  number: number,
  { interval: period, depth, stopWhenFull, insertOutageRecords, sources, since }: RecorderSetup,
): Recorder {
  const { seed, startedAt, ...sizes } = state();
  const initial = initialRows(number, sizes);
  // Outages never take more than a twentieth of the time.
  const outages = outagesOf(seed, startedAt - initial * period * 1100, startedAt);
  const start = startFor(initial, startedAt, period, outages);
  const measured = sources.flatMap((id) => sourceById(id)?.measured ?? []).slice(0, EXPORTED_COLUMNS);
  return {
    obis: FACTORY_LOGS[number - 1]?.obis ?? `1-0:99.128.${number}*255`,
    name: recorderLabel(number),
    number,
    period,
    depth,
    nullClock: number === FACTORY_LOGS.length && (nullClock ?? true),
    columns: measured.map(({ column }) => column),
    rows() {
      // Without an interval records come from a trigger, and nothing triggers in this meter.
      if (period === 0) return listedRows([]);
      const { logsSince, powerOutages } = state();
      const after = Math.max(start, since, logsSince);
      const missed = insertOutageRecords ? outages : [...outages, ...powerOutages];
      const timeline = createTimeline({ period, outages: missed, after });
      const recorded = timeline.recordedBy(clock());
      const count = Math.min(depth, recorded);
      const oldest = stopWhenFull ? 0 : recorded - count;
      const timeAt = (index: number): number => timeline.timeOf(oldest + index);
      return lazyRows(count, timeAt, (index) => {
        if (insertOutageRecords && isOut(powerOutages, timeAt(index))) return measured.map(() => 0);
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
