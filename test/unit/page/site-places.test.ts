import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, openPlaces, placeKey, sitePlaces } from '../../../renderer/features/meters/sites/places.ts';
import { metersAt, sitesOf } from '../../../renderer/features/meters/sites/sites.ts';

const site = (name: string, count = 1) => ({ name, count });
const drawn = (names: readonly string[]) =>
  sitePlaces(names.map((name) => site(name))).map(({ name, level, count }) => `${'. '.repeat(level)}${name} ${count}`);

describe('the tree of sites', () => {
  it('has the parts of a site inside it, each place before its parts, in the order of people', () => {
    expect(drawn(['Plant B/Hall 10', 'Plant B/Hall 9', 'Plant A', 'Plant A / Feeder hall / North'])).toEqual([
      '. Plant A 2',
      '. . Feeder hall 1',
      '. . . North 1',
      '. Plant B 2',
      '. . Hall 9 1',
      '. . Hall 10 1',
    ]);
  });

  it('takes slashes at the ends, doubled ones and the spaces around them for nothing', () => {
    expect(drawn(['/Plant A//Hall/', 'Plant A / Hall', 'Plant A/Hall', ' / Plant A / / Hall // '])).toEqual([
      '. Plant A 4',
      '. . Hall 4',
    ]);
  });

  it('has a place for sites of nothing but slashes, in which nothing else is', () => {
    expect(drawn(['/', '///', ' / /', '/a'])).toEqual(['. / 3', '. a 1']);
    expect(isWithin('///', '/')).toBe(true);
    expect(isWithin('/a', '/')).toBe(false);
  });

  it('does not take a name for a part because it begins alike', () => {
    expect(isWithin('Plant 10', 'Plant 1')).toBe(false);
    expect(isWithin('Plant 1 / Hall', 'Plant 1')).toBe(true);
  });

  it('says which place it is by all of its parts', () => {
    expect(sitePlaces([site(' A/b ')])[1]).toEqual({
      key: 'A/b',
      name: 'b',
      path: 'A / b',
      level: 2,
      count: 1,
      position: 1,
      siblings: 1,
      hasParts: false,
    });
  });
});

/** Few letters, so that places meet; with what people and programs leave around them. */
const siteName = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '/', ' ', '\u05d0', '😀', '1', '0'), maxLength: 12 });
const names = fc.array(siteName, { maxLength: 30 });
const meters = names.map((all) => all.map((name) => ({ site: name.trim() })));

describe('whatever the sites are called', () => {
  it('each place shows as many meters as it says, and the first level shows all that have a site', () => {
    fc.assert(
      fc.property(meters, (list) => {
        const sites = sitesOf(list);
        const places = sitePlaces(sites.named);
        for (const { key, count } of places) expect(metersAt(list, `at ${key}`)).toHaveLength(count);
        const first = places.filter(({ level }) => level === 1).reduce((sum, { count }) => sum + count, 0);
        expect(first + sites.none).toBe(list.length);
      }),
    );
  });

  it('no place comes twice, and each is one level below what it is part of', () => {
    fc.assert(
      fc.property(names, (all) => {
        const places = sitePlaces(all.map((name) => site(name)));
        expect(new Set(places.map(({ key }) => key)).size).toBe(places.length);
        const above: string[] = [];
        for (const { key, name, level, hasParts } of places) {
          above.length = level - 1;
          expect(key).toBe([...above, name].join('/'));
          expect(hasParts).toBe(places.some((other) => other.key !== key && isWithin(other.key, key)));
          above.push(name);
        }
      }),
    );
  });

  it('every site is at the place of its key, and at nothing beside it', () => {
    fc.assert(
      fc.property(names, (all) => {
        const places = sitePlaces(all.map((name) => site(name)));
        for (const name of all) {
          const within = places.filter(({ key }) => isWithin(name, key));
          // One on each level of the way down, the last of which is its own.
          expect(within.map(({ level }) => level)).toEqual(within.map((_, index) => index + 1));
          expect(within.at(-1)?.key).toBe(placeKey(name));
        }
      }),
    );
  });

  it('positions count through those that are part of the same', () => {
    fc.assert(
      fc.property(names, (all) => {
        const places = sitePlaces(all.map((name) => site(name)));
        const parentOf = (key: string, level: number) => (level === 1 ? '' : key.slice(0, key.lastIndexOf('/')));
        for (const place of places) {
          const parent = parentOf(place.key, place.level);
          const peers = places.filter(({ key, level }) => level === place.level && parentOf(key, level) === parent);
          expect(place.siblings).toBe(peers.length);
          expect(peers[place.position - 1]).toBe(place);
        }
      }),
    );
  });

  it('a closed place hides its parts, and nothing else', () => {
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.boolean()), (all, coin) => {
        const places = sitePlaces(all.map((name) => site(name)));
        const closed = new Set(places.flatMap(({ key }) => (coin.next().value === true ? [key] : [])));
        const shown = new Set(openPlaces(places, closed).map(({ key }) => key));
        for (const { key } of places) {
          const hidden = [...closed].some((other) => other !== key && isWithin(key, other));
          expect(shown.has(key)).toBe(!hidden);
        }
      }),
    );
  });
});
