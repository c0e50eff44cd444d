import { byName } from '../../../ui/table/row-order.ts';

/** Something that stands in the tree of sites: a site, or what several of them are part of. */
export interface SitePlace {
  /** Its parts with "/" between them and nothing around it; the same for "Plant A / Hall" and "/Plant A//Hall/". */
  readonly key: string;
  /** The last of its parts. */
  readonly name: string;
  /** All of its parts as people write them: "Plant A / Hall". */
  readonly path: string;
  /** 1 for what is part of nothing. */
  readonly level: number;
  /** How many meters stand there and in all that is part of it. */
  readonly count: number;
  /** Where it stands among those that are part of the same, from 1. */
  readonly position: number;
  /** How many those are. */
  readonly siblings: number;
  readonly hasParts: boolean;
}

interface Branch {
  readonly parts: readonly string[];
  readonly inside: Map<string, Branch>;
  count: number;
}

/** What a site is called in the tree: two that differ only in spaces and empty parts are one place there. */
export function placeKey(site: string): string {
  return partsOf(site).join('/');
}

/** Whether a site is this place or is part of it. */
export function isWithin(site: string, key: string): boolean {
  const own = placeKey(site);
  return own === key || own.startsWith(`${key}/`);
}

/** The tree of these sites, each place before its parts; in the order in which people look for them. */
export function sitePlaces(sites: readonly { readonly name: string; readonly count: number }[]): readonly SitePlace[] {
  const root: Branch = { parts: [], inside: new Map(), count: 0 };
  for (const { name, count } of sites) {
    let at = root;
    for (const part of partsOf(name)) {
      const next = at.inside.get(part) ?? { parts: [...at.parts, part], inside: new Map(), count: 0 };
      at.inside.set(part, next);
      next.count += count;
      at = next;
    }
  }
  return placesIn(root);
}

/** Those places that are not part of a closed one. */
export function openPlaces(places: readonly SitePlace[], closed: ReadonlySet<string>): readonly SitePlace[] {
  let hiddenBelow = Number.POSITIVE_INFINITY;
  return places.filter(({ key, level }) => {
    if (level > hiddenBelow) return false;
    hiddenBelow = closed.has(key) ? level : Number.POSITIVE_INFINITY;
    return true;
  });
}

/** "Plant A / Feeder hall" is the feeder hall of plant A. Slashes at the ends and doubled ones part nothing; nothing but slashes is a name. */
function partsOf(site: string): readonly string[] {
  const parts = site.split('/').flatMap((part) => part.trim() || []);
  return parts.length === 0 ? ['/'] : parts;
}

function placesIn({ inside }: Branch): SitePlace[] {
  const sorted = [...inside].sort(([a], [b]) => byName.compare(a, b) || (a < b ? -1 : 1));
  return sorted.flatMap(([name, branch], index) => [
    {
      key: branch.parts.join('/'),
      name,
      path: branch.parts.join(' / '),
      level: branch.parts.length,
      count: branch.count,
      position: index + 1,
      siblings: sorted.length,
      hasParts: branch.inside.size > 0,
    },
    ...placesIn(branch),
  ]);
}
