import './look/styles.ts';
import { MantineProvider } from '@mantine/core';
import type { i18n } from 'i18next';
import { useEffect } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Language } from '../i18n/languages.ts';
import { loadTexts } from '../i18n/start.ts';
import { Frame } from './frame/frame.tsx';
import { theme } from './look/theme.ts';
import { usePreferences } from './preferences.ts';

/** The whole page: theme, language, and the frame with the screens. */
export function App({ texts }: { readonly texts: i18n }) {
  useLanguage(
    texts,
    usePreferences((state) => state.language),
  );
  return (
    <I18nextProvider i18n={texts}>
      {/* The variables of the theme are in the styles that come with the document. */}
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <Frame />
      </MantineProvider>
    </I18nextProvider>
  );
}

/** Speaks a language as soon as its texts are there; until then the one before it. */
function useLanguage(texts: i18n, language: Language): void {
  useEffect(() => {
    let wanted = true;
    const speak = async (): Promise<void> => {
      await loadTexts(texts, language);
      if (!wanted) return;
      document.documentElement.lang = language;
      if (texts.language !== language) await texts.changeLanguage(language);
    };
    // Part of the program: that it cannot be read is a defect.
    speak().catch((thrown: unknown) => console.error(`The texts of ${language} did not come.`, thrown));
    return () => {
      wanted = false;
    };
  }, [texts, language]);
}
