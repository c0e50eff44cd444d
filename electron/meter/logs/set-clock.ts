import { fail, METER_STATE, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { decodeDateTime, encodeDateTime } from '../../protocols/dlms/codec/date-time.ts';
import type { DeviationSign, DlmsClient } from '../../protocols/dlms/types.ts';

/** Milliseconds since 1970 UTC of the time that the meter is to show, at the moment of the call: a clock, not a fixed time. */
export type ClockSource = () => number;

/** The clock of a meter against the source, at the middle of one round trip. */
export interface ClockSample {
  /** ISO 8601 UTC, as the meter showed it. */
  readonly meterUtc: string;
  /** Meter minus source, in milliseconds. */
  readonly offsetMs: number;
  /** Half of the round trip plus the resolution of a date_time, in milliseconds. */
  readonly uncertaintyMs: number;
}

/** What setting a clock did: what was read before, what was sent, what was really read after. */
export interface ClockSet {
  readonly before: ClockSample;
  /** ISO 8601 UTC. */
  readonly sentUtc: string;
  readonly after: ClockSample;
  /** `verified` when the clock that was read after it is within a second and its uncertainty of the source. */
  readonly verdict: 'verified' | 'mismatch';
}

/** Clock (class 8), attribute 2 `time`; Blue Book 4.5.1. */
const CLOCK_TIME = { classId: 8, obis: '0.0.1.0.0.255', attribute: 2 } as const;
/** Hundredths of a second. */
const RESOLUTION_MS = 10;
/** A meter may count whole seconds only. */
const TOLERANCE_MS = 1000;

/**
 * Reads the clock, sets it to the time that the source will show when the request arrives (half of the round trip that was measured), and reads it again.
 * Needs an association that grants SET: else `dlms/not-granted` or `dlms/access-denied`, with nothing written. Any failure once the SET was sent
 * says that the state of the meter is not known.
 */
export async function setMeterClock(
  client: DlmsClient,
  sign: DeviationSign,
  source: ClockSource,
  signal: AbortSignal | undefined,
): Promise<Result<ClockSet>> {
  const before = await readClock(client, sign, source, signal);
  if (!before.ok) return before;
  const sent = Math.round(source() + before.value.roundTripMs / 2);
  const raw = encodeDateTime(sent);
  if (raw === undefined) {
    return fail({
      code: 'clock/bad-time',
      title: 'The clock cannot be set to this time',
      because: 'The time is outside the years 1 to 9999.',
      nextStep: 'Check the clock of this PC.',
    });
  }
  const set = await client.set(CLOCK_TIME, { type: 'octets', value: raw }, signal);
  if (!set.ok) return set;
  const after = await readClock(client, sign, source, signal);
  if (!after.ok) return unread(after.problem);
  const verified = Math.abs(after.value.sample.offsetMs) <= after.value.sample.uncertaintyMs + TOLERANCE_MS;
  return ok({
    before: before.value.sample,
    sentUtc: new Date(sent).toISOString(),
    after: after.value.sample,
    verdict: verified ? 'verified' : 'mismatch',
  });
}

async function readClock(
  client: DlmsClient,
  sign: DeviationSign,
  source: ClockSource,
  signal: AbortSignal | undefined,
): Promise<Result<{ readonly sample: ClockSample; readonly roundTripMs: number }>> {
  const asked = source();
  const answer = await client.get(CLOCK_TIME, signal === undefined ? {} : { signal });
  const answered = source();
  if (!answer.ok) return answer;
  const { value } = answer;
  const time =
    value.type === 'date-time'
      ? value.value.time
      : value.type === 'octets'
        ? (decodeDateTime(value.value, sign)?.time ?? null)
        : null;
  if (time === null) {
    return fail({
      code: 'clock/unreadable',
      title: 'The clock of the meter cannot be understood',
      because: 'Its DLMS clock gives no complete date and time.',
      nextStep: 'Read the clock with ION Setup, and set the sign of the deviation if this meter uses another one.',
      details: { endpoint: client.endpoint },
    });
  }
  const roundTripMs = Math.max(0, answered - asked);
  const sample: ClockSample = {
    meterUtc: new Date(time).toISOString(),
    offsetMs: time - (asked + answered) / 2,
    uncertaintyMs: roundTripMs / 2 + RESOLUTION_MS,
  };
  return ok({ sample, roundTripMs });
}

/** The meter took the time, and then could not be asked what it shows. */
function unread(problem: Problem): Result<never> {
  return {
    ok: false,
    problem: {
      ...problem,
      title: 'The clock was set, but not read again',
      because: `The meter accepted the time. ${problem.because}`,
      meterState: METER_STATE.unknown,
    },
  };
}
