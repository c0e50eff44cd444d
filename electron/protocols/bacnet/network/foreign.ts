import { ok, type Problem, type Result } from '../../../../shared/domain/problem.ts';
import { abortedProblem, closedProblem, foreignRefusedProblem, foreignUnansweredProblem } from '../problems.ts';
import type { BacnetPeer, ForeignRegistration } from '../types.ts';
import { BVLC, frame, peerBytes } from './bvlc.ts';

export interface ForeignOptions {
  readonly timeoutMs: number;
  readonly retries: number;
  send(bytes: Uint8Array, to: BacnetPeer): Promise<string | undefined>;
  /** How the BBMD sees this client, as far as this PC can tell. */
  own(bbmd: BacnetPeer): BacnetPeer | undefined;
}

/** Keeps the registration with one BBMD. Source: ANSI/ASHRAE 135, Annex J.5. */
export interface Foreign {
  /** `bbmd.host` is an IPv4 address. */
  register(bbmd: BacnetPeer, ttlSeconds: number, signal: AbortSignal | undefined): Promise<Result<ForeignRegistration>>;
  now(): ForeignRegistration | undefined;
  /** A BVLC-Result from anywhere. */
  take(code: number, from: BacnetPeer): void;
  /** Takes the registration back, within half a second whatever the BBMD does. */
  close(): Promise<void>;
}

const SUCCESS = 0;
const REGISTER_NAK = 0x0030;
const DELETE_NAK = 0x0050;
/** The BBMD does not know us (any more). */
const DISTRIBUTE_NAK = 0x0060;
const TAKE_BACK_MS = 500;
/** A lost registration is tried again this often, in milliseconds, unless the time to live is shorter. */
const REPAIR_MS = 30_000;

/** One exchange with the BBMD at a time: a BVLC-Result does not say what it answers. */
export function createForeign(options: ForeignOptions): Foreign {
  let state: ForeignRegistration | undefined;
  let waiting: { readonly bbmd: BacnetPeer; readonly nak: number; settle(code: number): void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lane: Promise<unknown> = Promise.resolve();
  const closing = new AbortController();

  /** The code of the BBMD's answer to `request`, or why there is none. */
  function exchange(
    bbmd: BacnetPeer,
    request: Uint8Array,
    nak: number,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<number | 'silence' | 'stopped'> {
    return new Promise((resolve) => {
      const end = (outcome: number | 'silence' | 'stopped'): void => {
        clearTimeout(cap);
        waiting = undefined;
        signal?.removeEventListener('abort', stop);
        resolve(outcome);
      };
      const stop = (): void => end('stopped');
      const cap = setTimeout(() => end('silence'), waitMs);
      waiting = { bbmd, nak, settle: end };
      if (signal?.aborted === true) {
        end('stopped');
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      // A datagram that this PC cannot send ends in silence, which says how long was waited.
      void options.send(request, bbmd);
    });
  }

  async function attempt(
    bbmd: BacnetPeer,
    ttlSeconds: number,
    signal: AbortSignal | undefined,
  ): Promise<Problem | undefined> {
    const request = frame(BVLC.register, Uint8Array.of(ttlSeconds >> 8, ttlSeconds & 0xff));
    for (let left = options.retries; left >= 0; left -= 1) {
      const outcome = await exchange(bbmd, request, REGISTER_NAK, options.timeoutMs, signal);
      if (outcome === SUCCESS) return undefined;
      if (outcome === 'stopped') return abortedProblem(REGISTRATION);
      if (outcome !== 'silence') return foreignRefusedProblem(bbmd, outcome);
    }
    return foreignUnansweredProblem(bbmd, options.timeoutMs, options.retries + 1);
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = lane.then(work);
    lane = mine;
    return mine;
  }

  function renewLater(): void {
    clearTimeout(timer);
    if (state === undefined || closing.signal.aborted) return;
    const half = state.ttlSeconds * 500;
    const wait = state.state === 'registered' ? half : Math.min(half, REPAIR_MS);
    timer = setTimeout(() => void inTurn(renew), wait);
  }

  async function renew(): Promise<void> {
    if (state === undefined || closing.signal.aborted) return;
    const { bbmd, ttlSeconds } = state;
    const problem = await attempt(bbmd, ttlSeconds, closing.signal);
    if (closing.signal.aborted) return;
    state =
      problem === undefined ? { bbmd, ttlSeconds, state: 'registered' } : { bbmd, ttlSeconds, state: 'lost', problem };
    renewLater();
  }

  async function register(
    bbmd: BacnetPeer,
    ttlSeconds: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<ForeignRegistration>> {
    if (closing.signal.aborted) return { ok: false, problem: closedProblem(REGISTRATION) };
    if (state !== undefined && (state.bbmd.host !== bbmd.host || state.bbmd.port !== bbmd.port)) await takeBack();
    const problem = await either(signal, closing.signal, (stop) => attempt(bbmd, ttlSeconds, stop));
    if (closing.signal.aborted) return { ok: false, problem: closedProblem(REGISTRATION) };
    if (problem !== undefined) return { ok: false, problem };
    state = { bbmd, ttlSeconds, state: 'registered' };
    renewLater();
    return ok(state);
  }

  /** Where the own address is not known, or the BBMD does not answer, the entry ends by itself with its time to live. */
  async function takeBack(): Promise<void> {
    clearTimeout(timer);
    const former = state;
    state = undefined;
    const own = former === undefined ? undefined : options.own(former.bbmd);
    if (former === undefined || own === undefined) return;
    const request = frame(BVLC.deleteEntry, peerBytes(own.host, own.port));
    await exchange(former.bbmd, request, DELETE_NAK, TAKE_BACK_MS, undefined);
  }

  return {
    register: (bbmd, ttlSeconds, signal) => inTurn(() => register(bbmd, ttlSeconds, signal)),
    now: () => state,
    take(code, from) {
      if (waiting !== undefined && isSame(waiting.bbmd, from) && (code === SUCCESS || code === waiting.nak)) {
        waiting.settle(code);
      } else if (state !== undefined && isSame(state.bbmd, from) && code === DISTRIBUTE_NAK) {
        state = { ...state, state: 'lost', problem: foreignRefusedProblem(from, code) };
        clearTimeout(timer);
        timer = setTimeout(() => void inTurn(renew), 0);
      }
    },
    close() {
      closing.abort();
      return inTurn(takeBack);
    },
  };
}

const REGISTRATION = 'The registration with the BBMD';

function isSame(a: BacnetPeer, b: BacnetPeer): boolean {
  return a.host === b.host && a.port === b.port;
}

/** Runs with a signal that follows two others. */
async function either<T>(
  first: AbortSignal | undefined,
  second: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const both = new AbortController();
  const stop = (): void => both.abort();
  if (first?.aborted === true || second.aborted) stop();
  first?.addEventListener('abort', stop, { once: true });
  second.addEventListener('abort', stop, { once: true });
  try {
    return await work(both.signal);
  } finally {
    first?.removeEventListener('abort', stop);
    second.removeEventListener('abort', stop);
  }
}
