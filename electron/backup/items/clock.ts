import type { ClockReading } from '../../../shared/domain/identity.ts';
import { ok, problem, type Result } from '../../../shared/domain/problem.ts';
import type { Meter } from '../../meter/types.ts';
import type { BagWriter } from '../bag/writer.ts';
import type { ItemContext, ItemOutcome } from './item.ts';

/** The clock against this PC's, before anything else is saved. The meter's clock is read, never set. */
export async function saveClock(
  context: ItemContext,
): Promise<Result<{ readonly outcome: ItemOutcome; readonly reading: ClockReading }>> {
  const reading = await readClock(context.meter, context.now, context.signal);
  const written = await context.bag.writeJson('clock/start.json', { format: 'meterwright-clock/1', reading });
  if (!written.ok) return written;
  const bytes = written.value.size;
  if (reading.meterUtc !== null) {
    return ok({ outcome: { state: 'saved', count: 1, expected: 1, bytes, because: reading.because }, reading });
  }
  const found = problem({
    code: 'backup/clock-unread',
    title: 'The clock of the meter could not be read',
    because: reading.because,
    nextStep: 'Read the time on the display of the meter and give it as the reason when you waive this item.',
  });
  return ok({
    outcome: { state: 'unreachable', count: 0, expected: 1, bytes, because: reading.because, problem: found },
    reading,
  });
}

/** The clock once more after the last item: what it gained or lost meanwhile can be told from the two readings. */
export async function saveClockAtEnd(
  meter: Meter,
  bag: BagWriter,
  now: () => Date,
  signal: AbortSignal | undefined,
): Promise<Result<unknown>> {
  const reading = await readClock(meter, now, signal);
  return bag.writeJson('clock/end.json', { format: 'meterwright-clock/1', reading });
}

/** A clock that cannot be read is a reading, too: it says so. */
async function readClock(meter: Meter, now: () => Date, signal: AbortSignal | undefined): Promise<ClockReading> {
  const read = await meter.readClock(signal);
  if (read.ok) return read.value;
  return {
    meterUtc: null,
    pcUtc: now().toISOString(),
    offsetSeconds: null,
    uncertaintySeconds: null,
    source: 'none',
    because: `${read.problem.title}: ${read.problem.because}`,
  };
}
