import type { Reading, ValueView } from '../../../shared/contract/views.ts';

/** The values of a reading by their id. */
export type Values = ReadonlyMap<string, ValueView>;

export function valuesOf(reading: Reading | null): Values {
  return new Map((reading?.values ?? []).map((value) => [value.id, value]));
}

/** The number behind an id; null where the meter has none. */
export function numberOf(values: Values, id: string): number | null {
  const found = values.get(id);
  if (found === undefined || found.unavailable) return null;
  const value = Number(found.value);
  return Number.isFinite(value) ? value : null;
}

/** One line of the table of live values: what it is called, and the ids in its columns. */
export interface LiveRow {
  readonly id: string;
  readonly columns: readonly (string | null)[];
}

/** Phases A, B, C, and the total, average or neutral. */
export const LIVE_ROWS: readonly LiveRow[] = [
  { id: 'voltage', columns: ['voltage-a-n', 'voltage-b-n', 'voltage-c-n', 'voltage-line-to-neutral-average'] },
  { id: 'voltageLl', columns: ['voltage-a-b', 'voltage-b-c', 'voltage-c-a', 'voltage-line-to-line-average'] },
  { id: 'current', columns: ['current-a', 'current-b', 'current-c', 'current-average'] },
  { id: 'currentN', columns: [null, null, null, 'current-n'] },
  { id: 'active', columns: ['active-power-a', 'active-power-b', 'active-power-c', 'active-power-total'] },
  { id: 'reactive', columns: ['reactive-power-a', 'reactive-power-b', 'reactive-power-c', 'reactive-power-total'] },
  { id: 'apparent', columns: ['apparent-power-a', 'apparent-power-b', 'apparent-power-c', 'apparent-power-total'] },
  { id: 'pf', columns: ['power-factor-a', 'power-factor-b', 'power-factor-c', 'power-factor-total'] },
  { id: 'frequency', columns: [null, null, null, 'frequency'] },
];

/** Delivered, received for each kind of energy, from the counters of 64 bits. */
export const ENERGY_ROWS = ['active', 'reactive', 'apparent'] as const;

/** An arrow of the diagram. Angles in degrees, counter-clockwise, voltage of phase A at 0. */
export interface Phasor {
  readonly kind: 'voltage' | 'current';
  readonly phase: 'A' | 'B' | 'C';
  readonly size: number;
  readonly angle: number;
  readonly text: string;
}

const PHASES = ['A', 'B', 'C'] as const;

/**
 * Arrows from voltages, currents, power factors and the sign of the reactive power. The registers carry no angles of voltages, so these are
 * taken as 120 degrees apart; the angle of a current is that of its voltage less the arc cosine of its power factor, lagging where the
 * reactive power is positive. Whatever has no value is left out and named.
 */
export function phasorsOf(values: Values): {
  readonly phasors: readonly Phasor[];
  readonly missing: readonly string[];
} {
  const phasors: Phasor[] = [];
  const missing: string[] = [];
  for (const [index, phase] of PHASES.entries()) {
    const small = phase.toLowerCase();
    const base = (360 - 120 * index) % 360;
    const volts = numberOf(values, `voltage-${small}-n`);
    if (volts === null) missing.push(`V${phase}`);
    else phasors.push({ kind: 'voltage', phase, size: volts, angle: base, text: textOf(values, `voltage-${small}-n`) });
    const amperes = numberOf(values, `current-${small}`);
    const shift = shiftOf(
      numberOf(values, `power-factor-${small}`),
      numberOf(values, `active-power-${small}`),
      numberOf(values, `reactive-power-${small}`),
    );
    if (amperes === null || shift === null) missing.push(`I${phase}`);
    else {
      const angle = (((base - shift) % 360) + 360) % 360;
      phasors.push({ kind: 'current', phase, size: amperes, angle, text: textOf(values, `current-${small}`) });
    }
  }
  return { phasors, missing };
}

/** How far the current lags its voltage, in degrees; from the powers where they are known, else from the power factor. */
function shiftOf(pf: number | null, active: number | null, reactive: number | null): number | null {
  if (active !== null && reactive !== null && (active !== 0 || reactive !== 0)) {
    return (Math.atan2(reactive, active) * 180) / Math.PI;
  }
  if (pf === null || Math.abs(pf) > 1) return null;
  return (Math.acos(pf) * 180) / Math.PI;
}

function textOf(values: Values, id: string): string {
  return values.get(id)?.text ?? '';
}
