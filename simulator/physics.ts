/** Three phases in the order A, B, C. */
type Phases = readonly [number, number, number];

/** Instantaneous values: A, V, W, var, VA, Hz; power factors are ratios of 0..1 (lagging). */
export interface LiveValues {
  readonly current: Phases;
  readonly currentNeutral: number;
  readonly currentAverage: number;
  readonly voltageLineToLine: Phases;
  readonly voltageLineToLineAverage: number;
  readonly voltageLineToNeutral: Phases;
  readonly voltageLineToNeutralAverage: number;
  readonly activePower: Phases;
  readonly activePowerTotal: number;
  readonly reactivePower: Phases;
  readonly reactivePowerTotal: number;
  readonly apparentPower: Phases;
  readonly apparentPowerTotal: number;
  readonly powerFactor: Phases;
  readonly powerFactorTotal: number;
  readonly frequency: number;
  /** Total harmonic distortion of V1 in percent. */
  readonly thdVoltage: number;
}

/** Energies in Wh, varh, VAh. Delivered is into the load; all of it is in quadrant 1, all received energy in quadrant 3. */
export interface EnergyValues {
  readonly activeDelivered: bigint;
  readonly activeReceived: bigint;
  readonly reactiveDelivered: bigint;
  readonly reactiveReceived: bigint;
  readonly apparentDelivered: bigint;
  readonly apparentReceived: bigint;
}

/** The installation behind a simulated meter: a pure function of its seed and of time. */
export interface Physics {
  /** Values at a moment, in milliseconds since 1970. */
  live(at: number): LiveValues;
  /** Counters at a moment; they never get smaller when `at` grows and stand still before the start of the installation. */
  energy(at: number): EnergyValues;
}

interface Swing {
  /** Share of the mean, 0..1. */
  readonly share: number;
  /** Period in seconds. */
  readonly period: number;
  /** Phase in radians. */
  readonly phase: number;
}

/** A pseudo-random sequence of numbers in [0, 1), the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * Makes the installation. Each phase has an active power that swings around a mean and a power factor that stays; currents follow from power,
 * voltage and power factor, so that P = V * I * PF holds at any moment, and the energies are the exact integral of the powers since `startedAt`
 * (milliseconds since 1970): a meter that was killed and started again continues them without a step back.
 */
export function createPhysics(seed: number, startedAt: number): Physics {
  const random = createRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const phase = (): number => between(0, 2 * Math.PI);
  const three = (make: () => number): Phases => [make(), make(), make()];

  const meanPower = three(() => between(8_000, 42_000));
  const powerFactor = three(() => between(0.87, 0.98));
  const day: Swing = { share: 0.25, period: 86_400, phase: phase() };
  const minutes = [0, 1, 2].map((): Swing => ({ share: 0.06, period: between(400, 900), phase: phase() }));
  const voltage = [0, 1, 2].map((): Swing => ({ share: 0.008, period: between(200, 500), phase: phase() }));
  const frequency: Swing = { share: 0.0004, period: between(60, 120), phase: phase() };
  const thd = between(1.2, 2.8);
  const base = {
    delivered: Math.floor(between(5e7, 9e8)),
    received: Math.floor(between(1e3, 1e6)),
    ratio: between(0.3, 0.5),
  };

  const power = (k: 0 | 1 | 2, seconds: number): number =>
    meanPower[k] * (1 + value(day, seconds) + value(minutes[k], seconds));
  const tangent = (k: 0 | 1 | 2): number => Math.tan(Math.acos(powerFactor[k]));

  function live(at: number): LiveValues {
    const t = at / 1000;
    const active: Phases = [power(0, t), power(1, t), power(2, t)];
    const toNeutral: Phases = [
      230.94 * (1 + value(voltage[0], t)),
      230.94 * (1 + value(voltage[1], t)),
      230.94 * (1 + value(voltage[2], t)),
    ];
    const amps = zip(active, toNeutral, (p, v, k) => p / (v * powerFactor[k]));
    const [a, b, c] = toNeutral;
    const toLine: Phases = [lineToLine(a, b), lineToLine(b, c), lineToLine(c, a)];
    const reactive: Phases = [active[0] * tangent(0), active[1] * tangent(1), active[2] * tangent(2)];
    const apparent = zip(toNeutral, amps, (v, i) => v * i);
    const [ia, ib, ic] = amps;
    return {
      current: amps,
      currentNeutral: Math.sqrt(Math.max(0, ia * ia + ib * ib + ic * ic - ia * ib - ib * ic - ic * ia)),
      currentAverage: sum(amps) / 3,
      voltageLineToLine: toLine,
      voltageLineToLineAverage: sum(toLine) / 3,
      voltageLineToNeutral: toNeutral,
      voltageLineToNeutralAverage: sum(toNeutral) / 3,
      activePower: active,
      activePowerTotal: sum(active),
      reactivePower: reactive,
      reactivePowerTotal: sum(reactive),
      apparentPower: apparent,
      apparentPowerTotal: sum(apparent),
      powerFactor,
      powerFactorTotal: sum(active) / sum(apparent),
      frequency: 50 * (1 + value(frequency, t)),
      thdVoltage: thd,
    };
  }

  /** Watt-hours of one phase since the start. */
  function workOf(k: 0 | 1 | 2, at: number): number {
    const from = startedAt / 1000;
    const to = Math.max(at, startedAt) / 1000;
    return (meanPower[k] * (to - from + integral(day, from, to) + integral(minutes[k], from, to))) / 3600;
  }

  function energy(at: number): EnergyValues {
    const work: Phases = [workOf(0, at), workOf(1, at), workOf(2, at)];
    const active = sum(work);
    const reactive = work[0] * tangent(0) + work[1] * tangent(1) + work[2] * tangent(2);
    const apparent = work[0] / powerFactor[0] + work[1] / powerFactor[1] + work[2] / powerFactor[2];
    const scale = Math.sqrt(1 + base.ratio * base.ratio);
    return {
      activeDelivered: whole(base.delivered + active),
      activeReceived: whole(base.received),
      reactiveDelivered: whole(base.delivered * base.ratio + reactive),
      reactiveReceived: whole(base.received * base.ratio),
      apparentDelivered: whole(base.delivered * scale + apparent),
      apparentReceived: whole(base.received * scale),
    };
  }

  return { live, energy };
}

function value(swing: Swing | undefined, seconds: number): number {
  if (swing === undefined) return 0;
  return swing.share * Math.sin((2 * Math.PI * seconds) / swing.period + swing.phase);
}

/** Integral of {@link value} over time, in seconds. */
function integral(swing: Swing | undefined, from: number, to: number): number {
  if (swing === undefined) return 0;
  const rate = (2 * Math.PI) / swing.period;
  return (swing.share / rate) * (Math.cos(rate * from + swing.phase) - Math.cos(rate * to + swing.phase));
}

/** Length of the difference of two voltages that are 120 degrees apart. */
function lineToLine(a: number, b: number): number {
  return Math.sqrt(a * a + b * b + a * b);
}

function sum(values: Phases): number {
  return values[0] + values[1] + values[2];
}

function zip(a: Phases, b: Phases, join: (a: number, b: number, k: 0 | 1 | 2) => number): Phases {
  return [join(a[0], b[0], 0), join(a[1], b[1], 1), join(a[2], b[2], 2)];
}

function whole(value: number): bigint {
  return BigInt(Math.floor(value));
}
