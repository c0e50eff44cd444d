import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { DlmsClient } from '../../protocols/dlms/types.ts';
import type { DlmsDoor } from './door.ts';

/** The association that is used now; after a drop another takes its place. */
export interface Way {
  client(): DlmsClient;
  /** Rows that are asked for at once: a stretch that is lost with a drop should be read again within seconds. */
  rowsAtOnce(): number;
  /** Completed on all associations so far. */
  roundTrips(): number;
  /** Gives the old association back and makes one again, within the cap; undefined when there is one. */
  again(signal: AbortSignal): Promise<Problem | undefined>;
  close(): Promise<void>;
}

/** How long a lost association is tried for: a meter keeps the slot of a connection that it did not see ending for two minutes. */
const RECONNECT_CAP_MS = 150_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const ROWS_AT_ONCE = { wrapper: 4096, hdlc: 512 } as const;

/** What may be over in a moment. Anything else, such as a refused secret, is not tried again. */
const PASSING: ReadonlySet<string> = new Set([
  'dlms/busy',
  'dlms/closed',
  'dlms/timeout',
  'dlms/malformed',
  'dlms/unreachable',
  'dlms/refused',
  'dlms/serial',
]);

/** Makes the first association; the way owns it, and whatever comes after it, until it is closed. */
export async function openWay(
  door: DlmsDoor,
  signal: AbortSignal,
  capMs: number = RECONNECT_CAP_MS,
): Promise<Result<Way>> {
  const opened = await door.open(signal);
  if (!opened.ok) return opened;
  let client = opened.value;
  let before = 0;
  return ok({
    client: () => client,
    rowsAtOnce: () => ROWS_AT_ONCE[door.framing()],
    roundTrips: () => before + client.counters().roundTrips,
    async again(until) {
      await client.close();
      const giveUpAt = performance.now() + capMs;
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
        const next = await door.open(until);
        if (next.ok) {
          before += client.counters().roundTrips;
          client = next.value;
          return undefined;
        }
        if (!PASSING.has(next.problem.code) || performance.now() + pauseMs > giveUpAt) return next.problem;
        await pause(pauseMs, until);
      }
    },
    close: () => client.close(),
  });
}

/** Ends early when the signal does; the next attempt then says so. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
