/** Where events come from: calls `push` for each and answers with a function that stops it. */
export type Source<T> = (push: (event: T) => void) => () => void;

export interface ConflateOptions<T> {
  /** Of the events with the same key only the last one that was not yet taken is kept: that bounds what waits. */
  readonly key: (event: T) => string;
  /** What the stream begins with; read after listening has begun, so that nothing falls in between. */
  readonly first: () => Promise<readonly T[]>;
  /** The stream ends when this aborts, which it does when the page goes away. */
  readonly signal: AbortSignal | undefined;
  /** Pause after each batch in milliseconds: bounds how often a slow page is bothered. */
  readonly pauseMs: number;
}

/**
 * A stream for a page out of events that come at any rate. It never holds more than one event for a key, keeps the order in which they came
 * last, and leaves nothing behind when it ends.
 */
export async function* conflate<T>(source: Source<T>, options: ConflateOptions<T>): AsyncGenerator<T, void, void> {
  const { key, signal, pauseMs } = options;
  const waiting = new Map<string, T>();
  let wake = (): void => undefined;
  const stop = source((event) => {
    const name = key(event);
    waiting.delete(name);
    waiting.set(name, event);
    wake();
  });
  try {
    yield* await options.first();
    while (signal?.aborted !== true) {
      if (waiting.size === 0) {
        await until(signal, (settle) => {
          wake = settle;
          return () => undefined;
        });
      }
      const batch = [...waiting.values()];
      waiting.clear();
      yield* batch;
      await pause(pauseMs, signal);
    }
  } finally {
    stop();
  }
}

/** Settles after the given milliseconds, or at once when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return until(signal, (settle) => {
    const timer = setTimeout(settle, milliseconds);
    return () => clearTimeout(timer);
  });
}

function until(signal: AbortSignal | undefined, begin: (settle: () => void) => () => void): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      signal?.removeEventListener('abort', settle);
      cancel();
      resolve();
    };
    const cancel = begin(settle);
    signal?.addEventListener('abort', settle, { once: true });
  });
}
