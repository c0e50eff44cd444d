import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { ModbusRequest } from './frames.ts';
import { createLink, type Link, type LinkOptions, type Outcome } from './link.ts';
import {
  abortedProblem,
  closedProblem,
  exceptionProblem,
  malformedProblem,
  type Place,
  timeoutProblem,
} from './problems.ts';
import type { Wire } from './wire.ts';

/** What an answer carries: registers of a read, text of an identification, nothing of a write. */
export type Answer = Uint16Array | string | undefined;

/** Opens a new wire; `quietMs` is how long to listen to it and drop before it is used. Never rejects. */
type Dial = (quietMs: number, signal: AbortSignal) => Promise<Result<Wire>>;

export interface DispatcherOptions {
  readonly place: Place;
  /** From the moment a request is sent. */
  readonly timeoutMs: number;
  /** How long a wire made after a time-out or a broken answer is listened to first. */
  readonly quietMs: number;
  readonly dial: Dial;
  readonly link: Omit<LinkOptions, 'wire' | 'broken'>;
}

/** Sends requests in order, a few at a time, over one connection after the other. */
export interface Dispatcher {
  /** Resolves exactly once and never rejects. */
  ask(request: ModbusRequest, signal: AbortSignal | undefined): Promise<Result<Answer>>;
  /** Idempotent; resolves when every connection is released. */
  close(): Promise<void>;
}

interface Job {
  readonly request: ModbusRequest;
  /** The first result counts. */
  settle(result: Result<Answer>): void;
  /** Runs while the job is in flight, even when its caller has given up: until then its id may still be answered. */
  timer: NodeJS.Timeout | undefined;
}

/** Starts with an open wire, which it owns from then on. */
export function createDispatcher(options: DispatcherOptions, firstWire: Wire): Dispatcher {
  const { place, timeoutMs } = options;
  const queue: Job[] = [];
  const inFlight = new Set<Job>();
  const releasing = new Set<Promise<void>>();
  const ending = new AbortController();
  let link: Link | undefined;
  let dialling: Promise<void> | undefined;
  let quietMs = 0;
  let closing: Promise<void> | undefined;

  attach(firstWire);

  function attach(wire: Wire): void {
    link = createLink({
      ...options.link,
      wire,
      broken(kind, because) {
        if (kind === 'closed') dropLink((request) => closedProblem(place, request, because, true));
        else dropLink((request) => malformedProblem(place, request, because));
        pump();
      },
    });
  }

  /** Throws the connection away; what was in flight on it ends with the given problem. */
  function dropLink(problemOf: (request: ModbusRequest) => Problem): void {
    const dropped = link;
    if (dropped === undefined) return;
    link = undefined;
    quietMs = options.quietMs;
    const ended = [...inFlight];
    inFlight.clear();
    const released = dropped.close().finally(() => releasing.delete(released));
    releasing.add(released);
    for (const job of ended) {
      clearTimeout(job.timer);
      job.settle({ ok: false, problem: problemOf(job.request) });
    }
  }

  /** One connection at a time: the old one is released before the new one is asked for. */
  async function redial(): Promise<void> {
    await Promise.all(releasing);
    const wire = await options.dial(quietMs, ending.signal);
    dialling = undefined;
    if (closing !== undefined) {
      if (wire.ok) await wire.value.close();
      return;
    }
    if (wire.ok) {
      quietMs = 0;
      attach(wire.value);
      pump();
      return;
    }
    for (const job of queue.splice(0)) job.settle(wire);
  }

  function pump(): void {
    while (queue.length > 0 && inFlight.size < options.link.slots && closing === undefined) {
      if (link === undefined) {
        dialling ??= redial();
        return;
      }
      const job = queue.shift();
      if (job !== undefined) send(link, job);
    }
  }

  function send(on: Link, job: Job): void {
    inFlight.add(job);
    job.timer = setTimeout(() => expire(job), timeoutMs);
    on.send(job.request, (outcome) => {
      clearTimeout(job.timer);
      inFlight.delete(job);
      job.settle(resultOf(place, job.request, outcome));
      pump();
    });
  }

  function expire(job: Job): void {
    inFlight.delete(job);
    job.settle(fail(timeoutProblem(place, job.request, timeoutMs)));
    const because = 'another request on the same connection was not answered in time, so the connection was given up';
    dropLink((request) => closedProblem(place, request, because, true));
    pump();
  }

  async function release(): Promise<void> {
    ending.abort();
    const because = 'the connection was closed on this side';
    for (const job of queue.splice(0)) job.settle(fail(closedProblem(place, job.request, because, false)));
    dropLink((request) => closedProblem(place, request, because, true));
    await Promise.all([...releasing, dialling]);
  }

  return {
    ask(request, signal) {
      if (closing !== undefined) {
        return Promise.resolve(fail(closedProblem(place, request, 'the connection was closed on this side', false)));
      }
      if (signal?.aborted === true) return Promise.resolve(fail(abortedProblem(place, request, false)));
      return new Promise((resolve) => {
        const onAbort = (): void => {
          const waiting = queue.indexOf(job);
          if (waiting !== -1) queue.splice(waiting, 1);
          job.settle(fail(abortedProblem(place, request, waiting === -1)));
        };
        const job: Job = {
          request,
          timer: undefined,
          settle(result) {
            signal?.removeEventListener('abort', onAbort);
            resolve(result);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.push(job);
        pump();
      });
    },
    close() {
      closing ??= release();
      return closing;
    },
  };
}

function resultOf(place: Place, request: ModbusRequest, outcome: Outcome): Result<Answer> {
  switch (outcome.kind) {
    case 'words':
      return ok(outcome.words);
    case 'text':
      return ok(outcome.text);
    case 'written':
      return ok(undefined);
    case 'exception':
      return fail(exceptionProblem(place, request, outcome.code));
    case 'malformed':
      return fail(malformedProblem(place, request, outcome.because));
  }
}
