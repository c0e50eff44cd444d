import type { Failure, Link, LinkHandlers } from './link/link.ts';

/** Answers to nobody, and notifications, are dropped; this many on one connection are an attack or a fault. */
const MOST_STRAYS = 64;
/** How long closing waits for the answer that is still on its way, so that the release is not taken for part of it. */
const LONGEST_DRAIN_MS = 500;
/** How long the answer to a release may take. */
const LONGEST_RELEASE_MS = 700;
/** Data-notification and event-notification: a meter may send them at any time. Green Book 9.3. */
const NOTIFICATIONS: readonly number[] = [0x0f, 0xc2];

export type Exchanged =
  | { readonly ok: true; readonly apdu: Uint8Array }
  | { readonly ok: false; readonly failure: Failure };

/** One APDU there, one back, in order, each with a cap. It ends once and is never used again. */
export interface Session {
  open(signal: AbortSignal | undefined): Promise<Failure | undefined>;
  /** Resolves exactly once and never rejects. An exchange that was aborted in flight keeps its place until its answer or its time-out. */
  exchange(apdu: Uint8Array, signal: AbortSignal | undefined): Promise<Exchanged>;
  /** The other side broke the protocol above the framing: nothing more is sent or believed. */
  distrust(because: string): void;
  /** Why the session ended by itself. */
  ended(): Failure | undefined;
  roundTrips(): number;
  largestApdu(): number;
  /** Idempotent; sends `release` when the session still works, and waits for its answer for a moment. */
  close(release: Uint8Array | undefined): Promise<void>;
}

interface Job {
  readonly apdu: Uint8Array;
  sent: boolean;
  /** The first outcome counts. */
  settle(outcome: Exchanged): void;
}

/** Makes the link with its handlers and owns it from then on. */
export function createSession(timeoutMs: number, makeLink: (handlers: LinkHandlers) => Link): Session {
  const queue: Job[] = [];
  let current: Job | undefined;
  let timer: NodeJS.Timeout | undefined;
  let trips = 0;
  let strays = 0;
  let over = false;
  let broke: Failure | undefined;
  let closing: Promise<void> | undefined;
  let drained: (() => void) | undefined;
  const link = makeLink({ apdu: onApdu, broken: (kind, because) => giveUp({ kind, because, sent: true }) });

  /** Ends for good, and gives the connection back at once: a meter has one association. */
  function giveUp(failure: Failure): void {
    if (over) return;
    over = true;
    if (closing === undefined) broke = failure;
    clearTimeout(timer);
    const waiting = current === undefined ? queue.splice(0) : [current, ...queue.splice(0)];
    current = undefined;
    for (const job of waiting) {
      const kind = job.sent ? failure.kind : 'closed';
      job.settle({ ok: false, failure: { kind, because: failure.because, sent: job.sent } });
    }
    drained?.();
    closing ??= link.close();
  }

  function onApdu(apdu: Uint8Array): void {
    if (over) return;
    if (current === undefined || NOTIFICATIONS.includes(apdu[0] ?? 0)) {
      strays += 1;
      if (strays > MOST_STRAYS)
        giveUp({ kind: 'malformed', because: `${strays} messages came that nobody asked for`, sent: true });
      return;
    }
    clearTimeout(timer);
    trips += 1;
    strays = 0;
    const job = current;
    current = undefined;
    job.settle({ ok: true, apdu });
    drained?.();
    pump();
  }

  function pump(): void {
    if (current !== undefined || over) return;
    const job = queue.shift();
    if (job === undefined) return;
    current = job;
    job.sent = true;
    timer = setTimeout(
      () => giveUp({ kind: 'timeout', because: `no answer came within ${timeoutMs} ms`, sent: true }),
      timeoutMs,
    );
    link.send(job.apdu);
  }

  function exchange(apdu: Uint8Array, signal: AbortSignal | undefined): Promise<Exchanged> {
    return new Promise((resolve) => {
      const job: Job = {
        apdu,
        sent: false,
        settle(outcome) {
          signal?.removeEventListener('abort', onAbort);
          resolve(outcome);
        },
      };
      const onAbort = (): void => {
        const place = queue.indexOf(job);
        if (place >= 0) queue.splice(place, 1);
        job.settle({ ok: false, failure: { kind: 'aborted', because: 'it was stopped', sent: job.sent } });
      };
      if (over || closing !== undefined) {
        job.settle({ ok: false, failure: { kind: 'closed', because: closedBecause(), sent: false } });
        return;
      }
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(job);
      pump();
    });
  }

  function closedBecause(): string {
    return broke === undefined ? 'the association was closed' : `the association ended before: ${broke.because}`;
  }

  /** True when nothing is on its way any more. */
  function drain(): Promise<boolean> {
    if (current === undefined) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cap = setTimeout(() => resolve(false), Math.min(timeoutMs, LONGEST_DRAIN_MS));
      drained = () => {
        clearTimeout(cap);
        resolve(!over);
      };
    });
  }

  async function release(apdu: Uint8Array | undefined): Promise<void> {
    const failure: Failure = { kind: 'closed', because: 'the association was closed', sent: false };
    for (const job of queue.splice(0)) job.settle({ ok: false, failure });
    current?.settle({ ok: false, failure: { ...failure, sent: true } });
    const quiet = await drain();
    clearTimeout(timer);
    if (quiet && !over && apdu !== undefined) await farewell(apdu);
    over = true;
    await link.close();
  }

  /** Whatever comes back, or nothing for a moment: the connection is released next. */
  function farewell(apdu: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const cap = setTimeout(resolve, Math.min(timeoutMs, LONGEST_RELEASE_MS));
      current = {
        apdu,
        sent: true,
        settle() {
          clearTimeout(cap);
          resolve();
        },
      };
      link.send(apdu);
    });
  }

  return {
    async open(signal) {
      const failure = await link.open(signal);
      if (failure !== undefined) giveUp(failure);
      return failure;
    },
    exchange,
    distrust: (because) => giveUp({ kind: 'malformed', because, sent: true }),
    ended: () => broke,
    roundTrips: () => trips,
    largestApdu: () => link.largestApdu(),
    close(apdu) {
      closing ??= release(apdu);
      return closing;
    },
  };
}
