import { useEffect, useRef } from 'react';
import { navigate } from '../router.ts';
import { openPalette } from './open-palette.ts';

interface Keys {
  readonly onHelp: () => void;
  readonly onKeys: () => void;
  /** Screens in the order of the navigation: Ctrl/Cmd+1 and so on. */
  readonly screens: readonly string[];
}

/** The keys that hold on every screen. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = actionOf(event, current.current);
      if (act === undefined) return;
      event.preventDefault();
      // A dialog that has the focus is answered or closed first: one Escape must not close two, and cost what was typed in the first. One that
      // is still fading away has it no more.
      const dialog = document.activeElement?.closest('[aria-modal="true"]') ?? null;
      if (dialog === null) act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** What a key does; undefined where it is not one of these. */
function actionOf(event: KeyboardEvent, { onHelp, onKeys, screens }: Keys): (() => void) | undefined {
  const mod = (event.ctrlKey || event.metaKey) && !event.altKey;
  const screen = screens[Number(event.key) - 1];
  if (event.key === 'F1') return onHelp;
  if (event.key === '?' && !isTyping(event.target)) return onKeys;
  if (mod && !event.shiftKey && event.key.toLowerCase() === 'k') return openPalette;
  return mod && screen !== undefined ? () => navigate(screen) : undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
