import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrowing } from './sites/sites.ts';

/** What the rows have to contain. It alone is rendered at each key; the rows come after it. The key "/" goes to it. */
export function FilterField() {
  const { t } = useTranslation();
  const filter = useNarrowing((state) => state.filter);
  const field = useRef<HTMLInputElement>(null);
  useSlash(field);
  return (
    <TextInput
      ref={field}
      w={300}
      leftSection={<IconSearch size={14} />}
      placeholder={t('meters:filter')}
      aria-label={t('meters:filter')}
      value={filter}
      onChange={(event) => useNarrowing.setState({ filter: event.currentTarget.value })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') useNarrowing.setState({ filter: '' });
      }}
    />
  );
}

function useSlash(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [field]);
}
