import type { ConsequenceId } from '../change.ts';

/** One question for the time of a meter. All instants in milliseconds since 1970, UTC. */
export interface TimeQuestion {
  /** PC time when the request left, and when its answer was there. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** What the meter answered. */
  readonly meterAt: number;
  /** How coarse the answer is, in seconds: 1 for whole seconds, which are cut off and not rounded. */
  readonly resolution: number;
}

/** How a clock stands against the PC's. */
export interface ClockOffset {
  /** PC time in the middle of the question, milliseconds since 1970. */
  readonly pcAt: number;
  /** Meter minus PC, in seconds. */
  readonly offsetSeconds: number;
  /** The true offset lies within ± this many seconds. */
  readonly uncertaintySeconds: number;
}

/**
 * The offset of a clock with the round trip taken out: the answer is taken as the time in the middle of the question, which is off by half
 * the round trip at most. A PC clock that was set back meanwhile counts as no round trip.
 */
export function clockOffset({ sentAt, receivedAt, meterAt, resolution }: TimeQuestion): ClockOffset {
  const pcAt = sentAt + (receivedAt - sentAt) / 2;
  return {
    pcAt,
    offsetSeconds: (meterAt - pcAt) / 1000,
    uncertaintySeconds: Math.max(0, receivedAt - sentAt) / 2000 + resolution,
  };
}

/** Whether the offset is more than the measurement may be wrong; setting a clock that is right only costs its consequences. */
export function isClockWrong({
  offsetSeconds,
  uncertaintySeconds,
}: Pick<ClockOffset, 'offsetSeconds' | 'uncertaintySeconds'>): boolean {
  return Math.abs(offsetSeconds) > uncertaintySeconds;
}

/**
 * What a meter may take its time from, as the vendor's software writes it; sync messages on any other port are ignored. ETHERNET is SNTP or NTP.
 * Source: Engineering Suite help, time synchronization settings; Siemens 9810 manual, p. 244.
 */
export const TIME_SYNC_SOURCES = [
  'COM1',
  'COM4',
  'ETHERNET',
  'ETHERNET - ION',
  'ETHERNET - DNP',
  'ETHERNET - PTP',
  'IRIG-B',
] as const;
export type TimeSyncSource = (typeof TIME_SYNC_SOURCES)[number];

/** Sources that set the clock again by themselves; the others wait for a program that sends the time. */
const SYNCS_ITSELF: ReadonlySet<TimeSyncSource | 'none'> = new Set(['ETHERNET', 'ETHERNET - PTP', 'IRIG-B']);

/**
 * What setting the clock brings about, most important first. Source: PM8000 user manual, time synchronization overview (intervals); DLMS technical
 * note, time page (the sync source has to be the port that carries the request).
 *
 * @param offsetSeconds meter minus PC before; positive sets the clock back
 * @param source `none` when the meter takes it from nobody; null when it does not say
 */
export function clockConsequences(
  offsetSeconds: number,
  source: TimeSyncSource | 'none' | null,
): readonly ConsequenceId[] {
  const direction = Math.sign(offsetSeconds);
  return [
    'clock-interval-split',
    ...(direction > 0 ? (['clock-records-repeat'] as const) : []),
    ...(direction < 0 ? (['clock-records-gap'] as const) : []),
    'clock-event-logged',
    ...(source === null || SYNCS_ITSELF.has(source) ? (['clock-time-source-wins'] as const) : []),
  ];
}
