import type { MeterAddress } from '../meter/types.ts';
import { conflate } from './conflate.ts';

/** What a run is begun with. Its events are of type `progress` until the last one, which is of another type. */
export interface RunWish<Event extends { readonly type: string }> {
  /** What is told until the work tells more. */
  readonly first: Event;
  /** The only event where one is under way for the meter already. */
  readonly refused: Event;
  /** Does the work and answers with the last event; whatever it holds is given free by then. */
  readonly work: (options: {
    readonly signal: AbortSignal;
    readonly push: (progress: Event) => void;
  }) => Promise<Event>;
  /** The last event of work that threw. */
  readonly defect: (thrown: unknown) => Event;
}

/**
 * Long reads of this engine, at most one at a time for each meter. They belong to the engine and not to the page that asked: a page that goes
 * away, is loaded again or crashes finds them where it left them.
 */
export interface MeterRuns<Event extends { readonly type: string }> {
  /** Begins one and follows it. */
  begin(
    address: MeterAddress,
    wish: RunWish<Event>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Event, void, void>;
  /** Follows the one that is under way, or tells the outcome of the last one; no event where there was none. */
  follow(address: MeterAddress, signal: AbortSignal | undefined): AsyncGenerator<Event, void, void>;
  /** Ends the one that is under way; false where there is none. */
  stop(address: MeterAddress): boolean;
  /** Ends all of them and waits until each has let go of its meter. */
  close(): Promise<void>;
}

/** Progress at most so often. */
const PAUSE_MS = 50;
/** Outcomes that are kept for pages that come back. */
const MAX_KEPT = 50;

interface Run<Event> {
  readonly host: string;
  last: Event;
  readonly listeners: Set<(event: Event) => void>;
  readonly stop: AbortController;
  done: Promise<void>;
}

/** @param onChange hears the hosts of the meters that are being read, whenever a run begins or ends */
export function createMeterRuns<Event extends { readonly type: string }>(
  onChange: (hosts: readonly string[]) => void,
): MeterRuns<Event> {
  const runs = new Map<string, Run<Event>>();
  const tellWho = (): void =>
    onChange([...runs.values()].flatMap(({ host, last }) => (last.type === 'progress' ? [host] : [])));

  function start(address: MeterAddress, { first, work, defect }: RunWish<Event>): Run<Event> {
    const key = keyOf(address);
    const run: Run<Event> = {
      host: address.host,
      last: first,
      listeners: new Set(),
      stop: new AbortController(),
      done: Promise.resolve(),
    };
    const tell = (event: Event): void => {
      run.last = event;
      if (event.type !== 'progress') tellWho();
      for (const listener of run.listeners) listener(event);
    };
    // The newest is the last of the map, so that the oldest outcomes are forgotten first.
    runs.delete(key);
    runs.set(key, run);
    tellWho();
    for (const [old, { last }] of runs) if (runs.size > MAX_KEPT && last.type !== 'progress') runs.delete(old);
    run.done = work({ signal: run.stop.signal, push: tell }).then(tell, (thrown: unknown) => tell(defect(thrown)));
    return run;
  }

  async function* events(run: Run<Event>, signal: AbortSignal | undefined): AsyncGenerator<Event, void, void> {
    const stream = conflate<Event>(
      (push) => {
        run.listeners.add(push);
        return () => run.listeners.delete(push);
      },
      { key: (event) => event.type, first: () => Promise.resolve([run.last]), signal, pauseMs: PAUSE_MS },
    );
    for await (const event of stream) {
      yield event;
      if (event.type !== 'progress') return;
    }
  }

  return {
    async *begin(address, wish, signal) {
      if (runs.get(keyOf(address))?.last.type === 'progress') {
        yield wish.refused;
        return;
      }
      yield* events(start(address, wish), signal);
    },
    async *follow(address, signal) {
      const run = runs.get(keyOf(address));
      if (run !== undefined) yield* events(run, signal);
    },
    stop(address) {
      const run = runs.get(keyOf(address));
      if (run?.last.type !== 'progress') return false;
      run.stop.abort(new Error('A person stopped it.'));
      return true;
    },
    async close() {
      for (const { stop } of runs.values()) stop.abort(new Error('The engine ends.'));
      await Promise.all([...runs.values()].map(({ done }) => done));
    },
  };
}

function keyOf({ host, ports, unit }: MeterAddress): string {
  return `${host.toLowerCase()} ${ports.modbus} ${unit}`;
}
