import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metersAt, type SiteChoice, sitesOf, validChoice } from '../../../renderer/features/meters/sites/sites.ts';

const at = (...sites: string[]) => sites.map((site) => ({ site }));

describe('the sites of a list', () => {
  it('are counted, in the order of people, without those of no site', () => {
    expect(sitesOf(at('Hall 10', '', 'Hall 9', 'Hall 10', ''))).toEqual({
      named: [
        { name: 'Hall 9', count: 1 },
        { name: 'Hall 10', count: 2 },
      ],
      none: 2,
    });
  });

  it('do not confuse a site with a word of the program', () => {
    const meters = at('all', 'none', '');
    expect(metersAt(meters, 'at all')).toEqual(at('all'));
    expect(metersAt(meters, 'at none')).toEqual(at('none'));
    expect(metersAt(meters, 'none')).toEqual(at(''));
  });

  it('each show as many meters as they say, and together all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('', 'a', 'A', 'Plant 1', 'none')), (names) => {
        const meters = at(...names);
        const { named, none } = sitesOf(meters);
        for (const { name, count } of named) expect(metersAt(meters, `at ${name}`)).toHaveLength(count);
        expect(metersAt(meters, 'none')).toHaveLength(none);
        expect(named.reduce((sum, { count }) => sum + count, none)).toBe(meters.length);
      }),
    );
  });
});

describe('a choice', () => {
  const sites = sitesOf(at('Plant 1', ''));
  it.each<[SiteChoice, SiteChoice]>([
    ['at Plant 1', 'at Plant 1'],
    ['at Plant 2', 'all'],
    ['none', 'none'],
    ['all', 'all'],
  ])('of %s shows %s', (wanted, shown) => expect(validChoice(wanted, sites)).toBe(shown));

  it('of no site is all, where every meter has one or none has', () => {
    expect(validChoice('none', sitesOf(at('Plant 1')))).toBe('all');
    expect(validChoice('none', sitesOf(at('', '')))).toBe('all');
  });

  it('of all meters makes no new list', () => {
    const meters = at('a');
    expect(metersAt(meters, 'all')).toBe(meters);
  });
});
