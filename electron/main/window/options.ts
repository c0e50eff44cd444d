import type { BrowserWindowConstructorOptions } from 'electron';

/** Smallest size at which every screen is usable. */
const MINIMUM = { minWidth: 960, minHeight: 640 } as const;

/** Size on the first day. */
export const FIRST_SIZE = { width: 1280, height: 800 } as const;

/** Colours that the window has before the page paints, so that a dark page does not begin with a white flash. */
const BACKGROUND = { light: '#ffffff', dark: '#1a1b1e' } as const;

/** The colour of the window where nothing is painted yet. */
export function windowBackground(dark: boolean): string {
  return dark ? BACKGROUND.dark : BACKGROUND.light;
}

/** How the one window is made. The page gets no power at all: what it may do goes through the preload. */
export function windowOptions(preload: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    title: 'Meterwright',
    ...FIRST_SIZE,
    ...MINIMUM,
    show: false,
    backgroundColor: windowBackground(dark),
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
