import type { BrowserWindowConstructorOptions } from 'electron';
import type { WindowState } from './window-state.ts';

/** Smallest size at which every screen is usable. */
const MINIMUM = { minWidth: 960, minHeight: 640 } as const;

/** Colours that the window has before the page paints, so that a dark page does not begin with a white flash. */
const BACKGROUND = { light: '#ffffff', dark: '#1a1b1e' } as const;

/** How the one window is made. The page gets no power at all: what it may do goes through the preload. */
export function windowOptions(preload: string, state: WindowState, dark: boolean): BrowserWindowConstructorOptions {
  return {
    title: 'Meterwright',
    ...state.bounds,
    ...MINIMUM,
    show: false,
    backgroundColor: dark ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // Progress of a job is shown while the window is behind another one, too.
      backgroundThrottling: false,
    },
  };
}
