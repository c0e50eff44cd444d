import { chance } from './hash.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** At most one outage in so long. */
const OUTAGE_CELL = 4 * DAY;
const OUTAGE_SHARE = 0.75;
/** Nothing happens in the last hour before the meter was started. */
const QUIET = HOUR;
/** At most one sag in so long. */
const SAG_CELL = 6 * HOUR;
const SAG_SHARE = 0.3;
const CHANNEL = {
  outage: 1,
  outageStart: 2,
  outageLength: 3,
  sag: 4,
  sagStart: 5,
  sagLength: 6,
  sagDepth: 7,
  phase: 8,
};

/** A time without power, milliseconds since 1970: from inclusive, to exclusive. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** A short fall of one voltage. */
interface Sag {
  /** 0..2 */
  readonly phase: number;
  /** Voltage that is left, 0..1. */
  readonly residual: number;
  /** Share of the asked interval that it lasts, 0..1. */
  readonly share: number;
}

/** Whether there was no power at a moment. */
export function isOut(outages: readonly Outage[], at: number): boolean {
  return outages.some(({ from, to }) => at >= from && at < to);
}

/** Outages that are remembered. */
const MOST_OUTAGES = 100;

/** The outages with one more, in order of time: a clock that was set back puts a later one before an earlier one. */
export function withOutage(outages: readonly Outage[], outage: Outage): Outage[] {
  return [...outages, outage].slice(-MOST_OUTAGES).sort((a, b) => a.from - b.from);
}

/** Outages of 4 to 90 minutes before the meter was started, in order. While it runs, nothing is invented. */
export function outagesOf(seed: number, from: number, startedAt: number): readonly Outage[] {
  const outages: Outage[] = [];
  for (let cell = Math.floor(from / OUTAGE_CELL); cell * OUTAGE_CELL < startedAt; cell += 1) {
    if (chance(seed, CHANNEL.outage, cell) >= OUTAGE_SHARE) continue;
    const start = cell * OUTAGE_CELL + Math.floor(chance(seed, CHANNEL.outageStart, cell) * (OUTAGE_CELL - 2 * HOUR));
    const end = start + Math.floor((4 + 86 * chance(seed, CHANNEL.outageLength, cell)) * 60_000);
    if (end <= startedAt - QUIET) outages.push({ from: start, to: end });
  }
  return outages;
}

/** The deepest sag that begins in (from, to]; intervals are never longer than a quarter of a day. */
export function sagWithin(seed: number, from: number, to: number): Sag | undefined {
  for (let cell = Math.floor(from / SAG_CELL); cell * SAG_CELL <= to; cell += 1) {
    if (chance(seed, CHANNEL.sag, cell) >= SAG_SHARE) continue;
    const start = (cell + chance(seed, CHANNEL.sagStart, cell)) * SAG_CELL;
    if (start <= from || start > to) continue;
    const length = 40 + 20_000 * chance(seed, CHANNEL.sagLength, cell) ** 3;
    return {
      phase: Math.floor(3 * chance(seed, CHANNEL.phase, cell)),
      residual: 0.2 + 0.68 * chance(seed, CHANNEL.sagDepth, cell),
      share: Math.min(1, length / (to - from)),
    };
  }
  return undefined;
}
