/** Longer than a dialog takes to give the focus back to what opened it. */
const RETURN_MS = 60;

/**
 * Called when a dialog has closed. What opened it may be gone, or it was opened by an address: then nothing has the focus, and whoever works by
 * keyboard or screen reader would begin at the top of the window. The screen gets it.
 */
export function keepFocus(): void {
  setTimeout(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) document.getElementById('main')?.focus();
  }, RETURN_MS);
}
