/** A page that dies more often than this within a minute is not loaded again without being asked. */
const MAX_DEATHS = 3;
const WITHIN_MS = 60_000;

/** Decides what follows the death of the page. Jobs do not notice it: they run in the engine. */
export function createPageGuard(now: () => number = Date.now): { died(): 'reload' | 'ask' } {
  let deaths: number[] = [];
  return {
    died() {
      const at = now();
      deaths = [...deaths.filter((death) => at - death < WITHIN_MS), at];
      return deaths.length > MAX_DEATHS ? 'ask' : 'reload';
    },
  };
}
