import './traces.css';
import { useSyncExternalStore } from 'react';

/** How many lines one plot can tell apart. */
export const TRACES = 6;

/** Dashes of a line in pixels, so that lines differ in more than their colour; the first is whole. */
const DASHES: readonly (readonly number[])[] = [[], [8, 3], [2, 3], [10, 3, 2, 3], [5, 5], [14, 4]];

export function dashOf(trace: number): number[] {
  return [...(DASHES[trace % TRACES] ?? [])];
}

/** The colour of a line, for styles. */
export function traceColour(trace: number): string {
  return `var(--mw-trace-${(trace % TRACES) + 1})`;
}

/** The colours of a theme, for a canvas. */
export interface Colours {
  readonly theme: string;
  readonly traces: readonly string[];
  readonly text: string;
  readonly line: string;
  readonly edge: string;
  readonly gap: string;
}

/** The colours that hold while this theme is painted, as a canvas takes them: it knows no names of colours of the system. */
export function coloursOf(theme: string): Colours {
  const probe = document.createElement('span');
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const of = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    theme,
    traces: Array.from({ length: TRACES }, (_, trace) => of(`--mw-trace-${trace + 1}`)),
    text: of('--mw-quiet'),
    line: of('--mw-grid'),
    edge: of('--mw-edge'),
    gap: of('--mw-gap'),
  };
  probe.remove();
  return colours;
}

/** What the system may change while the page is open, besides the theme of the page. */
const OF_THE_SYSTEM = ['(forced-colors: active)', '(prefers-color-scheme: dark)', '(prefers-contrast: more)'];

/** The theme that is painted, with what the system says to it. A canvas is not repainted by a change of it, so whoever owns one listens. */
export function usePaintedTheme(): string {
  return useSyncExternalStore(listen, paintedTheme);
}

function paintedTheme(): string {
  const ofTheSystem = OF_THE_SYSTEM.filter((query) => window.matchMedia(query).matches);
  return [document.documentElement.dataset['mantineColorScheme'] ?? '', ...ofTheSystem].join(' ');
}

function listen(onChange: () => void): () => void {
  const watch = new MutationObserver(onChange);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] });
  const queries = OF_THE_SYSTEM.map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', onChange);
  return () => {
    watch.disconnect();
    for (const query of queries) query.removeEventListener('change', onChange);
  };
}
