import type { CDPSession, Page } from 'playwright-core';
import type { TestApp } from './harness.ts';

/**
 * What is lost on this screen for somebody with a high contrast theme, who sees grounds and shadows no more, or with 200 % zoom (WCAG 2.2: 1.4.4, 1.4.10,
 * 1.4.11, 2.4.11), one line each. The window has to be 1280 pixels wide, so that 640 are left.
 */
export async function sightProblems({ app, page }: Pick<TestApp, 'app' | 'page'>, name: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const inForcedColours = await withForcedColours(session, () => page.evaluate(lostWithoutGrounds));
    await setZoom(app, 2);
    await page.waitForFunction(() => window.innerWidth <= 640);
    await settled(page);
    const atTwice = await page.evaluate(lostInANarrowWindow);
    return [
      ...inForcedColours.map((what) => `${name} in forced colours: ${what}`),
      ...atTwice.map((what) => `${name} at 200 %: ${what}`),
    ];
  } finally {
    await setZoom(app, 1);
    await page.waitForFunction(() => window.innerWidth > 640);
    await session.detach();
  }
}

async function withForcedColours<T>(session: CDPSession, work: () => Promise<T>): Promise<T> {
  const features = [{ name: 'forced-colors', value: 'active' }];
  await session.send('Emulation.setEmulatedMedia', { features });
  try {
    return await work();
  } finally {
    await session.send('Emulation.setEmulatedMedia', { features: [] });
  }
}

async function setZoom(app: TestApp['app'], factor: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, zoom) => {
    BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(zoom);
  }, factor);
}

/** Menus that move would be measured half way. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => {
      return one.playState !== 'running' || one.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
    }),
  );
}

/** Runs in the page. What is chosen has to have an edge that what is not chosen has not; a dialog has an edge, and what is drawn is seen on the ground. */
function lostWithoutGrounds(): string[] {
  const edges = (element: Element): string => {
    const { outlineStyle, outlineWidth, borderBottomWidth, borderBottomColor } = getComputedStyle(element);
    return [outlineStyle, outlineStyle === 'none' ? '0px' : outlineWidth, borderBottomWidth, borderBottomColor].join(
      ' ',
    );
  };
  const name = (element: Element): string => (element.textContent ?? '').trim().slice(0, 40);
  const pairs = [
    ['nav a[aria-current="page"]', 'nav a:not([aria-current])'],
    ['[role="tab"][aria-selected="true"]', '[role="tab"][aria-selected="false"]'],
    ['li[aria-current="step"] > *', 'ol > li:not([aria-current]) > [data-stands]'],
    ['.mantine-SegmentedControl-label[data-active]', '.mantine-SegmentedControl-label:not([data-active])'],
    ['tr[aria-selected="true"]', 'tr[aria-selected="false"]'],
  ] as const;
  const alike = pairs.flatMap(([chosen, other]) => {
    const [a, b] = [document.querySelector(chosen), document.querySelector(other)];
    return a !== null && b !== null && edges(a) === edges(b) ? [`${name(a)} looks like ${name(b)}`] : [];
  });
  const dialogs = [...document.querySelectorAll('[role="dialog"]')].filter(
    (dialog) => getComputedStyle(dialog).borderTopWidth === '0px',
  );
  const ground = getComputedStyle(document.body).backgroundColor;
  const drawn = [...document.querySelectorAll('figure svg line, figure svg text')].filter((line) => {
    const { stroke, fill } = getComputedStyle(line);
    return stroke === ground || (line.tagName === 'text' && fill === ground);
  });
  return [
    ...alike,
    ...dialogs.map((dialog) => `the dialog ${name(dialog)} has no edge`),
    ...drawn.map((line) => `${line.tagName} ${name(line)} is drawn in the colour of the ground`),
  ];
}

/** Runs in the page. Nothing but tables scrolls sideways, and whatever takes the focus can be brought to where nothing covers it. */
function lostInANarrowWindow(): string[] {
  const name = (element: Element): string =>
    `${element.tagName} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}`;
  const root = [...document.querySelectorAll('[role="dialog"]')].pop() ?? document;
  const wide = [...root.querySelectorAll('html, main, main > div, [role="dialog"]')].filter(
    ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1,
  );
  const controls = [
    ...root.querySelectorAll<HTMLElement>('a[href], button:not(:disabled), input:not(:disabled), textarea, summary'),
  ].filter(
    (control) =>
      // What stands left of the window comes into it when it gets the focus.
      control.checkVisibility() && control.clientWidth > 1 && control.getBoundingClientRect().right > 0,
  );
  const out: string[] = [];
  for (const control of controls) {
    control.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const { left, top, width, height } = control.getBoundingClientRect();
    // The first of it: what is long goes on.
    const hit = document.elementFromPoint(left + Math.min(width, 60) / 2, top + Math.min(height, 40) / 2);
    const label = control instanceof HTMLInputElement ? [...(control.labels ?? [])] : [];
    const own = hit !== null && [control, ...label].some((part) => part.contains(hit) || hit.contains(part));
    if (!own) out.push(`${name(control)} is covered by ${hit === null ? 'the edge of the window' : name(hit)}`);
  }
  for (const scrolled of document.querySelectorAll('main > div')) scrolled.scrollTop = 0;
  return [...wide.map((part) => `${name(part)} scrolls sideways (${part.scrollWidth} > ${part.clientWidth})`), ...out];
}
