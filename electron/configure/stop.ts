/** A signal that follows another one until something is sent to the meter. */
export interface StopBefore {
  readonly signal: AbortSignal;
  /** From here on the signal is not aborted any more: what was sent is read again, and only then a stop is obeyed. */
  begun(): void;
}

/**
 * Lets a person stop what only reads, and never cuts off a write: a request that is on its way may still reach the meter, and whether it did is
 * seen only by reading again. Writers look at the other signal between two writes; each request has a cap of its own.
 */
export function stopBefore(outer: AbortSignal | undefined): StopBefore {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  return { signal: controller.signal, begun: () => outer?.removeEventListener('abort', abort) };
}
