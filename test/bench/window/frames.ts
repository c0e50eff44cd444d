import type { Page } from 'playwright-core';

/** What a page showed while something was done in it. */
export interface Frames {
  /** The longest time between two frames, in milliseconds. */
  readonly longest: number;
  readonly count: number;
}

interface Recorder {
  last: number;
  longest: number;
  count: number;
  on: boolean;
}

/** Measures the frames of a page while `work` is under way. The clock is read in the callback of each frame, as late as the page gets to it. */
export async function framesDuring(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(
    () =>
      new Promise<void>((settle) => {
        const recorder: Recorder = { last: 0, longest: 0, count: 0, on: true };
        (window as unknown as { frames: Recorder }).frames = recorder;
        const tick = (): void => {
          const now = performance.now();
          if (recorder.last === 0) settle();
          else recorder.longest = Math.max(recorder.longest, now - recorder.last);
          recorder.last = now;
          recorder.count += 1;
          if (recorder.on) requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
      }),
  );
  await work();
  return page.evaluate(() => {
    const { frames } = window as unknown as { frames: Recorder };
    frames.on = false;
    // A frame that is still on its way is as long as it took until now.
    return { longest: Math.max(frames.longest, performance.now() - frames.last), count: frames.count };
  });
}
