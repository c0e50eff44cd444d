import { create } from 'zustand';

/** Where the person is: a screen and what it shows. */
export interface Route {
  readonly screen: string;
  readonly rest: readonly string[];
}

const HOME: Route = { screen: 'meters', rest: [] };

/** Reads "#/meter/abc/overview". Parts that are not valid encodings are taken as they stand. */
function parseHash(hash: string): Route {
  const [screen, ...rest] = hash
    .replace(/^#?\/?/, '')
    .split('?', 1)
    .flatMap((path) => path.split('/'))
    .filter((part) => part !== '')
    .map(decode);
  return screen === undefined ? HOME : { screen, rest };
}

/** The address of a screen inside the page. */
export function hashOf(screen: string, ...rest: readonly string[]): string {
  return `#/${[screen, ...rest].map(encodeURIComponent).join('/')}`;
}

const useRouteStore = create<Route>(() => parseHash(window.location.hash));

window.addEventListener('hashchange', () => useRouteStore.setState(parseHash(window.location.hash)));

/** Goes to a screen. */
export function navigate(screen: string, ...rest: readonly string[]): void {
  window.location.hash = hashOf(screen, ...rest);
}

export function useRoute(): Route {
  return useRouteStore();
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // "%" and the like: an address that a person typed.
    return part;
  }
}
