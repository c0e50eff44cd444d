import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnRoom, placeColumns } from '../../../renderer/ui/table/column-places.ts';

const column = fc.record({ width: fc.integer({ min: 1, max: 300 }), grow: fc.integer({ min: 1, max: 40 }) });
const columns = fc.array(
  column.map(({ width, grow }): ColumnRoom => ({ width, grow: grow / 10 })),
  { minLength: 1, maxLength: 14 },
);

function least(these: readonly ColumnRoom[]): number {
  return these.reduce((sum, { width }) => sum + width, 0);
}

describe('the places of columns', () => {
  it('share what is left over as a grid with tracks from `width` to `grow` fr does', () => {
    const named = [{ width: 216, grow: 2 }, { width: 146, grow: 0.5 }, { width: 86 }, { width: 220, grow: 0.2 }];
    // The second and the fourth need more than their shares: 1000 - 36 - 146 - 220 = 598 are divided 2 to 1.
    expect(placeColumns(named, 1_000, 36)).toEqual([
      { left: 36, width: 399 },
      { left: 435, width: 146 },
      { left: 581, width: 199 },
      { left: 780, width: 220 },
    ]);
  });

  it('are one after the other without a gap, and none is narrower than it needs', () => {
    fc.assert(
      fc.property(columns, fc.nat(3_000), fc.nat(50), (these, room, start) => {
        let end = start;
        for (const [index, { left, width }] of placeColumns(these, room, start).entries()) {
          expect(left).toBe(end);
          expect(width).toBeGreaterThanOrEqual(these[index]?.width ?? 0);
          end += width;
        }
      }),
    );
  });

  // As in a grid: those that grow by less than one in all, once the needy have theirs, leave room over.
  it('fill the room exactly where it is large enough and each share is at least one', () => {
    fc.assert(
      fc.property(columns, fc.nat(2_000), (those, more) => {
        const these = those.map(({ width, grow = 1 }) => ({ width, grow: Math.max(1, grow) }));
        const room = least(these) + more;
        const last = placeColumns(these, room).at(-1);
        expect((last?.left ?? 0) + (last?.width ?? 0)).toBe(room);
      }),
    );
  });

  it('are as narrow as they may be where the room is too small', () => {
    fc.assert(
      fc.property(columns, fc.nat(4_000), (these, less) => {
        const places = placeColumns(these, least(these) - less);
        expect(places.map(({ width }) => width)).toEqual(these.map(({ width }) => width));
      }),
    );
  });

  it('grow in proportion, but for those that need more than their share', () => {
    fc.assert(
      fc.property(columns, fc.nat(3_000), (these, more) => {
        const places = placeColumns(these, least(these) + more);
        const shares = these.flatMap(({ width, grow = 1 }, index) => {
          const own = places[index]?.width ?? 0;
          // Rounding moves each edge by half a pixel at most.
          return own > width + 1 ? [{ from: (own - 1) / grow, to: (own + 1) / grow }] : [];
        });
        const highest = Math.max(...shares.map(({ from }) => from));
        const lowest = Math.min(...shares.map(({ to }) => to));
        expect(highest).toBeLessThanOrEqual(lowest);
      }),
    );
  });
});
