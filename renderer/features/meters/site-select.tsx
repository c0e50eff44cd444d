import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/text/format.ts';
import type { SiteChoice, Sites } from './sites.ts';

interface SiteSelectProps {
  readonly sites: Sites;
  readonly choice: SiteChoice;
  readonly onChoice: (choice: SiteChoice) => void;
}

/** Narrows the list to one site; each says how many meters stand there. */
export function SiteSelect({ sites: { named, none }, choice, onChoice }: SiteSelectProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const all = named.reduce((sum, { count }) => sum + count, none);
  const entry = (value: SiteChoice, name: string, count: number) => ({
    value,
    label: t('meters:site.of', { name, count, shown: format.number(count) }),
  });
  return (
    <Select
      aria-label={t('meters:site.narrow')}
      w={230}
      searchable={named.length > 8}
      allowDeselect={false}
      nothingFoundMessage={t('meters:site.noMatch')}
      value={choice}
      data={[
        entry('all', t('meters:site.all'), all),
        ...named.map(({ name, count }) => entry(`at ${name}`, name, count)),
        ...(none === 0 ? [] : [entry('none', t('meters:site.none'), none)]),
      ]}
      onChange={(value) => onChoice((value ?? 'all') as SiteChoice)}
    />
  );
}
