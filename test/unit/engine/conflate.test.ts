import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflate } from '../../../electron/engine/conflate.ts';

interface Event {
  readonly key: string;
  readonly n: number;
}

/** A source whose events the test pushes, and that says whether it is still listened to. */
function taps() {
  const listeners = new Set<(event: Event) => void>();
  return {
    push: (event: Event) => {
      for (const listener of listeners) listener(event);
    },
    heard: () => listeners.size,
    source: (push: (event: Event) => void) => {
      listeners.add(push);
      return () => listeners.delete(push);
    },
  };
}

const plain = { key: (event: Event) => event.key, first: async () => [], signal: undefined, pauseMs: 0 };

describe('events for a page', () => {
  it('keep only the newest of each key, in the order of the newest', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 1, maxLength: 60 }), async (keys) => {
        const tap = taps();
        const start = { key: 'start', n: -1 };
        const stream = conflate(tap.source, { ...plain, first: async () => [start] });
        expect((await stream.next()).value).toEqual(start);
        const events = keys.map((name, n) => ({ key: name, n }));
        for (const event of events) tap.push(event);
        const newest = events.filter(({ key: name, n }) => !events.some((later) => later.key === name && later.n > n));
        const seen: unknown[] = [];
        for (const _ of newest) seen.push((await stream.next()).value);
        expect(seen).toEqual(newest);
        await stream.return();
        expect(tap.heard()).toBe(0);
      }),
    );
  });

  it('lose nothing that happens while the snapshot is read', async () => {
    const tap = taps();
    const stream = conflate(tap.source, {
      ...plain,
      first: async () => {
        tap.push({ key: 'a', n: 1 });
        return [{ key: 'snapshot', n: 0 }];
      },
    });
    expect((await stream.next()).value).toEqual({ key: 'snapshot', n: 0 });
    expect((await stream.next()).value).toEqual({ key: 'a', n: 1 });
    await stream.return();
  });

  it('end with the page, wherever the stream waits', async () => {
    const tap = taps();
    const gone = new AbortController();
    const stream = conflate(tap.source, { ...plain, signal: gone.signal, pauseMs: 60_000 });
    const waiting = stream.next();
    tap.push({ key: 'a', n: 1 });
    expect((await waiting).value).toEqual({ key: 'a', n: 1 });
    const pausing = stream.next();
    gone.abort();
    expect((await pausing).done).toBe(true);
    expect(tap.heard()).toBe(0);
  });

  it('are not listened to any more when the snapshot cannot be read', async () => {
    const tap = taps();
    const stream = conflate(tap.source, { ...plain, first: () => Promise.reject(new Error('no disk')) });
    await expect(stream.next()).rejects.toThrow('no disk');
    expect(tap.heard()).toBe(0);
  });
});
