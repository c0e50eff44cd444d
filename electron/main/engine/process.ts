import {
  type EngineMessage,
  engineMessageSchema,
  type ShellMessage,
} from '../../../shared/contract/shell/processes.ts';
import type { EngineState } from '../../../shared/contract/shell/shell.ts';
import { METER_STATE, type Problem, problem } from '../../../shared/domain/problem.ts';

/** What is used of a utility process; `Port` is one end of a channel. */
export interface EngineChild<Port> {
  postMessage(message: ShellMessage, ports: Port[]): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

export interface EngineProcessOptions<Port> {
  readonly fork: () => EngineChild<Port>;
  /** After every change. */
  readonly onState: (state: EngineState) => void;
  readonly onMessage: (message: Exclude<EngineMessage, { type: 'ready' | 'failed' }>) => void;
  readonly onHome: (home: string) => void;
  /** The engine ended: whatever it asked for is over. */
  readonly onGone: () => void;
  readonly log: (line: string) => void;
  readonly now?: () => number;
  readonly wait?: (milliseconds: number, then: () => void) => void;
}

export interface EngineProcess<Port> {
  readonly state: EngineState;
  /** Gives a page's port to the engine that runs; false when there is none. */
  connect(port: Port): boolean;
  /** Tells the engine that runs that the computer slept (ISO 8601 UTC). */
  slept(from: string, until: string): void;
  /** Starts one after it failed; does nothing in any other state. */
  restart(): void;
  /** Ends it for good: politely, and by force after some seconds. */
  end(): Promise<void>;
}

/** An engine that ends by itself more often than this within a minute is not started again without being asked. */
const MAX_ENDS = 3;
const WITHIN_MS = 60_000;
const RESTART_MS = 200;
const END_MS = 8_000;

/** Starts the engine and keeps it running. Jobs of an engine that ended are found interrupted in their journals by the next one. */
export function createEngineProcess<Port>(options: EngineProcessOptions<Port>): EngineProcess<Port> {
  const {
    fork,
    onState,
    log,
    now = Date.now,
    wait = (milliseconds, then) => void setTimeout(then, milliseconds),
  } = options;
  let state: EngineState = { state: 'starting' };
  let child: EngineChild<Port> | undefined;
  let restarts = -1;
  let ends: number[] = [];
  let ending: (() => void) | undefined;

  function become(next: EngineState): void {
    state = next;
    onState(next);
  }

  function start(): void {
    const mine = fork();
    child = mine;
    let failure: Problem | undefined;
    mine.onMessage((raw) => {
      const parsed = engineMessageSchema.safeParse(raw);
      if (!parsed.success) {
        log(`The engine said something that is not in the contract: ${parsed.error.message}`);
        return;
      }
      const message = parsed.data;
      if (message.type === 'ready') {
        restarts += 1;
        options.onHome(message.home);
        become({ state: 'running', restarts });
      } else if (message.type === 'failed') {
        failure = message.problem;
        become({ state: 'failed', problem: failure });
      } else options.onMessage(message);
    });
    mine.onExit((code) => {
      if (child === mine) child = undefined;
      options.onGone();
      log(`The engine ended with code ${code}.`);
      if (ending !== undefined) ending();
      else if (failure === undefined) again(code);
    });
  }

  function again(code: number): void {
    const at = now();
    ends = [...ends.filter((end) => at - end < WITHIN_MS), at];
    if (ends.length > MAX_ENDS) {
      become({ state: 'failed', problem: endsTooOften(ends.length, code) });
      return;
    }
    become({ state: 'restarting', because: `The engine ended unexpectedly (code ${code}).` });
    wait(RESTART_MS, () => {
      if (ending === undefined && state.state === 'restarting') start();
    });
  }

  start();
  return {
    get state() {
      return state;
    },
    connect(port) {
      if (child === undefined || state.state !== 'running') return false;
      child.postMessage({ type: 'page' }, [port]);
      return true;
    },
    slept(from, until) {
      if (state.state === 'running') child?.postMessage({ type: 'slept', from, until }, []);
    },
    restart() {
      if (state.state !== 'failed' || ending !== undefined) return;
      ends = [];
      child?.kill();
      become({ state: 'starting' });
      start();
    },
    end() {
      return new Promise((resolve) => {
        ending = resolve;
        if (child === undefined) {
          resolve();
          return;
        }
        child.postMessage({ type: 'end' }, []);
        wait(END_MS, () => {
          child?.kill();
          resolve();
        });
      });
    },
  };
}

function endsTooOften(times: number, code: number): Problem {
  return problem({
    code: 'engine/ends',
    title: 'The engine ends again and again',
    because: `The part of Meterwright that talks to meters ended ${times} times within a minute, the last time with code ${code}.`,
    meterState: METER_STATE.unknown,
    nextStep: 'Start it again. If it ends again, restart Meterwright and look into the log file.',
    details: { times, code },
  });
}
