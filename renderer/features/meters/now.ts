import { createContext, useEffect, useState } from 'react';
import { useNow } from '../../ui/text/use-now.ts';

/**
 * The time of this PC in milliseconds, for ages in cells: only those cells are rendered again when it moves on. Undefined until the first list
 * is painted; then they show nothing.
 */
export const Now = createContext<number | undefined>(undefined);

/** How long the words for ages may wait for a moment of rest after the first list was painted. */
const IDLE_MS = 300;

let painted = false;

/**
 * What `Now` is in a list. The words of the system for ages take longer to load than all rows of the first list to render, so they come after
 * it was painted: once in the life of the page.
 */
export function useListNow(everyMs: number): number | undefined {
  const now = useNow(everyMs);
  const [known, setKnown] = useState(painted);
  useEffect(() => {
    if (known) return;
    const onIdle = () => {
      painted = true;
      setKnown(true);
    };
    // What is rendered now is painted before the second frame from here.
    const frame = { id: 0, idle: 0 };
    frame.id = requestAnimationFrame(() => {
      frame.id = requestAnimationFrame(() => {
        frame.idle = requestIdleCallback(onIdle, { timeout: IDLE_MS });
      });
    });
    return () => {
      cancelAnimationFrame(frame.id);
      cancelIdleCallback(frame.idle);
    };
  }, [known]);
  return known ? now : undefined;
}
