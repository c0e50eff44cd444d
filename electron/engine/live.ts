import type { Reading } from '../../shared/contract/views.ts';
import type { Result } from '../../shared/domain/problem.ts';
import type { Access, House } from '../services/house.ts';
import { readingOf } from '../services/views.ts';
import { pause } from './conflate.ts';

/**
 * Live values, one reading for each interval, until the signal aborts. Readings never overlap and none waits behind another: a meter that
 * takes longer than the interval is read less often. The connection is closed when the stream ends, and opened anew after a failure.
 */
export async function* liveReadings(
  house: House,
  access: Access,
  intervalMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Result<Reading>, void, void> {
  let meter = await house.open(access);
  try {
    while (!over(signal)) {
      const due = Date.now() + intervalMs;
      const snapshot = await meter.readGroup('live', signal);
      if (over(signal)) return;
      yield snapshot.ok ? { ok: true, value: readingOf(snapshot.value) } : snapshot;
      if (!snapshot.ok) {
        await meter.close();
        meter = await house.open(access);
      }
      await pause(Math.max(0, due - Date.now()), signal);
    }
  } finally {
    await meter.close();
  }
}

/** Asked anew each time: while a meter answers, the page may go. */
function over(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
