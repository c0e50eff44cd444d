import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../ui/text/format.ts';
import { Tree, type TreeItem } from '../../../ui/tree/tree.tsx';
import { openPlaces, type SitePlace, sitePlaces } from './places.ts';
import { allOf, isWithinChoice, type SiteChoice, type SiteNarrowingProps, useNarrowing } from './sites.ts';

/** Narrows the list to one place and what is part of it; each says how many meters stand there. */
export function SiteTree({ sites, choice, onChoice }: SiteNarrowingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const closed = useNarrowing((state) => state.closed);
  const places = useMemo(() => sitePlaces(sites.named), [sites]);
  const shown = useMemo(() => openPlaces(places, closed), [places, closed]);

  // All meters stand before the places of the first level, and those without a site after them.
  const ends = sites.none === 0 ? 1 : 2;
  const onFirstLevel = (places.find(({ level }) => level === 1)?.siblings ?? 0) + ends;
  const said = (name: string, count: number) => ({
    name,
    spoken: t('meters:site.of', { name, count, shown: format.number(count) }),
    count: format.number(count),
  });
  const end = (key: SiteChoice, name: string, count: number, position: number): TreeItem => ({
    ...said(name, count),
    key,
    title: name,
    level: 1,
    open: undefined,
    position,
    siblings: onFirstLevel,
    holdsChosen: false,
  });
  const entry = ({ key, name, path, level, count, position, siblings, hasParts }: SitePlace): TreeItem => ({
    ...said(name, count),
    key: `at ${key}`,
    title: path,
    level,
    open: hasParts ? !closed.has(key) : undefined,
    position: level === 1 ? position + 1 : position,
    siblings: level === 1 ? onFirstLevel : siblings,
    holdsChosen: closed.has(key) && choice !== `at ${key}` && isWithinChoice(choice, key),
  });

  return (
    <Tree
      label={t('meters:tree.label')}
      items={[
        end('all', t('meters:tree.all'), allOf(sites), 1),
        ...shown.map(entry),
        ...(sites.none === 0 ? [] : [end('none', t('meters:tree.none'), sites.none, onFirstLevel)]),
      ]}
      chosen={choice}
      onChoose={(key) => onChoice(key as SiteChoice)}
      onFold={(keys, open) => {
        const next = new Set(closed);
        for (const key of keys) {
          const place = key.slice('at '.length);
          if (open) next.delete(place);
          else next.add(place);
        }
        useNarrowing.setState({ closed: next });
      }}
    />
  );
}
