import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, type Page } from 'playwright-core';
import { electronEnvironment, startScreen } from '../../e2e/app/screen.ts';
import type { BenchRow } from '../report.ts';
import { writeEmptyApp, writeMarkedProduct, writeProductWithEngine } from './app-folders.ts';
import { coldStart, type Launch } from './cold-start.ts';
import { type Frames, framesDuring } from './frames.ts';
import { LOG_ROWS, openLongLog, writeLongLog } from './log-table.ts';
import { writeMeterList } from './meters.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu'] as const;
const STARTS = 10;
const START_METERS = 200;
/** The list may come half as late again as an empty window. */
const START_TARGET = 1.5;
const MANY_METERS = 5_000;
/** Each measurement of frames is made so often, in turn with an empty page; the medians count. */
const PASSES = 5;
/** The longest frame that a person does not notice as a stop, in milliseconds. */
const FRAME_MS = 50;
/** A page at rest gets a frame every 16.7 ms; one that needs more has a machine that cannot show better. */
const REST_MS = 20;
const LOAD_MS = 60_000;
const PROGRESS_MS = 5_000;

const PARTS = { start: startRows, meters: manyMetersRows, progress: progressRows, log: longLogRows } as const;

/** One kind of measurement; each has a few rows. */
export type WindowPart = keyof typeof PARTS;

/** All of them, in the order in which they are measured. */
export const WINDOW_BENCHES: readonly WindowPart[] = ['start', 'meters', 'progress', 'log'];

/**
 * The window as it was built (`npm run build`) in the Electron runtime of the tests: how soon the list of meters is painted, against an empty
 * window of the same runtime with the same flags, and the longest frame while much is shown or much happens.
 */
export async function windowBench(options: {
  readonly root: string;
  readonly part: WindowPart;
}): Promise<readonly BenchRow[]> {
  const { root, part } = options;
  const runtime = await findRuntime(root);
  if (!existsSync(join(root, 'out', 'main', 'index.js'))) throw new Error('There is nothing to start: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'meterwright-bench-window-'));
  const needsScreen = process.platform === 'linux' && process.env['DISPLAY'] === undefined;
  const screen = needsScreen ? await startScreen() : undefined;
  try {
    const bench: Bench = {
      root,
      folder,
      empty: await writeEmptyApp(join(folder, 'empty')),
      launch: (home) => ({
        runtime,
        flags: FLAGS,
        env: electronEnvironment({
          METERWRIGHT_HOME: home,
          ...(screen === undefined ? {} : { DISPLAY: screen.name }),
        }),
      }),
    };
    return await PARTS[part](bench);
  } finally {
    screen?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Bench {
  readonly root: string;
  /** For everything that a run writes. */
  readonly folder: string;
  /** Folder of the empty app. */
  readonly empty: string;
  readonly launch: (home: string) => Launch;
}

/** The module is loaded from its own place, because it finds the project by it. */
async function findRuntime(root: string): Promise<string> {
  const module = pathToFileURL(join(root, 'scripts', 'electron-runtime.mjs')).href;
  const { findElectronRuntime } = (await import(
    /* @vite-ignore */ module
  )) as typeof import('../../../scripts/electron-runtime.mjs');
  const found = findElectronRuntime();
  if ('missing' in found) throw new Error(`${found.missing}: ${found.how}`);
  return found.path;
}

/** Both are started in turn, so that a busy machine hits both alike; one start of each before them fills the caches of the system. */
async function startRows({ root, folder, empty, launch }: Bench): Promise<readonly BenchRow[]> {
  const home = join(folder, 'home-start');
  await writeMeterList(home, START_METERS);
  const product = await writeMarkedProduct(join(folder, 'product'), root, START_METERS, false);
  const alive = await writeMarkedProduct(join(folder, 'alive'), root, START_METERS, true);
  const times = { ours: [] as number[], alive: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= STARTS; round += 1) {
    const own = await coldStart(product, launch(home));
    const other = await coldStart(empty, launch(home));
    const worked = await coldStart(alive, launch(home));
    if (round === 0) continue;
    times.ours.push(own);
    times.alive.push(worked);
    times.theirs.push(other);
  }
  const [own, other] = [median(times.ours), median(times.theirs)];
  const ratio = own / other;
  return [
    {
      name: `window: cold start to ${START_METERS} meters on the screen, time against an empty window`,
      ratio,
      target: START_TARGET,
      ok: ratio <= START_TARGET,
      ours: `${milliseconds(own)} (it can be worked with after ${milliseconds(median(times.alive))})`,
      theirs: milliseconds(other),
    },
  ];
}

async function manyMetersRows(bench: Bench): Promise<readonly BenchRow[]> {
  const home = join(bench.folder, 'home-many');
  await writeMeterList(home, MANY_METERS);
  return withPage(bench, bench.root, home, async (page) => {
    await rowsShown(page, MANY_METERS);
    const scroll = await againstRest(bench, page, () => scrollThrough(page));
    const filter = await againstRest(bench, page, () => typeFilter(page));
    return [
      frameRow(`window: ${MANY_METERS} meters, scrolled from end to end`, scroll),
      frameRow(`window: ${MANY_METERS} meters, a filter typed and taken away`, filter),
    ];
  });
}

async function progressRows(bench: Bench): Promise<readonly BenchRow[]> {
  const home = join(bench.folder, 'home-progress');
  await writeMeterList(home, START_METERS);
  const engine = join(bench.root, 'out', 'bench', 'window-engine.cjs');
  const app = await writeProductWithEngine(join(bench.folder, 'progress'), bench.root, engine);
  return withPage(bench, app, home, async (page) => {
    const rows: BenchRow[] = [];
    for (const [screen, hash] of [
      ['the list of meters', '#/meters'],
      ['the list of jobs', '#/activity'],
      ['the progress of a job', '#/upgrade/job/bench-7'],
    ] as const) {
      await page.evaluate((to) => {
        window.location.hash = to;
      }, hash);
      await page.getByText('Feeder 7', { exact: false }).first().waitFor({ timeout: LOAD_MS });
      const frames = await againstRest(bench, page, () => page.waitForTimeout(PROGRESS_MS));
      rows.push(frameRow(`window: 100 progress events a second from 64 jobs, on ${screen}`, frames));
    }
    return rows;
  });
}

async function longLogRows(bench: Bench): Promise<readonly BenchRow[]> {
  const bag = await writeLongLog(bench.folder);
  return withPage(bench, bench.root, join(bench.folder, 'home-log'), async (page) => {
    await openLongLog(page, bag);
    const scroll = await againstRest(bench, page, () => scrollThrough(page));
    return [frameRow(`window: table of a log of ${LOG_ROWS} rows, scrolled from end to end`, scroll)];
  });
}

/** Starts an app and ends it when the work on its page is done. */
async function withPage<T>(bench: Bench, app: string, home: string, work: (page: Page) => Promise<T>): Promise<T> {
  const { runtime, flags, env } = bench.launch(home);
  const profile = await mkdtemp(join(bench.folder, 'profile-'));
  const running = await _electron.launch({
    executablePath: runtime,
    args: [...flags, app, `--user-data-dir=${profile}`],
    env: { ...env },
    timeout: LOAD_MS,
  });
  try {
    const page = await running.firstWindow({ timeout: LOAD_MS });
    await page.waitForLoadState('load');
    return await work(page);
  } finally {
    const ended = new Promise<void>((resolve) => running.process().once('exit', () => resolve()));
    running.process().kill('SIGKILL');
    await ended;
  }
}

interface Measured {
  readonly ours: readonly Frames[];
  readonly rest: readonly Frames[];
}

/** Frames while something is done, in turn with those of an empty page on which nothing happens. */
async function againstRest(bench: Bench, page: Page, work: () => Promise<void>): Promise<Measured> {
  const ours: Frames[] = [];
  const rest: Frames[] = [];
  // The first pass warms up and does not count.
  for (let pass = 0; pass <= PASSES; pass += 1) {
    const frames = await framesDuring(page, work);
    if (pass > 0) ours.push(frames);
  }
  await withPage(bench, bench.empty, bench.folder, async (empty) => {
    for (let pass = 0; pass < PASSES; pass += 1) {
      rest.push(await framesDuring(empty, () => empty.waitForTimeout(1_000)));
    }
  });
  return { ours, rest };
}

function frameRow(what: string, { ours, rest }: Measured): BenchRow {
  const longest = median(ours.map((frames) => frames.longest));
  const still = median(rest.map((frames) => frames.longest));
  const slow = still > REST_MS ? ` (an empty page: ${milliseconds(still)})` : '';
  const ratio = longest / FRAME_MS;
  return {
    name: `${what}, longest frame against ${FRAME_MS} ms${slow}`,
    ratio,
    target: 1,
    ok: ratio <= 1,
    ours: `${milliseconds(longest)} (${ours.map((frames) => frames.longest.toFixed(0)).join(', ')})`,
    theirs: `${FRAME_MS} ms`,
  };
}

async function rowsShown(page: Page, meters: number): Promise<void> {
  await page.waitForFunction(
    (count) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(count),
    meters + 1,
    { timeout: LOAD_MS },
  );
}

/** From the first to the last row in three seconds, and back to the first in one step. */
function scrollThrough(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((settle, reject) => {
        const place = document.querySelector('[role=grid]')?.parentElement;
        if (place === null || place === undefined) return reject(new Error('There is no list.'));
        const end = place.scrollHeight - place.clientHeight;
        const began = performance.now();
        const step = (): void => {
          const part = (performance.now() - began) / 3_000;
          place.scrollTop = Math.min(1, part) * end;
          if (part < 1) requestAnimationFrame(step);
          else {
            place.scrollTop = 0;
            requestAnimationFrame(() => requestAnimationFrame(() => settle()));
          }
        };
        step();
      }),
  );
}

/** As fast as a person types; the rows that remain are looked at after the last key. */
async function typeFilter(page: Page): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Filter' });
  await field.click();
  await field.pressSequentially('feeder 499', { delay: 80 });
  await rowsShown(page, 11);
  // Keys as such: to look for the field again before each of them would be work in the page that is measured.
  for (let left = 'feeder 499'.length; left > 0; left -= 1) await page.keyboard.press('Backspace', { delay: 40 });
  await rowsShown(page, MANY_METERS);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
