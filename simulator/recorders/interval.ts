import type { LiveValues, Physics } from '../physics.ts';
import { sagWithin } from './disturbances.ts';
import { chance } from './hash.ts';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365.25 * DAY_SECONDS;
const CHANNEL = { load: 20, spread: 21 };

/** What the meter saw in one interval: means, and the lowest and highest values in it. */
export interface Interval {
  readonly mean: LiveValues;
  readonly high: LiveValues;
  readonly low: LiveValues;
  readonly seconds: number;
}

/**
 * The installation over an interval that ends at `end` (milliseconds since 1970). The load follows the installation's own swing of the day, less at
 * weekends and in summer, with a noise per interval; voltages follow it too and fall in sags.
 */
export function intervalOf(physics: Physics, seed: number, end: number, seconds: number): Interval {
  const from = end - seconds * 1000;
  const index = Math.floor(end / 1000 / seconds);
  const load = season(end) * workday(end) * (0.97 + 0.06 * chance(seed, CHANNEL.load, index));
  const spread = 0.02 + 0.05 * chance(seed, CHANNEL.spread, index);
  const sag = sagWithin(seed, from, end);
  const factors = (share: number): readonly [number, number, number] => {
    const factor = (phase: number): number => (sag?.phase === phase ? 1 - (1 - sag.residual) * share : 1);
    return [factor(0), factor(1), factor(2)];
  };
  const live = physics.live(from + seconds * 500);
  return {
    mean: scaled(live, load, 1, factors(sag?.share ?? 0)),
    high: scaled(live, load * (1 + spread), 1 + spread / 10, factors(0)),
    low: scaled(live, load * (1 - spread), 1 - spread / 10, factors(1)),
    seconds,
  };
}

/** Most in January, least in July. */
function season(at: number): number {
  return 1 + 0.15 * Math.cos((2 * Math.PI * (at / 1000 - 20 * DAY_SECONDS)) / YEAR_SECONDS);
}

/** Saturdays and Sundays (UTC) have less load. */
function workday(at: number): number {
  const day = (Math.floor(at / 1000 / DAY_SECONDS) + 4) % 7;
  return day === 0 || day === 6 ? 0.72 : 1;
}

type Phases = LiveValues['current'];

/** All loads times a factor, all voltages times another and a factor of their phase. Power factors stay. */
function scaled(live: LiveValues, load: number, level: number, phases: Phases): LiveValues {
  const volts = each(live.voltageLineToNeutral, (value, k) => value * level * phases[k]);
  const power = load * ((phases[0] + phases[1] + phases[2]) / 3);
  const lines: Phases = [between(volts[0], volts[1]), between(volts[1], volts[2]), between(volts[2], volts[0])];
  const drift = 1 + (level - 1) / 50;
  return {
    ...live,
    current: each(live.current, (value) => value * load),
    currentNeutral: live.currentNeutral * load,
    currentAverage: live.currentAverage * load,
    voltageLineToLine: lines,
    voltageLineToLineAverage: average(lines),
    voltageLineToNeutral: volts,
    voltageLineToNeutralAverage: average(volts),
    activePowerTotal: live.activePowerTotal * power,
    reactivePowerTotal: live.reactivePowerTotal * power,
    apparentPowerTotal: live.apparentPowerTotal * power,
    frequency: live.frequency * drift,
    thdVoltage: live.thdVoltage * load,
  };
}

/** Length of the difference of two voltages that are 120 degrees apart. */
function between(a: number, b: number): number {
  return Math.sqrt(a * a + b * b + a * b);
}

function average(values: Phases): number {
  return (values[0] + values[1] + values[2]) / 3;
}

function each(values: Phases, change: (value: number, k: 0 | 1 | 2) => number): Phases {
  return [change(values[0], 0), change(values[1], 1), change(values[2], 2)];
}
