import type { JobSummary, MeterAnswer } from '../../../shared/domain/job.ts';
import type { MeterAddress } from '../../meter/types.ts';
import type { House } from '../house.ts';
import { withMeter } from '../meters.ts';

/** The newest answer for each job. */
export type MeterAnswers = Map<string, MeterAnswer>;

/** How long a meter is given to say who it is. */
const ANSWER_MS = 10_000;
/** Meters that are asked at the same time. */
const AT_ONCE = 4;
/** More open jobs than a person looks through; the rest can be asked by hand. */
const MAX_ASKED = 50;

/**
 * Asks the meter of each job once who it is. Only what needs no login is read, so nothing is counted against anybody and nothing changes on the
 * meter. `onAnswer` is called with `asking` and then with what came of it.
 */
export async function askMeters(
  house: Pick<House, 'open' | 'now'>,
  jobs: readonly JobSummary[],
  how: { readonly placeOf: (job: JobSummary) => MeterAddress | undefined; readonly signal: AbortSignal | undefined },
  onAnswer: (job: string, answer: MeterAnswer) => Promise<void>,
): Promise<void> {
  const waiting = jobs.slice(0, MAX_ASKED);
  const at = (): string => house.now().toISOString();

  async function askNext(): Promise<void> {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (how.signal?.aborted === true) return;
      await onAnswer(job.job, { state: 'asking', at: at(), firmware: null, serial: null, because: '' });
      const address = how.placeOf(job) ?? job.address;
      await onAnswer(job.job, { ...(await askOne(house, address, how.signal)), at: at() });
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
}

async function askOne(
  house: Pick<House, 'open'>,
  address: MeterAddress,
  signal: AbortSignal | undefined,
): Promise<Omit<MeterAnswer, 'at'>> {
  const stop = new AbortController();
  const end = (): void => stop.abort(new Error(`The meter did not say who it is within ${ANSWER_MS / 1000} s.`));
  const timer = setTimeout(end, ANSWER_MS);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const found = await withMeter(house, { address }, (meter) => meter.identify(stop.signal));
    if (!found.ok) return { state: 'silent', firmware: null, serial: null, because: found.problem.because };
    const { firmware, serial } = found.value;
    return { state: 'answers', firmware, serial, because: '' };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
