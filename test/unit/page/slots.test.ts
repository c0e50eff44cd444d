import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../renderer/ui/table/slots.ts';

function range(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

describe('the elements of rows', () => {
  it('go from rows that scrolled out to rows that scrolled in, and the others keep theirs', () => {
    const assign = createSlots();
    const before = assign(range(0, 10), '5');
    const after = assign(range(2, 10), '5');
    for (const index of range(2, 8)) expect(after.get(index)).toBe(before.get(index));
    expect([after.get('10'), after.get('11')]).toEqual([before.get('0'), before.get('1')]);
  });

  it('stay in their order where most rows are new', () => {
    const assign = createSlots();
    const before = assign(range(0, 10), '50');
    const after = assign(range(7, 10), '50');
    expect([...after.values()]).toEqual([...before.values()]);
  });

  it('never show another row once they were that of the active one', () => {
    const assign = createSlots();
    const active = assign(range(0, 10), '3').get('3');
    expect([...assign(range(100, 10), '3').values()]).not.toContain(active);
    expect([...assign(range(0, 10), '3').values()]).not.toContain(active);
  });

  it('are never given to two rows, whatever is scrolled', () => {
    const step = fc.record({ from: fc.nat(200), count: fc.integer({ min: 0, max: 40 }), active: fc.nat(240) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const assign = createSlots();
        let shown: ReadonlyMap<string, number> = new Map();
        for (const { from, count, active } of steps) {
          const next = assign(range(from, count), String(active));
          expect(new Set(next.values()).size).toBe(count);
          expect([...next.keys()]).toEqual(range(from, count));
          if (shown.has(String(active)) && next.has(String(active)))
            expect(next.get(String(active))).toBe(shown.get(String(active)));
          shown = next;
        }
      }),
    );
  });
});
