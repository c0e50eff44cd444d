/** What is used of Electron's powerSaveBlocker. */
export interface Blocker {
  start(type: 'prevent-app-suspension'): number;
  stop(id: number): unknown;
}

/** Keeps the computer awake exactly while somebody needs it. */
export interface Awake {
  hold(id: number): void;
  release(id: number): void;
  /** Nobody needs it any more: the engine that asked has ended. */
  releaseAll(): void;
  readonly active: boolean;
}

export function createAwake(blocker: Blocker): Awake {
  const holders = new Set<number>();
  let block: number | undefined;

  function settle(): void {
    if (holders.size > 0 && block === undefined) block = blocker.start('prevent-app-suspension');
    if (holders.size === 0 && block !== undefined) {
      blocker.stop(block);
      block = undefined;
    }
  }

  return {
    hold(id) {
      holders.add(id);
      settle();
    },
    release(id) {
      holders.delete(id);
      settle();
    },
    releaseAll() {
      holders.clear();
      settle();
    },
    get active() {
      return block !== undefined;
    },
  };
}
