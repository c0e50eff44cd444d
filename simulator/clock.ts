import type { Store } from './state.ts';

/** The meter's own clock: the host's clock with an offset and a drift that survive restarts. */
export interface MeterClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Sets the clock to a moment, keeping its drift. */
  set(at: number): Promise<void>;
  /** Offset from the host's clock in seconds and drift in parts per million; what is left out stays. */
  disturb(change: {
    readonly offsetSeconds?: number | undefined;
    readonly driftPpm?: number | undefined;
  }): Promise<void>;
}

export function createMeterClock(store: Store): MeterClock {
  const offsetNow = (host: number): number => {
    const { offset, driftPpm, since } = store.state.clock;
    return offset + ((host - since) * driftPpm) / 1e6;
  };
  return {
    now() {
      const host = Date.now();
      return Math.round(host + offsetNow(host));
    },
    set(at) {
      const host = Date.now();
      return store.update(({ clock }) => ({ clock: { ...clock, offset: at - host, since: host } }));
    },
    disturb({ offsetSeconds, driftPpm }) {
      const host = Date.now();
      const offset = offsetSeconds === undefined ? offsetNow(host) : offsetSeconds * 1000;
      return store.update(({ clock }) => ({
        clock: { offset, driftPpm: driftPpm ?? clock.driftPpm, since: host },
      }));
    },
  };
}
