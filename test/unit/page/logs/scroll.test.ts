import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROW, scrolledRows, topFor } from '../../../../renderer/features/logs/scroll.ts';

const rows = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 900_000, max: 20_000_000 }));
const room = fc.integer({ min: 100, max: 1_500 });

describe('rows in a scrolled place', () => {
  it('never need more height than a browser has, and a million have their own', () => {
    expect(scrolledRows(1_000_000, 0, 500).height).toBe(28_000_000);
    fc.assert(fc.property(rows, room, (count, high) => scrolledRows(count, 0, high).height <= 33_554_431));
  });

  it('show the first at the top and the last at the bottom, whole', () => {
    fc.assert(
      fc.property(rows, room, (count, high) => {
        expect(scrolledRows(count, 0, high)).toMatchObject({ first: 0, hidden: 0 });
        const { height } = scrolledRows(count, 0, high);
        const end = scrolledRows(count, height - high, high);
        const bottom = Math.min(count * ROW, end.first * ROW + end.hidden + high);
        expect(bottom).toBeCloseTo(count * ROW, 3);
      }),
    );
  });

  it('bring any row into view', () => {
    fc.assert(
      fc.property(
        rows,
        room,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, high, to, from) => {
          const row = Math.floor(to * (count - 1));
          const { height } = scrolledRows(count, 0, high);
          const top = topFor(row, count, from * Math.max(0, height - high), high);
          const { first, hidden } = scrolledRows(count, top, high);
          const at = first * ROW + hidden;
          expect(row * ROW).toBeGreaterThanOrEqual(at - 1);
          expect((row + 1) * ROW).toBeLessThanOrEqual(at + high + 1);
        },
      ),
    );
  });
});
