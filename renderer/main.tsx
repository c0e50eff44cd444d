import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startFeeds } from './app/feeds/feeds.ts';
import { usePreferences } from './app/preferences.ts';
import { connectToEngine } from './engine/connection.ts';
import { startI18n } from './i18n/start.ts';

/** Renders the page; the engine comes up at the same time. */
export async function openPage(): Promise<void> {
  const place = document.getElementById('root');
  if (place === null) throw new Error('The page has no place for the application.');
  connectToEngine(window.meterwright.shell);
  startFeeds();
  const texts = await startI18n(usePreferences.getState().language);
  createRoot(place).render(
    <StrictMode>
      <App texts={texts} />
    </StrictMode>,
  );
}
