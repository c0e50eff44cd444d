import type { LiveValues } from '../physics.ts';
import type { Interval } from './interval.ts';
import type { Column } from './types.ts';

/** A column together with what it says of an interval. */
export interface Measured {
  readonly column: Column;
  value(interval: Interval): number;
}

/** Units. Source: IEC 62056-62, "scal_unit_type". */
const UNIT = { W: 27, VA: 28, var: 29, Wh: 30, varh: 32, A: 33, V: 35, Hz: 44, percent: 56, none: 255 } as const;

/** Values of group D of a logical name: what of an interval is recorded. Source: IEC 62056-61, table 6. */
const STATISTIC = { low: 3, mean: 5, high: 6 } as const;
type Statistic = keyof typeof STATISTIC;
/** Group D of the values of the Load Curve and of amounts per interval. */
const LOAD_CURVE_MEAN = 15;
const INTERVAL_AMOUNT = 29;

/** A quantity by its group C. Codes from 124 on are not in every edition of the standard. Provenance: simulated. */
interface Quantity {
  readonly c: number;
  readonly unit: number;
  readonly type: 'float32' | 'double-long';
  readonly scaler: number;
  of(values: LiveValues): number;
}

function quantity(c: number, unit: number, of: Quantity['of']): Quantity {
  return { c, unit, type: 'float32', scaler: 0, of };
}

/** Whole hundredths: a client has to apply the scaler. */
function hundredths(c: number, unit: number, of: Quantity['of']): Quantity {
  return { c, unit, type: 'double-long', scaler: -2, of };
}

const POWERS = [
  quantity(1, UNIT.W, (v) => v.activePowerTotal),
  quantity(3, UNIT.var, (v) => v.reactivePowerTotal),
  quantity(9, UNIT.VA, (v) => v.apparentPowerTotal),
];
const CURRENTS = [
  quantity(31, UNIT.A, (v) => v.current[0]),
  quantity(51, UNIT.A, (v) => v.current[1]),
  quantity(71, UNIT.A, (v) => v.current[2]),
];
const NEUTRAL_CURRENT = quantity(91, UNIT.A, (v) => v.currentNeutral);
const FREQUENCY = quantity(14, UNIT.Hz, (v) => v.frequency);
const POWER_FACTOR = quantity(13, UNIT.none, (v) => v.powerFactorTotal);

/** Sources of the historic logs. Source: vendor's default data logging page. */
const HISTORIC: readonly Quantity[] = [
  quantity(124, UNIT.V, (v) => v.voltageLineToLine[0]),
  quantity(125, UNIT.V, (v) => v.voltageLineToLine[1]),
  quantity(126, UNIT.V, (v) => v.voltageLineToLine[2]),
  quantity(12, UNIT.V, (v) => v.voltageLineToLineAverage),
  quantity(128, UNIT.percent, (v) => unbalance(v.voltageLineToLine, v.voltageLineToLineAverage)),
  ...CURRENTS,
  quantity(11, UNIT.A, (v) => v.currentAverage),
  NEUTRAL_CURRENT,
  ...POWERS,
  POWER_FACTOR,
  // The load is never capacitive: there is no leading power factor.
  quantity(84, UNIT.none, () => 1),
  FREQUENCY,
];

/** Sources of the Load Curve. Provenance: simulated. */
const LOAD_CURVE: readonly Quantity[] = [
  ...POWERS,
  ...CURRENTS,
  NEUTRAL_CURRENT,
  hundredths(32, UNIT.V, (v) => v.voltageLineToNeutral[0]),
  hundredths(52, UNIT.V, (v) => v.voltageLineToNeutral[1]),
  hundredths(72, UNIT.V, (v) => v.voltageLineToNeutral[2]),
  hundredths(12, UNIT.V, (v) => v.voltageLineToNeutralAverage),
  POWER_FACTOR,
  FREQUENCY,
  quantity(127, UNIT.percent, (v) => v.thdVoltage),
];

/** The four sources of the Revenue Log: energy per interval, whole Wh and varh. */
export const REVENUE_COLUMNS: readonly Measured[] = [
  energy(1, UNIT.Wh, (v) => v.activePowerTotal),
  energy(2, UNIT.Wh, () => 0),
  energy(3, UNIT.varh, (v) => v.reactivePowerTotal),
  energy(4, UNIT.varh, () => 0),
];

/** The 16 sources of a historic log. */
export function historicColumns(statistic: Statistic): readonly Measured[] {
  return HISTORIC.map((source) => measured(source, STATISTIC[statistic], (interval) => source.of(interval[statistic])));
}

/** The 16 sources of the Load Curve. */
export const LOAD_CURVE_COLUMNS: readonly Measured[] = [
  ...LOAD_CURVE.map((source) => measured(source, LOAD_CURVE_MEAN, ({ mean }) => source.of(mean))),
  energy(1, UNIT.Wh, (v) => v.activePowerTotal, LOAD_CURVE_MEAN + 4),
  energy(3, UNIT.varh, (v) => v.reactivePowerTotal, LOAD_CURVE_MEAN + 4),
];

function measured({ c, unit, type, scaler }: Quantity, d: number, value: Measured['value']): Measured {
  return { column: { obis: `1-0:${c}.${d}.0*255`, type, scaler, unit }, value };
}

function energy(c: number, unit: number, power: Quantity['of'], d = INTERVAL_AMOUNT): Measured {
  const amount = ({ mean, seconds }: Interval): number => (power(mean) * seconds) / 3600;
  return measured({ c, unit, type: 'double-long', scaler: 0, of: power }, d, amount);
}

/** Largest distance from the average in percent of it. */
function unbalance(values: LiveValues['current'], average: number): number {
  return (100 * Math.max(...values.map((value) => Math.abs(value - average)))) / average;
}
