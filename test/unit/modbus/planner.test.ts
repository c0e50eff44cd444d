import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, planBlocks, type Span } from '../../../electron/protocols/modbus/planner.ts';

const span = fc
  .record({ address: fc.integer({ min: 0, max: 65_535 }), count: fc.integer({ min: 1, max: 125 }) })
  .map(({ address, count }): Span => ({ address: Math.min(address, 65_536 - count), count }));
/** Spans in a small range, so that they touch and overlap often. */
const crowded = fc.array(
  fc.record({ address: fc.integer({ min: 0, max: 400 }), count: fc.integer({ min: 1, max: 125 }) }),
  { maxLength: 40 },
);
const anySpans = fc.oneof(fc.array(span, { maxLength: 60 }), crowded);
const gaps = fc.integer({ min: 0, max: 20 });

function holds(block: Block, wanted: Span): boolean {
  return wanted.address >= block.address && wanted.address + wanted.count <= block.address + block.count;
}

describe('planBlocks', () => {
  it('brings every span whole, in exactly one block, and never asks for more than a request takes', () => {
    fc.assert(
      fc.property(anySpans, gaps, (spans, maxGap) => {
        const blocks = planBlocks(spans, { maxGap });
        expect(blocks.flatMap((block) => block.spans).sort((a, b) => a - b)).toEqual(spans.map((_, index) => index));
        for (const block of blocks) {
          expect(block.count).toBeLessThanOrEqual(125);
          expect(block.address + block.count).toBeLessThanOrEqual(65_536);
          for (const index of block.spans) expect(holds(block, spans[index] ?? { address: -1, count: 1 })).toBe(true);
        }
      }),
    );
  });

  it('reads no register that nobody asked for, except gaps up to the allowed size; starts and ends on spans', () => {
    fc.assert(
      fc.property(anySpans, gaps, (spans, maxGap) => {
        for (const block of planBlocks(spans, { maxGap })) {
          const own = block.spans.map((index) => spans[index] ?? { address: -1, count: 1 });
          const asked = new Set(
            own.flatMap(({ address, count }) => Array.from({ length: count }, (_, i) => address + i)),
          );
          expect(asked.has(block.address)).toBe(true);
          expect(asked.has(block.address + block.count - 1)).toBe(true);
          let gap = 0;
          for (let at = block.address; at < block.address + block.count; at += 1) {
            gap = asked.has(at) ? 0 : gap + 1;
            expect(gap).toBeLessThanOrEqual(maxGap);
          }
        }
      }),
    );
  });

  it('cannot be beaten: two neighbouring blocks never fit into one request', () => {
    fc.assert(
      fc.property(anySpans, gaps, (spans, maxGap) => {
        const blocks = planBlocks(spans, { maxGap });
        blocks.slice(1).forEach((block, index) => {
          const before = blocks[index];
          if (before === undefined) return;
          const first = spans[block.spans[0] ?? -1];
          if (first === undefined) throw new Error('a block without spans');
          const fits = Math.max(before.address + before.count, first.address + first.count) - before.address <= 125;
          const near = first.address <= before.address + before.count + maxGap;
          expect(fits && near).toBe(false);
        });
      }),
    );
  });

  it('plans the live values of the meter as three requests', () => {
    const floats = (from: number, to: number): Span[] =>
      Array.from({ length: (to - from) / 2 + 1 }, (_, index) => ({ address: from - 1 + index * 2, count: 2 }));
    const energies = Array.from({ length: 12 }, (_, index) => ({ address: 3203 + index * 4, count: 4 }));
    const blocks = planBlocks([...energies, ...floats(3000, 3110), ...floats(3144, 3150)]);
    expect(blocks.map(({ address, count }) => [address, count])).toEqual([
      [2999, 112],
      [3143, 8],
      [3203, 48],
    ]);
  });

  it('keeps a gap unread by default, because protected registers may lie in it', () => {
    const spans = [
      { address: 10, count: 2 },
      { address: 13, count: 2 },
    ];
    expect(planBlocks(spans)).toHaveLength(2);
    expect(planBlocks(spans, { maxGap: 1 })).toEqual([{ address: 10, count: 5, spans: [0, 1] }]);
  });

  it.each([
    { address: 0, count: 0 },
    { address: 0, count: 126 },
    { address: -1, count: 1 },
    { address: 65_535, count: 2 },
    { address: 0.5, count: 1 },
    { address: 1, count: Number.NaN },
  ])('refuses %o', (bad) => {
    expect(() => planBlocks([bad])).toThrow(RangeError);
  });
});
