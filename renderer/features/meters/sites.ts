import { create } from 'zustand';
import type { ListedMeter } from '../../../shared/contract/views.ts';
import { byName } from '../../ui/table/row-order.ts';

/** Which meters of the list are shown: all, those of no site, or those at a site. */
export type SiteChoice = 'all' | 'none' | `at ${string}`;

/** What the list is narrowed to; kept while the page is, so that whoever looks at a meter comes back to the same rows. */
export const useNarrowing = create<{ readonly filter: string; readonly site: SiteChoice }>(() => ({
  filter: '',
  site: 'all',
}));

export interface Sites {
  /** In the order in which people look for them: "Hall 9" before "Hall 10". */
  readonly named: readonly { readonly name: string; readonly count: number }[];
  /** How many meters stand at none. */
  readonly none: number;
}

/** The sites of a list of meters, each with how many stand there. */
export function sitesOf(meters: readonly Pick<ListedMeter, 'site'>[]): Sites {
  const counts = new Map<string, number>();
  for (const { site } of meters) counts.set(site, (counts.get(site) ?? 0) + 1);
  const named = [...counts].flatMap(([name, count]) => (name === '' ? [] : [{ name, count }]));
  return { named: named.sort((a, b) => byName.compare(a.name, b.name)), none: counts.get('') ?? 0 };
}

/** A choice that means something: a site that is gone, because its last meter went, leaves all meters. */
export function validChoice(choice: SiteChoice, { named, none }: Sites): SiteChoice {
  if (named.length === 0 || (choice === 'none' && none === 0)) return 'all';
  return choice === 'all' || choice === 'none' || named.some(({ name }) => choice === `at ${name}`) ? choice : 'all';
}

/** The meters that a choice shows; the same list where that is all of them. */
export function metersAt<T extends Pick<ListedMeter, 'site'>>(meters: readonly T[], choice: SiteChoice): readonly T[] {
  if (choice === 'all') return meters;
  const site = choice === 'none' ? '' : choice.slice('at '.length);
  return meters.filter((meter) => meter.site === site);
}
