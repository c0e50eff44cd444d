import type { TransferProgress } from './types.ts';

/** Shortest time between two reports, in milliseconds: at most 4 a second. */
const STEP_MS = 250;
/** The speed is that of the last few seconds, in milliseconds. */
const SPEED_SPAN_MS = 3_000;

/** Turns a count of bytes into reports. */
export interface ProgressMeter {
  /** @param done bytes that are there now, those of an earlier attempt included */
  at(done: number): void;
  /** The last report; it comes always. */
  end(done: number): void;
}

/**
 * @param counted bytes that were there before anything was sent; they do not count as speed
 * @param now monotonic time in milliseconds
 */
export function createProgress(
  total: number,
  counted: number,
  onProgress: ((progress: TransferProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): ProgressMeter {
  const samples: { readonly at: number; readonly done: number }[] = [{ at: now(), done: counted }];
  let reportedAt = Number.NEGATIVE_INFINITY;

  const report = (done: number, time: number) => {
    reportedAt = time;
    samples.push({ at: time, done });
    while (samples.length > 2 && (samples[1]?.at ?? time) <= time - SPEED_SPAN_MS) samples.shift();
    const oldest = samples[0] ?? { at: time, done };
    const seconds = (time - oldest.at) / 1000;
    const perSecond = seconds > 0 ? Math.max(0, (done - oldest.done) / seconds) : 0;
    onProgress?.({ done, total, perSecond });
  };

  return {
    at(done) {
      const time = now();
      if (time - reportedAt >= STEP_MS) report(done, time);
    },
    end(done) {
      report(done, now());
    },
  };
}
