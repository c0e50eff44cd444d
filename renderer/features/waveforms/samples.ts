import type { Waveform } from '../../../shared/contract/waveforms.ts';
import { phasorAt, rmsAt, type Samples, turned } from '../../../shared/domain/waveform/analysis.ts';
import type { PhasorArrow } from '../../ui/phasor-diagram.tsx';

/** Which side of the transformers values are shown of. */
export type Side = 'primary' | 'secondary';

/** An analog channel with its samples, in the unit of the record. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** Undefined where neither the phase nor the name says so. */
  readonly phase: 'A' | 'B' | 'C' | undefined;
  readonly kind: 'voltage' | 'current' | 'other';
  readonly values: Float64Array;
  readonly side: Side | 'unknown';
  readonly primary: number;
  readonly secondary: number;
}

/** A record as it is drawn. Times are milliseconds from the trigger. */
export interface DrawnWaveform {
  readonly times: Float64Array;
  readonly channels: readonly Channel[];
}

/** Numbers of 64 bits, little-endian, out of Base64. */
function numbersOf(base64: string): Float64Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  const view = new DataView(bytes.buffer);
  const values = new Float64Array(bytes.length >> 3);
  for (let index = 0; index < values.length; index += 1) values[index] = view.getFloat64(index * 8, true);
  return values;
}

export function drawnOf(waveform: Waveform): DrawnWaveform {
  return {
    times: numbersOf(waveform.times).map((second) => second * 1000),
    channels: waveform.analogs.map((analog, index) => ({
      id: `${index + 1} ${analog.name}`,
      name: analog.name,
      unit: analog.unit,
      phase: phaseOf(analog),
      kind: kindOf(analog.unit),
      values: numbersOf(analog.samples),
      side: analog.side,
      primary: analog.primary,
      secondary: analog.secondary,
    })),
  };
}

/** The last sample that is not after an instant (milliseconds from the trigger); the first where all are. Times ascend. */
export function sampleAt(times: Float64Array, at: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What values of a channel are multiplied with to be those of a side; 1 where the record does not say which side they are of. */
export function factorOf(
  { side, primary, secondary }: Pick<Channel, 'side' | 'primary' | 'secondary'>,
  wanted: Side,
): number {
  if (side === 'unknown' || side === wanted) return 1;
  return wanted === 'primary' ? primary / secondary : secondary / primary;
}

/** Values of a channel on a side. */
export function scaledOf(channel: Channel, side: Side): Float64Array {
  const factor = factorOf(channel, side);
  return factor === 1 ? channel.values : channel.values.map((value) => value * factor);
}

/** Root of the mean square of a channel over the cycle that ends at a time in milliseconds, on a side. */
export function rmsOf(times: Float64Array, channel: Channel, at: number, frequency: number, side: Side): number | null {
  const rms = rmsAt(secondsOf(times, channel.values), at / 1000, frequency);
  return rms === null ? null : rms * factorOf(channel, side);
}

/**
 * Arrows at a time in milliseconds: voltages and currents of the phases, turned so that the first voltage lies to the right. Of two channels of one
 * phase the first counts. What has none is named.
 */
export function arrowsOf(
  waveform: DrawnWaveform,
  at: number,
  frequency: number,
  side: Side,
  text: (size: number, unit: string) => string,
): { readonly phasors: readonly PhasorArrow[]; readonly missing: readonly string[] } {
  const found: {
    readonly kind: 'voltage' | 'current';
    readonly phase: 'A' | 'B' | 'C';
    size: number;
    angle: number;
    text: string;
  }[] = [];
  const missing: string[] = [];
  for (const kind of ['voltage', 'current'] as const) {
    for (const phase of ['A', 'B', 'C'] as const) {
      const channel = waveform.channels.find((one) => one.kind === kind && one.phase === phase);
      const phasor =
        channel === undefined ? null : phasorAt(secondsOf(waveform.times, channel.values), at / 1000, frequency);
      if (channel === undefined || phasor === null) missing.push(`${kind === 'voltage' ? 'V' : 'I'}${phase}`);
      else {
        const size = phasor.rms * factorOf(channel, side);
        found.push({ kind, phase, size, angle: phasor.angle, text: text(size, channel.unit) });
      }
    }
  }
  const zero = found[0]?.angle ?? 0;
  return { phasors: found.map((one) => ({ ...one, angle: (turned(one.angle, zero) + 360) % 360 })), missing };
}

/** Times in seconds are made once for each record. */
const inSeconds = new WeakMap<Float64Array, Float64Array>();

function secondsOf(times: Float64Array, values: Float64Array): Samples {
  const seconds = inSeconds.get(times) ?? times.map((time) => time / 1000);
  inSeconds.set(times, seconds);
  return { times: seconds, values };
}

/** The phase from its own field, else from the end of the name: "V1", "Ia", "VA", "I L2". A voltage between phases is of none. */
export function phaseOf({
  phase,
  name,
}: {
  readonly phase: string;
  readonly name: string;
}): 'A' | 'B' | 'C' | undefined {
  const said = /^(?:L?([123])|([ABC])|([RST]))N?$/i.exec(phase.trim());
  const named = /^(?:V|U|I)[ _-]?(?:L?([123])|([ABC])|([RST]))N?$/i.exec(name.trim());
  const [, digit, letter, other] = said ?? named ?? [];
  const index = digit === undefined ? 'ABC'.indexOf(letter?.toUpperCase() ?? '-') : Number(digit) - 1;
  const place = other === undefined ? index : 'RST'.indexOf(other.toUpperCase());
  return (['A', 'B', 'C'] as const)[place];
}

function kindOf(unit: string): Channel['kind'] {
  if (/^[kmuµM]?V$/.test(unit.trim())) return 'voltage';
  return /^[kmuµ]?A$/.test(unit.trim()) ? 'current' : 'other';
}
