import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../ui/text/format.ts';
import { sitePlaces } from './places.ts';
import { allOf, type SiteChoice, type SiteNarrowingProps } from './sites.ts';

/** The same places as in the tree, where there is no room for it. */
export function SiteSelect({ sites: { named, none }, choice, onChoice }: SiteNarrowingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const places = sitePlaces(named);
  const entry = (value: SiteChoice, name: string, count: number) => ({
    value,
    label: t('meters:site.of', { name, count, shown: format.number(count) }),
  });
  return (
    <Select
      aria-label={t('meters:site.narrow')}
      w={230}
      searchable={places.length > 8}
      allowDeselect={false}
      nothingFoundMessage={t('meters:site.noMatch')}
      value={choice}
      data={[
        entry('all', t('meters:site.all'), allOf({ named, none })),
        ...places.map(({ key, path, count }) => entry(`at ${key}`, path, count)),
        ...(none === 0 ? [] : [entry('none', t('meters:site.none'), none)]),
      ]}
      onChange={(value) => onChoice((value ?? 'all') as SiteChoice)}
    />
  );
}
