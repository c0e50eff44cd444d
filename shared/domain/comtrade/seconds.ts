import type { ComtradeConfig, ComtradeRecord } from './types.ts';

/**
 * Seconds of each sample since the first one: by the sampling rates where the configuration has them, else by the stamps. A text when there are no usable
 * ones: a stamp that is missing, or one that is before the stamp of the sample before.
 */
export function secondsOf(
  config: Pick<ComtradeConfig, 'rates' | 'samples' | 'timeMultiplier' | 'stampUnit'>,
  stamps: Float64Array,
): Pick<ComtradeRecord, 'seconds' | 'timing'> | string {
  const seconds = new Float64Array(config.samples);
  if (config.rates.length > 0) {
    let sample = 0;
    let origin = 0;
    for (const { rate, endSample } of config.rates) {
      const first = sample;
      // The step to the first sample of a rate is one of this rate; the very first sample is the origin.
      for (; sample < endSample; sample += 1) {
        seconds[sample] = origin + (sample - first + (first === 0 ? 0 : 1)) / rate;
      }
      origin = seconds[sample - 1] ?? 0;
    }
    return { seconds, timing: 'rate' };
  }
  const unit = config.stampUnit * config.timeMultiplier;
  const first = stamps[0] ?? 0;
  for (let sample = 0; sample < config.samples; sample += 1) {
    const stamp = stamps[sample] ?? Number.NaN;
    if (Number.isNaN(stamp)) return `Sample ${sample + 1} has no stamp, and the configuration no sampling rate.`;
    seconds[sample] = (stamp - first) * unit;
    if (sample > 0 && (seconds[sample] ?? 0) < (seconds[sample - 1] ?? 0)) {
      return `The stamp of sample ${sample + 1} is before that of the sample before it.`;
    }
  }
  return { seconds, timing: 'stamp' };
}
