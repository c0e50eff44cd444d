import { isBundleUrl } from './app-protocol.ts';

/** What is used of Electron's web contents. */
export interface GuardedContents {
  on(event: 'will-navigate' | 'will-redirect', listener: (event: Preventable, url: string) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

interface Preventable {
  preventDefault(): void;
}

/** Holds a page where it is: it goes nowhere, opens nothing and embeds nothing. `home` is what a reload may load again. */
export function guardNavigation(contents: GuardedContents, isHome: (url: string) => boolean): void {
  const stay = (event: Preventable, url: string): void => {
    if (!isHome(url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Whether a request may leave the page: only to the bundle, to what stands in the page itself, and in development to its server and tools. */
export function isAllowedRequest(text: string, development: URL | undefined): boolean {
  if (isBundleUrl(text)) return true;
  if (!/^(?:data|blob|devtools|http|ws):/.test(text)) return false;
  if (/^(?:data|blob):/.test(text)) return true;
  if (development === undefined) return false;
  if (text.startsWith('devtools:')) return true;
  return new URL(text).host === development.host;
}
