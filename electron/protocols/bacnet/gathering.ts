import { ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { addressKey } from './incoming.ts';
import { abortedProblem, closedProblem } from './problems.ts';
import type { BacnetAddress } from './types.ts';

/** Messages about a device that are answers to a broadcast question. */
interface Announcement {
  readonly deviceId: number;
  readonly address: BacnetAddress;
}

interface Round<T> {
  readonly name: string;
  readonly waitMs: number;
  readonly enough: number;
  readonly signal: AbortSignal | undefined;
  /** Whether an announcement answers the question. */
  fits(announcement: T): boolean;
  /** Sends the question; resolves with why it could not be sent. */
  ask(): Promise<Problem | undefined>;
}

/** Gathers announcements for a while. */
export interface Gathering<T> {
  /** Each device of each address once. */
  gather(round: Round<T>): Promise<Result<readonly T[]>>;
  take(announcement: T): void;
  close(): void;
}

/** Questions to a whole network have at least this between them, in milliseconds: every device answers each of them. */
const GAP_MS = 100;
/** A network with more devices than a laptop should list; also the end of what a flood of forged answers costs. */
const MOST = 10_000;

/** `spacing` is shared by all gatherings of a client. */
export function createGathering<T extends Announcement>(spacing: Spacing): Gathering<T> {
  const rounds = new Set<{
    take(announcement: T): void;
    end(problem: Problem | undefined): void;
    readonly name: string;
  }>();

  async function gather(round: Round<T>): Promise<Result<readonly T[]>> {
    if (round.signal?.aborted === true) return { ok: false, problem: abortedProblem(round.name) };
    const found = new Map<string, T>();
    let timer: NodeJS.Timeout | undefined;
    const problem = await new Promise<Problem | undefined>((resolve) => {
      const end = (why: Problem | undefined): void => {
        clearTimeout(timer);
        rounds.delete(entry);
        round.signal?.removeEventListener('abort', stop);
        resolve(why);
      };
      const stop = (): void => end(abortedProblem(round.name));
      const entry = {
        name: round.name,
        end,
        take(announcement: T) {
          if (found.size >= MOST || !round.fits(announcement)) return;
          found.set(`${announcement.deviceId} ${addressKey(announcement.address)}`, announcement);
          if (found.size >= round.enough) end(undefined);
        },
      };
      round.signal?.addEventListener('abort', stop, { once: true });
      rounds.add(entry);
      void spacing.turn().then(async () => {
        if (!rounds.has(entry)) return;
        const why = await round.ask();
        if (!rounds.has(entry)) return;
        if (why !== undefined) end(why);
        else timer = setTimeout(() => end(undefined), round.waitMs);
      });
    });
    return problem === undefined ? ok([...found.values()]) : { ok: false, problem };
  }

  return {
    gather,
    take(announcement) {
      for (const round of [...rounds]) round.take(announcement);
    },
    close() {
      for (const round of [...rounds]) round.end(closedProblem(round.name));
    },
  };
}

/** Keeps questions apart. */
export interface Spacing {
  turn(): Promise<void>;
}

/** Turns come at least {@link GAP_MS} after each other. */
export function createSpacing(): Spacing {
  let next = 0;
  return {
    turn() {
      const now = performance.now();
      const at = Math.max(now, next);
      next = at + GAP_MS;
      return at <= now ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, at - now));
    },
  };
}
