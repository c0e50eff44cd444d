/** Lets one caller after the other have its turn: a GET in blocks ends when another request comes between. */
export interface Turns {
  /** Resolves with the function that ends the turn, or with undefined when the signal came first. Never rejects. */
  take(signal: AbortSignal | undefined): Promise<(() => void) | undefined>;
}

/** In order of asking. */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let taken = false;

  function next(): void {
    const first = waiting.shift();
    if (first === undefined) taken = false;
    else first();
  }

  function turn(): () => void {
    let over = false;
    return () => {
      if (!over) next();
      over = true;
    };
  }

  return {
    take(signal) {
      if (signal?.aborted === true) return Promise.resolve(undefined);
      if (!taken) {
        taken = true;
        return Promise.resolve(turn());
      }
      return new Promise((resolve) => {
        const start = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve(turn());
        };
        const onAbort = (): void => {
          const place = waiting.indexOf(start);
          if (place >= 0) waiting.splice(place, 1);
          resolve(undefined);
        };
        waiting.push(start);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
