import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startFeeds } from './app/feeds.ts';
import { showFirstPicture } from './app/first-picture.ts';
import { usePreferences } from './app/preferences.ts';
import { connectToEngine } from './engine/connection.ts';
import { startI18n } from './i18n/start.ts';

/** A page that is never idle asks for the engine after so long. */
const PAINT_MS = 1_000;

async function main(): Promise<void> {
  const place = document.getElementById('root');
  if (place === null) throw new Error('The page has no place for the application.');
  // What came with the document is painted before the engine is asked for, which takes the computer for a while. Where nothing came, they work at the
  // same time.
  if (showFirstPicture()) requestIdleCallback(askForEngine, { timeout: PAINT_MS });
  else askForEngine();
  const texts = await startI18n(usePreferences.getState().language);
  createRoot(place).render(
    <StrictMode>
      <App texts={texts} />
    </StrictMode>,
  );
}

function askForEngine(): void {
  connectToEngine(window.meterwright.shell);
  startFeeds();
}

void main();
