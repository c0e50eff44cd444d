import type { z } from 'zod';
import type { BackupProgressView, backupEventSchema } from '../../shared/contract/views.ts';
import type { Result } from '../../shared/domain/problem.ts';
import type { BackupResult } from '../backup/types.ts';
import { conflate } from './conflate.ts';

type BackupEvent = z.infer<typeof backupEventSchema>;

/** Progress at most so often. */
const PAUSE_MS = 50;

/**
 * A backup as a stream: progress, then its outcome as the last event. A page that stops listening stops the backup: what was saved until
 * then is no backup, and nothing was changed on the meter.
 */
export async function* backupEvents(
  take: (options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: BackupProgressView) => void;
  }) => Promise<Result<BackupResult>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<BackupEvent, void, void> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let outcome: Promise<unknown> | undefined;
  try {
    const events = conflate<BackupEvent>(
      (push) => {
        outcome = take({ signal: stop.signal, onProgress: (progress) => push({ type: 'progress', progress }) }).then(
          (result) =>
            push(
              result.ok
                ? { type: 'done', result: { ...result.value, items: [...result.value.items] } }
                : { type: 'failed', problem: result.problem },
            ),
        );
        // A defect in the backup ends the stream by ending the wait; it is thrown to the page below.
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
