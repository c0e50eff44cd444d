import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '../ui/tokens.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useEffect, useMemo } from 'react';
import { I18nextProvider } from 'react-i18next';
import { startI18n } from '../i18n/start.ts';
import { startFeeds } from './feeds.ts';
import { Frame } from './frame.tsx';
import { usePreferences } from './preferences.ts';
import { cssVariables, theme } from './theme.ts';

/** The whole page: theme, language, what the engine tells, and the frame with the screens. */
export function App() {
  const language = usePreferences((state) => state.language);
  const i18n = useMemo(() => startI18n(usePreferences.getState().language), []);
  useEffect(() => {
    document.documentElement.lang = language;
    void i18n.changeLanguage(language);
  }, [i18n, language]);
  useEffect(() => startFeeds(), []);
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={cssVariables}>
        <Notifications position="bottom-right" limit={4} />
        <Frame />
      </MantineProvider>
    </I18nextProvider>
  );
}
