/** How much may be under way at once. Both are counts of chunks. */
const FIRST_LIMIT = 32;
const MAX_LIMIT = 128;
const MIN_LIMIT = 4;

/** Answers that take longer than this shrink the window, faster ones let it grow, in milliseconds. */
const SLOW_MS = 2_000;
const FAST_MS = 1_000;

/**
 * Bytes of a chunk. Every SFTP host must take packets of 34,000 bytes (draft-ietf-secsh-filexfer-02, 3); ssh2 keeps 2 KiB of that for headers and
 * would cut anything longer in two requests that wait for each other. With its headers a chunk also fits into one SSH packet of 32 KiB.
 */
export const CHUNK_BYTES = 31 * 1024;

/**
 * The window of a transfer: how many chunks are under way. It starts with 1 MiB, grows to 4 MiB while answers come fast (what a path of 20 ms
 * each way needs to stay full) and shrinks on slow links, so that a stop is obeyed soon and the last chunk does not wait for minutes.
 */
export interface TransferWindow {
  readonly limit: number;
  readonly inFlight: number;
  isFull(): boolean;
  started(): void;
  /** @param tookMs time from the request to its answer */
  finished(tookMs: number): void;
  /** Settles at the next {@link finished} or {@link wake}. */
  change(): Promise<void>;
  wake(): void;
}

export function createWindow(): TransferWindow {
  let limit = FIRST_LIMIT;
  let inFlight = 0;
  let waiters: (() => void)[] = [];

  const wake = () => {
    const woken = waiters;
    waiters = [];
    for (const waiter of woken) waiter();
  };

  return {
    get limit() {
      return limit;
    },
    get inFlight() {
      return inFlight;
    },
    isFull: () => inFlight >= limit,
    started() {
      inFlight += 1;
    },
    finished(tookMs) {
      inFlight -= 1;
      if (tookMs > SLOW_MS) limit = Math.max(MIN_LIMIT, limit - 1);
      else if (tookMs < FAST_MS) limit = Math.min(MAX_LIMIT, limit + 1);
      wake();
    },
    change: () => new Promise((resolve) => waiters.push(resolve)),
    wake,
  };
}
