import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, protocol } from 'electron';
import { developmentUrl } from './development.ts';
import { APP_SCHEME, APP_URL } from './guards/app-protocol.ts';
import { windowOptions } from './window/options.ts';

/** Folder of the bundle of the page. */
export const BUNDLE = join(__dirname, '..', 'renderer');

/** Answers a request for the bundle. */
export type Answer = (request: { readonly url: string; readonly method: string }) => Response;

/** What has a process of its own, which comes up while the shell reads the rest of its program. */
export interface First {
  /** Hidden, and of the first day's size. */
  readonly window: BrowserWindow;
  /** The page is on its way; settles when it has been loaded. */
  readonly page: Promise<void>;
}

/**
 * Opens the window on its page.
 *
 * @param guarded who answers the page: comes when everything that guards it is in place, so nothing of the bundle is handed out before
 */
export function openFirst(guarded: Promise<Answer>): First {
  const window = makeWindow();
  protocol.handle(APP_SCHEME, async (request) => {
    const answer = await guarded;
    return answer(request);
  });
  return { window, page: loadPage(window, guarded) };
}

/** The page of the bundle at once, because nothing of it comes before it is guarded; that of a development server when it is. */
export async function loadPage(window: BrowserWindow, guarded: Promise<unknown>): Promise<void> {
  const development = developmentUrl(process.env['ELECTRON_RENDERER_URL'], app.isPackaged);
  if (development !== undefined) await guarded;
  await window.loadURL(development?.href ?? APP_URL);
}

/** The window as it is on the first day, in the colours of the computer; where it was and its theme are for others to say. */
export function makeWindow(): BrowserWindow {
  return new BrowserWindow(
    windowOptions(join(__dirname, '..', 'preload', 'index.js'), nativeTheme.shouldUseDarkColors),
  );
}
