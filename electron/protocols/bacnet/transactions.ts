import { type Problem, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import type { Reply } from './codec/apdu.ts';
import { addressKey } from './incoming.ts';
import {
  type Asking,
  abortedProblem,
  badRequestProblem,
  closedProblem,
  malformedProblem,
  placeOf,
  refusalProblem,
  timeoutProblem,
  unreachableProblem,
} from './problems.ts';
import type { BacnetAddress } from './types.ts';

/** A confirmed request. */
export interface Request<T> extends Asking {
  readonly service: number;
  /** The APDU with an invoke id of 1..255. */
  write(invokeId: number): Uint8Array;
  /** Reads the body of the acknowledgement, or says what is wrong with it. */
  read(body: Uint8Array): T | Fault;
}

/** What is wrong with an answer. */
export interface Fault {
  readonly fault: string;
}

export interface TransactionOptions {
  readonly timeoutMs: number;
  readonly retries: number;
  send(apdu: Uint8Array, device: BacnetAddress): Promise<string | undefined>;
  /** Told of everything that the counters count. */
  count(what: 'roundTrips' | 'retries' | 'timeouts'): void;
}

/** Pairs confirmed requests with their answers. */
export interface Transactions {
  /** Resolves exactly once and never rejects. */
  ask<T>(request: Request<T>, signal: AbortSignal | undefined): Promise<Result<T>>;
  /** Whether a request waited for this reply from this address. */
  take(reply: Reply, from: BacnetAddress): boolean;
  close(): void;
}

/** Requests on their way to all devices together. */
const MOST_IN_FLIGHT = 16;
const LAST_INVOKE_ID = 255;

interface Job {
  readonly key: string;
  readonly asking: Asking;
  readonly service: number;
  write(invokeId: number): Uint8Array;
  /** Ends the job for its caller; the first time counts. */
  end(outcome: { readonly reply: Extract<Reply, { kind: 'ack' }> } | { readonly problem: Problem }): void;
  /** The caller has its result; the place stays taken until an answer or the end of this try, because the device may still work on it. */
  over: boolean;
  invokeId: number;
  tries: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * One request at a time per device, 16 in all, the others in order. An answer counts only from the address that was asked, with the invoke id and the service of the
 * request. Ids go round 1..255, so that a late answer finds its id unused for the next 254 requests. Each try has its own time-out,
 * with the same invoke id, so that a device can tell a repetition (135, clause 5.4).
 */
export function createTransactions(options: TransactionOptions): Transactions {
  const { timeoutMs, retries } = options;
  const waiting: Job[] = [];
  const busy = new Map<string, Job>();
  let lastId = 0;
  let closed = false;

  function nextId(): number {
    const taken = new Set(Array.from(busy.values(), (job) => job.invokeId));
    do lastId = lastId >= LAST_INVOKE_ID ? 1 : lastId + 1;
    while (taken.has(lastId));
    return lastId;
  }

  function pump(): void {
    let at = 0;
    while (at < waiting.length && busy.size < MOST_IN_FLIGHT && !closed) {
      const job = waiting[at];
      if (job === undefined || busy.has(job.key)) at += 1;
      else {
        waiting.splice(at, 1);
        job.invokeId = nextId();
        busy.set(job.key, job);
        attempt(job);
      }
    }
  }

  function attempt(job: Job): void {
    let apdu: Uint8Array;
    try {
      apdu = job.write(job.invokeId);
    } catch (error) {
      // bacstack throws where a request does not fit one datagram.
      release(job);
      job.end({ problem: badRequestProblem(`${job.asking.name} cannot be written: ${reasonOf(error)}.`) });
      return;
    }
    job.tries += 1;
    job.timer = setTimeout(() => expire(job), timeoutMs);
    void options.send(apdu, job.asking.device).then((because) => {
      if (because === undefined || busy.get(job.key) !== job) return;
      release(job);
      job.end({ problem: unreachableProblem(placeOf(job.asking.device), because) });
    });
  }

  function expire(job: Job): void {
    if (!job.over && job.tries <= retries) {
      options.count('retries');
      attempt(job);
      return;
    }
    if (!job.over) options.count('timeouts');
    release(job);
    job.end({ problem: timeoutProblem(job.asking, timeoutMs, job.tries) });
  }

  function release(job: Job): void {
    clearTimeout(job.timer);
    if (busy.get(job.key) === job) busy.delete(job.key);
    // After the caller of this job has run, so that what it asks next stands behind what waited already.
    queueMicrotask(pump);
  }

  return {
    ask: <T>(request: Request<T>, signal: AbortSignal | undefined) =>
      new Promise<Result<T>>((resolve) => {
        if (closed || signal?.aborted === true) {
          resolve({ ok: false, problem: closed ? closedProblem(request.name) : abortedProblem(request.name) });
          return;
        }
        const stop = (): void => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          job.end({ problem: abortedProblem(request.name) });
        };
        const job: Job = {
          key: addressKey(request.device),
          asking: request,
          service: request.service,
          write: (invokeId) => request.write(invokeId),
          over: false,
          invokeId: 0,
          tries: 0,
          timer: undefined,
          end(outcome) {
            if (job.over) return;
            job.over = true;
            signal?.removeEventListener('abort', stop);
            resolve('problem' in outcome ? { ok: false, problem: outcome.problem } : resultOf(request, outcome.reply));
          },
        };
        signal?.addEventListener('abort', stop, { once: true });
        waiting.push(job);
        pump();
      }),
    take(reply, from) {
      const job = busy.get(addressKey(from));
      if (job === undefined || job.invokeId !== reply.invokeId) return false;
      if ('service' in reply && reply.service !== job.service) return false;
      options.count('roundTrips');
      release(job);
      if (reply.kind === 'ack') job.end({ reply });
      else if (reply.kind === 'simple-ack') job.end({ problem: malformedProblem(job.asking, 'it carries no data') });
      else job.end({ problem: refusalProblem(job.asking, reply) });
      return true;
    },
    close() {
      closed = true;
      const all = [...waiting.splice(0), ...busy.values()];
      busy.clear();
      for (const job of all) {
        clearTimeout(job.timer);
        job.end({ problem: closedProblem(job.asking.name) });
      }
    },
  };
}

function resultOf<T>(request: Request<T>, reply: Extract<Reply, { kind: 'ack' }>): Result<T> {
  if (reply.segmented) {
    return { ok: false, problem: malformedProblem(request, 'it comes in segments, which the request had not allowed') };
  }
  const value = request.read(reply.body);
  return isFault(value) ? { ok: false, problem: malformedProblem(request, value.fault) } : { ok: true, value };
}

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'fault' in value;
}
