import { SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { THEMES, type Theme } from '../../../shared/contract/shell/channels.ts';
import { useTheme } from '../../app/look/use-theme.ts';
import { setLanguage, usePerson, usePreferences } from '../../app/preferences.ts';
import type { ScreenProps } from '../../app/screen.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import { Page, Section } from '../../ui/page.tsx';
import { About } from './about.tsx';
import { Folders } from './folders.tsx';
import { HostKeys } from './host-keys.tsx';
import { Practice } from './practice.tsx';

/** What a person can set, and what this program is. `settings/host-keys` and the like bring one part into view. */
export function SettingsScreen({ rest }: ScreenProps) {
  const { t } = useTranslation();
  const [part] = rest;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const aim =
      part === undefined
        ? null
        : (place.current?.querySelector<HTMLElement>(`[data-part="${CSS.escape(part)}"]`) ?? null);
    aim?.scrollIntoView({ block: 'start' });
    aim?.focus();
  }, [part]);
  return (
    <Page title={t('settings:title')}>
      <Stack gap="md" ref={place} maw={980}>
        <Appearance />
        <div data-part="folders" tabIndex={-1}>
          <Folders />
        </div>
        <div data-part="practice" tabIndex={-1}>
          <Practice />
        </div>
        <div data-part="host-keys" tabIndex={-1}>
          <HostKeys />
        </div>
        <div data-part="about" tabIndex={-1}>
          <About />
        </div>
      </Stack>
    </Page>
  );
}

function Appearance() {
  const { t } = useTranslation();
  const [theme, setTheme] = useTheme();
  const [person, setPerson] = usePerson();
  const language = usePreferences((state) => state.language);
  return (
    <Section title={t('settings:appearance')}>
      <Stack gap="sm">
        <div>
          <Text size="sm" fw={500} id="theme-label">
            {t('settings:theme')}
          </Text>
          <SegmentedControl
            aria-labelledby="theme-label"
            value={theme}
            onChange={(value) => setTheme(value as Theme)}
            data={THEMES.map((value) => ({ value, label: t(`settings:themes.${value}`) }))}
          />
        </div>
        <Select
          label={t('settings:language')}
          description={t('settings:languageWhat')}
          value={language}
          allowDeselect={false}
          maw={360}
          onChange={(value) => value !== null && setLanguage(value as Language)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
        <TextInput
          label={t('settings:person')}
          description={t('settings:personWhat')}
          value={person}
          maxLength={200}
          maw={360}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
      </Stack>
    </Section>
  );
}
