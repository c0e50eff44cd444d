/**
 * What a sampled waveform says at an instant, over the one cycle that ends there. Times are seconds in rising order; values are in any unit.
 * IEC 60255-118-1 names the phasor as an r.m.s. size and an angle; without a common time base only differences of angles mean anything.
 */

/** Samples of a channel. Both arrays have the same length. */
export interface Samples {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Root-mean-square size and angle in degrees, more than -180 up to 180, counter-clockwise. */
export interface WavePhasor {
  readonly rms: number;
  readonly angle: number;
}

/**
 * Root of the mean square over the cycle that ends at `at`; a sample counts for the time since the one before it, so sampling rates may change.
 * Null where the record has no whole cycle before that instant, or a sample in it is missing.
 *
 * @param at seconds
 * @param frequency of the system in Hz
 */
export function rmsAt(samples: Samples, at: number, frequency: number): number | null {
  const cycle = cycleBefore(samples.times, at, frequency);
  if (cycle === null) return null;
  let squares = 0;
  let time = 0;
  for (let index = cycle.first; index <= cycle.last; index += 1) {
    const value = samples.values[index] ?? Number.NaN;
    const weight = step(samples.times, index);
    squares += value * value * weight;
    time += weight;
  }
  const rms = Math.sqrt(squares / time);
  return Number.isFinite(rms) ? rms : null;
}

/** The fundamental over the cycle that ends at `at`: one bin of a Fourier series. Null as for {@link rmsAt}. */
export function phasorAt(samples: Samples, at: number, frequency: number): WavePhasor | null {
  const cycle = cycleBefore(samples.times, at, frequency);
  if (cycle === null) return null;
  let real = 0;
  let imaginary = 0;
  let time = 0;
  for (let index = cycle.first; index <= cycle.last; index += 1) {
    const value = samples.values[index] ?? Number.NaN;
    const weight = step(samples.times, index);
    // Counted from the cursor, so that precision does not suffer from large times.
    const turn = 2 * Math.PI * frequency * ((samples.times[index] ?? 0) - at);
    real += value * Math.cos(turn) * weight;
    imaginary -= value * Math.sin(turn) * weight;
    time += weight;
  }
  const rms = (Math.SQRT2 * Math.hypot(real, imaginary)) / time;
  if (!Number.isFinite(rms)) return null;
  return { rms, angle: (Math.atan2(imaginary, real) * 180) / Math.PI };
}

/** An angle turned by another, more than -180 up to 180. */
export function turned(angle: number, by: number): number {
  const sum = (((angle - by) % 360) + 360) % 360;
  return sum > 180 ? sum - 360 : sum;
}

/** Index of the last sample that is not after an instant; -1 where all are. */
export function sampleAt(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function cycleBefore(
  times: Float64Array,
  at: number,
  frequency: number,
): { readonly first: number; readonly last: number } | null {
  if (!(frequency > 0)) return null;
  const last = sampleAt(times, at);
  const end = times[last];
  if (end === undefined) return null;
  const period = 1 / frequency;
  // Half a sample of room: a cycle that is not a whole number of samples begins between two of them.
  const first = sampleAt(times, end - period + step(times, last) / 2) + 1;
  const begin = times[first - 1];
  if (first < 1 || begin === undefined || last - first < 3) return null;
  return end - begin < period / 2 ? null : { first, last };
}

function step(times: Float64Array, index: number): number {
  return (times[index] ?? 0) - (times[Math.max(0, index - 1)] ?? 0);
}
