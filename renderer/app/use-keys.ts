import { useEffect, useRef } from 'react';
import { openPalette } from './open-palette.ts';
import { navigate } from './router.ts';

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
      const { onHelp, onKeys, screens } = current.current;
      const mod = event.ctrlKey || event.metaKey;
      const target = screens[Number(event.key) - 1];
      if (event.key === 'F1') onHelp();
      else if (event.key === '?' && !isTyping(event.target)) onKeys();
      else if (mod && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') openPalette();
      else if (mod && !event.altKey && target !== undefined) navigate(target);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
