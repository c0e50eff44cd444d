import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startFeeds } from './app/feeds.ts';
import { usePreferences } from './app/preferences.ts';
import { connectToEngine } from './engine/connection.ts';
import { startI18n } from './i18n/start.ts';

async function main(): Promise<void> {
  const place = document.getElementById('root');
  if (place === null) throw new Error('The page has no place for the application.');
  // Before anything is rendered, so that the engine and the page work at the same time.
  connectToEngine(window.meterwright.shell);
  startFeeds();
  const texts = await startI18n(usePreferences.getState().language);
  createRoot(place).render(
    <StrictMode>
      <App texts={texts} />
    </StrictMode>,
  );
}

void main();
