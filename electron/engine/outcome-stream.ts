import { conflate } from './conflate.ts';

/** Progress at most so often, in milliseconds. */
const PAUSE_MS = 50;

/**
 * A long operation as a stream: progress, then its outcome as the last event. A page that stops listening stops the operation, and the stream
 * ends only when the operation has: whatever it holds (a connection of the meter, a file) is given free by then.
 *
 * @param run does the work; answers with the last event
 */
export async function* outcomeStream<Event extends { readonly type: string }>(
  run: (options: { readonly signal: AbortSignal; readonly push: (progress: Event) => void }) => Promise<Event>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event, void, void> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let outcome: Promise<unknown> | undefined;
  try {
    const events = conflate<Event>(
      (push) => {
        outcome = run({ signal: stop.signal, push }).then(push);
        // A defect in the operation ends the stream by ending the wait; it is thrown to the page below.
        outcome.catch(() => stop.abort());
        return () => undefined;
      },
      {
        key: (event) => event.type,
        first: () => Promise.resolve([]),
        signal: stop.signal,
        pauseMs: PAUSE_MS,
      },
    );
    for await (const event of events) {
      yield event;
      if (event.type !== 'progress') return;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
    await outcome;
  }
}
