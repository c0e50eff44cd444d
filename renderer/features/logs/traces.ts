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

/** The colours that hold while this theme is painted. */
export function coloursOf(theme: string): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    theme,
    traces: Array.from({ length: TRACES }, (_, trace) => of(`--mw-trace-${trace + 1}`)),
    text: of('--mw-quiet'),
    line: of('--mw-line'),
    edge: of('--mw-edge'),
    gap: of('--mw-gap'),
  };
}

/** The theme that is painted. A canvas is not repainted by a change of it, so whoever owns one listens. */
export function usePaintedTheme(): string {
  return useSyncExternalStore(listen, () => document.documentElement.dataset['mantineColorScheme'] ?? '');
}

function listen(onChange: () => void): () => void {
  const watch = new MutationObserver(onChange);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] });
  return () => watch.disconnect();
}
