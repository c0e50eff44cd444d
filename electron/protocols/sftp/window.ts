/** How many bytes may be under way at once: at the start, and when answers come fast. */
const FIRST_BYTES = 1024 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
/** However slow a link is, this many chunks keep it busy. */
const MIN_CHUNKS = 4;

/** Answers that take longer than this shrink the window, faster ones let it grow, in milliseconds. */
const SLOW_MS = 2_000;
const FAST_MS = 1_000;

/**
 * Bytes of a chunk for most hosts. Every SFTP host must take packets of 34,000 bytes (draft-ietf-secsh-filexfer-02, 3); ssh2 keeps 2 KiB of that for
 * headers and would cut anything longer in two requests that wait for each other. With its headers a chunk also fits into one SSH
 * packet of 32 KiB.
 */
export const CHUNK_BYTES = 31 * 1024;

/** Bytes of a chunk where a host says that it takes as much (OpenSSH since 8.5 does): fewer requests for the same file. */
const LARGE_CHUNK_BYTES = 4 * CHUNK_BYTES;
const SMALLEST_CHUNK_BYTES = 1024;

/** Bytes of a chunk for a host that takes `longest` bytes in one request. */
export function chunkFor(longest: number): number {
  if (longest >= LARGE_CHUNK_BYTES) return LARGE_CHUNK_BYTES;
  return Math.max(SMALLEST_CHUNK_BYTES, Math.min(CHUNK_BYTES, longest));
}

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

export function createWindow(chunkBytes: number): TransferWindow {
  const most = Math.max(MIN_CHUNKS, Math.floor(MAX_BYTES / chunkBytes));
  let limit = Math.max(MIN_CHUNKS, Math.floor(FIRST_BYTES / chunkBytes));
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
      if (tookMs > SLOW_MS) limit = Math.max(MIN_CHUNKS, limit - 1);
      else if (tookMs < FAST_MS) limit = Math.min(most, limit + 1);
      wake();
    },
    change: () => new Promise((resolve) => waiters.push(resolve)),
    wake,
  };
}
