import { create } from 'zustand';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { byName } from '../../../ui/table/row-order.ts';
import { isWithin } from './places.ts';

/** Which meters of the list are shown: all, those of no site, or those at a place, by its key, and at what is part of it. */
export type SiteChoice = 'all' | 'none' | `at ${string}`;

/** Windows in which the table beside the tree has the columns that it has alone in one of 1024 pixels, as a media query. */
export const ROOM_FOR_TREE = '(min-width: 1216px)';

interface Narrowing {
  readonly filter: string;
  readonly site: SiteChoice;
  /** Keys of the places of the tree whose parts are not shown. */
  readonly closed: ReadonlySet<string>;
}

/** What the list is narrowed to; kept while the page is, so that whoever looks at a meter comes back to the same rows. */
export const useNarrowing = create<Narrowing>(() => ({ filter: '', site: 'all', closed: new Set() }));

export interface Sites {
  /** In the order in which people look for them: "Hall 9" before "Hall 10". */
  readonly named: readonly { readonly name: string; readonly count: number }[];
  /** How many meters stand at none. */
  readonly none: number;
}

/** What the tree and the select of sites are given. */
export interface SiteNarrowingProps {
  readonly sites: Sites;
  /** One that means something. */
  readonly choice: SiteChoice;
  readonly onChoice: (choice: SiteChoice) => void;
}

/** The sites of a list of meters, each with how many stand there. */
export function sitesOf(meters: readonly Pick<ListedMeter, 'site'>[]): Sites {
  const counts = new Map<string, number>();
  for (const { site } of meters) counts.set(site, (counts.get(site) ?? 0) + 1);
  const named = [...counts].flatMap(([name, count]) => (name === '' ? [] : [{ name, count }]));
  return { named: named.sort((a, b) => byName.compare(a.name, b.name)), none: counts.get('') ?? 0 };
}

/** How many meters there are at all sites and at none. */
export function allOf({ named, none }: Sites): number {
  return named.reduce((sum, { count }) => sum + count, none);
}

/** Whether a choice is this place or is part of it. */
export function isWithinChoice(choice: SiteChoice, key: string): boolean {
  return choice !== 'all' && choice !== 'none' && isWithin(placeOf(choice), key);
}

/** A choice that means something: a place that is gone, because its last meter went, leaves all meters. */
export function validChoice(choice: SiteChoice, { named, none }: Sites): SiteChoice {
  if (named.length === 0 || (choice === 'none' && none === 0)) return 'all';
  return choice === 'all' || choice === 'none' || named.some(({ name }) => isWithin(name, placeOf(choice)))
    ? choice
    : 'all';
}

/** The meters that a choice shows; the same list where that is all of them. */
export function metersAt<T extends Pick<ListedMeter, 'site'>>(meters: readonly T[], choice: SiteChoice): readonly T[] {
  if (choice === 'all') return meters;
  return meters.filter(({ site }) =>
    choice === 'none' ? site === '' : site !== '' && isWithin(site, placeOf(choice)),
  );
}

function placeOf(choice: `at ${string}`): string {
  return choice.slice('at '.length);
}
