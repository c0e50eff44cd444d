/** Makes answers late by a fixed time on the average. */
export interface Pace {
  /** Settles `latencyMs` after `since` (a time of `performance.now`). */
  wait(since: number, latencyMs: number): Promise<void>;
}

/**
 * Timers of Node are whole milliseconds and mostly late: what one wait was too long or too short is taken off the next, so that the sum of many
 * waits is right. Never more than one latency is carried over.
 */
export function createPace(): Pace {
  let owed = 0;
  return {
    async wait(since, latencyMs) {
      if (latencyMs <= 0) return;
      const due = since + latencyMs + owed;
      const left = Math.round(due - performance.now());
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      owed = Math.max(-latencyMs, Math.min(latencyMs, due - performance.now()));
    },
  };
}
