/** Why work was not begun: its caller stopped it, or the queue has ended. */
export type Unstarted = 'aborted' | 'ended';

/** Runs one piece of work at a time, in the order in which they came. */
export interface Queue {
  /**
   * Waits for its turn, then runs `work` with a signal that is aborted by the caller's signal and by the end of the queue. Work that was
   * stopped before its turn does not run; `instead` gives its outcome at once.
   */
  run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    instead: (why: Unstarted) => T,
    signal?: AbortSignal | undefined,
  ): Promise<T>;
  /** Aborts what runs, refuses what waits and what comes, and settles when nothing runs any more. */
  end(): Promise<void>;
}

/** A queue that nothing waits in. */
export function createQueue(): Queue {
  const ending = new AbortController();
  let tail: Promise<void> = Promise.resolve();

  return {
    async run(work, instead, signal) {
      const turn = tail;
      let release = (): void => undefined;
      const mine = new Promise<void>((resolve) => {
        release = resolve;
      });
      tail = turn.then(() => mine);
      const linked = linkSignals(signal === undefined ? [ending.signal] : [ending.signal, signal]);
      try {
        await Promise.race([turn, aborted(linked.signal)]);
        if (linked.signal.aborted) return instead(ending.signal.aborted ? 'ended' : 'aborted');
        return await work(linked.signal);
      } finally {
        linked.release();
        release();
      }
    },
    end() {
      ending.abort();
      return tail;
    },
  };
}

/** One signal that follows several; AbortSignal.any is not in every Node this runs on. */
function linkSignals(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) controller.abort();
    else signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
