/** Takes a change of the stores and the part of the picture that it belongs to. */
export type Change<Part> = (part: Part, change: () => void) => void;

/**
 * Holds changes back until something of each part has come, at most `capMs` milliseconds after the first: then all of them are made in one
 * turn, and the page is rendered once instead of once for each. From then on changes are made as they come.
 */
export function createFirstAnswers<Part extends string>(parts: readonly Part[], capMs: number): Change<Part> {
  const missing = new Set<string>(parts);
  let held: (() => void)[] | undefined = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    clearTimeout(timer);
    const changes = held ?? [];
    held = undefined;
    for (const change of changes) change();
  };
  return (part, change) => {
    if (held === undefined) return change();
    held.push(change);
    missing.delete(part);
    if (missing.size === 0) show();
    else timer ??= setTimeout(show, capMs);
  };
}
