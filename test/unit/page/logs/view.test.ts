import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved, viewAfterKey, viewAfterWheel, zoomed } from '../../../../renderer/features/logs/view.ts';

const whole = { from: 0, to: 1_000 };
const view = fc
  .tuple(fc.double({ min: 0, max: 1_000, noNaN: true }), fc.double({ min: 0, max: 1_000, noNaN: true }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('the view of a plot', () => {
  it('never leaves the whole and never gets narrower than it may', () => {
    fc.assert(
      fc.property(
        view,
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (from, factor, part) => {
          for (const next of [zoomed(from, factor, (from.from + from.to) / 2, whole, 5), moved(from, part, whole)]) {
            expect(next.from).toBeGreaterThanOrEqual(-1e-6);
            expect(next.to).toBeLessThanOrEqual(1_000 + 1e-6);
          }
          const next = zoomed(from, factor, from.from, whole, 5);
          expect(next.to - next.from).toBeGreaterThanOrEqual(5 - 1e-6);
        },
      ),
    );
  });

  it('keeps the place under the pointer where it is', () => {
    const next = viewAfterWheel({ deltaX: 0, deltaY: -100, shiftKey: false }, 400, { from: 200, to: 600 }, whole, 1);
    expect((400 - next.from) / (next.to - next.from)).toBeCloseTo(0.5);
    expect(next.to - next.from).toBeLessThan(400);
  });

  it('follows the keys, and leaves others alone', () => {
    const now = { from: 400, to: 600 };
    expect(viewAfterKey('ArrowRight', now, whole, 1)).toEqual({ from: 430, to: 630 });
    expect(viewAfterKey('PageUp', now, whole, 1)).toEqual({ from: 200, to: 400 });
    expect(viewAfterKey('Home', now, whole, 1)).toBeNull();
    expect(viewAfterKey('x', now, whole, 1)).toBeUndefined();
  });
});
