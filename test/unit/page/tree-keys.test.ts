import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTypeAhead, type TreeEntry, treeAct } from '../../../renderer/ui/tree/keys.ts';

const entry = (name: string, level = 1, open?: boolean): TreeEntry => ({ name, level, open });
const TREE = [
  entry('All'),
  entry('Plant A', 1, true),
  entry('Hall', 2, false),
  entry('Yard', 2),
  entry('Plant B', 1, false),
  entry('Pump', 1, true),
  entry('North', 2, false),
];
const PAGE = 3;

describe('the keys of a tree', () => {
  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 6, 6],
    ['ArrowUp', 1, 0],
    ['ArrowUp', 0, 0],
    ['PageDown', 1, 4],
    ['PageDown', 5, 6],
    ['PageUp', 2, 0],
    ['Home', 5, 0],
    ['End', 0, 6],
    // Into what is open, and nowhere from what has no parts.
    ['ArrowRight', 1, 2],
    ['ArrowRight', 3, 3],
    // Out of what is part of something, and nowhere from the first level.
    ['ArrowLeft', 3, 1],
    ['ArrowLeft', 2, 1],
    ['ArrowLeft', 6, 5],
    ['ArrowLeft', 4, 4],
  ])('%s at %i goes to %i', (key, at, to) => expect(treeAct(TREE, at, key, PAGE)).toEqual({ act: 'go', to }));

  it('open what is closed, close what is open, and open all beside it', () => {
    expect(treeAct(TREE, 2, 'ArrowRight', PAGE)).toEqual({ act: 'open', which: [2] });
    expect(treeAct(TREE, 1, 'ArrowLeft', PAGE)).toEqual({ act: 'close', which: [1] });
    expect(treeAct(TREE, 0, '*', PAGE)).toEqual({ act: 'open', which: [4] });
    expect(treeAct(TREE, 3, '*', PAGE)).toEqual({ act: 'open', which: [2] });
    expect(treeAct(TREE, 6, '*', PAGE)).toEqual({ act: 'open', which: [6] });
  });

  it('choose, and leave all other keys to others', () => {
    expect(treeAct(TREE, 2, 'Enter', PAGE)).toEqual({ act: 'choose' });
    expect(treeAct(TREE, 2, ' ', PAGE)).toEqual({ act: 'choose' });
    for (const key of ['Tab', 'Escape', 'F1', 'a', '/']) expect(treeAct(TREE, 2, key, PAGE)).toBeUndefined();
  });

  it('never leave the tree, whatever tree it is', () => {
    const anyEntry = fc.record({
      name: fc.string(),
      level: fc.integer({ min: 1, max: 4 }),
      open: fc.constantFrom(true, false, undefined),
    });
    const key = fc.constantFrom('ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageDown', '*');
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 12 }), fc.nat(11), key, (entries, any, pressed) => {
        const at = any % entries.length;
        const done = treeAct(entries, at, pressed, PAGE);
        const reached =
          done?.act === 'go' ? [done.to] : done?.act === 'open' || done?.act === 'close' ? done.which : [];
        for (const index of reached) expect(entries[index]).toBeDefined();
      }),
    );
  });
});

describe('letters typed in a tree', () => {
  it('go to the next entry that begins with them, and around', () => {
    const find = createTypeAhead();
    expect(find(TREE, 0, 'p', 0)).toBe(1);
    expect(find(TREE, 1, 'p', 100)).toBe(4);
    expect(find(TREE, 4, 'p', 200)).toBe(5);
    expect(find(TREE, 5, 'p', 300)).toBe(1);
  });

  it('are one word while they come fast, and a new one after', () => {
    const find = createTypeAhead();
    const typed = (word: string, from: number, start: number) =>
      [...word].reduce((at, letter, index) => find(TREE, at, letter, start + index * 100), from);
    expect(typed('PLANT B', 0, 0)).toBe(4);
    expect(typed('pu', 0, 5_000)).toBe(5);
    expect(find(TREE, 5, 'y', 9_000)).toBe(3);
    expect(find(TREE, 3, 'x', 15_000)).toBe(3);
  });
});
