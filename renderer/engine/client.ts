import { createORPCClient, DynamicLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/contract/index.ts';
import { connection, currentLink } from './connection.ts';

export type Engine = ContractRouterClient<typeof contract>;

/**
 * Every call to the engine. A call that is made while there is no engine waits for one; a call that is under way when the engine
 * ends is rejected, because nobody knows how far it came. Expected failures are values (`ok: false`).
 */
export const engine: Engine = createORPCClient(
  new DynamicLink<Record<never, never>>(async ({ signal }) => (await currentLink(signal)).link),
);

/** How long a stream that broke on a living engine waits before it asks again. */
const AGAIN_MS = 1_000;

/**
 * Listens to a stream of the engine until the signal aborts, and asks for it again whenever the engine was started anew. Streams begin
 * with a snapshot, so nothing is lost in between.
 *
 * @param open asks for the stream, e.g. `(signal) => engine.feeds.jobs(undefined, { signal })`
 */
export async function follow<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onEvent: (event: T) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let { generation } = connection.getState();
    try {
      const events = await open(signal);
      // It may have waited for a connection: what counts is the one over which the stream comes.
      generation = connection.getState().generation;
      for await (const event of events) {
        if (signal.aborted) return;
        onEvent(event);
      }
    } catch (thrown) {
      // The engine ended or the page stopped listening; anything else is a defect that must be seen.
      if (!signal.aborted && connection.getState().connected) console.error('A stream of the engine broke.', thrown);
    }
    if (!signal.aborted) await newConnection(generation, signal);
  }
}

/** Settles when there is another connection than the given one, after a moment where it is still the same, or on abort. */
function newConnection(generation: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(() => {
      if (connection.getState().connected) done();
    }, AGAIN_MS);
    const stop = connection.subscribe((now) => {
      if (now.connected && now.generation !== generation) done();
    });
    signal.addEventListener('abort', done, { once: true });
    const now = connection.getState();
    if (now.connected && now.generation !== generation) done();
  });
}
