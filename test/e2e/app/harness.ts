import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, onTestFailed } from 'vitest';
import { findElectronRuntime } from '../../../scripts/electron-runtime.mjs';
import type { Shell } from '../../../shared/contract/shell/shell.ts';
import { electronEnvironment, type Screen, startScreen } from './screen.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly meterwright: { readonly shell: Shell };
  }
}

export interface AppOptions {
  /** Data folder; one of its own unless given. */
  readonly home?: string;
  /** Profile of the window; one of its own unless given. */
  readonly userData?: string;
  /** Size of the window; 1280 x 800 unless given. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The packed program to start instead of the built sources. */
  readonly executable?: string;
  /** Folder of an app that starts the built sources by itself. */
  readonly folder?: string;
  /** False for an application that is expected to end by itself at once. */
  readonly waitForPage?: boolean;
}

export interface TestApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly home: string;
  readonly userData: string;
  /** Violations of the content security policy, errors of the page, errors on its console. */
  readonly complaints: string[];
  /** What the shell logged. */
  log(): string;
  /** Closes the window as a person does; a question about jobs at work is answered with "Close". */
  close(): Promise<void>;
}

const root = resolve('.');
const results = join(root, 'test-results');
let display: Promise<Screen> | undefined;

/** A screen of its own where there is none; one for the whole file. */
async function screen(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] !== undefined) return process.env['DISPLAY'];
  display ??= startScreen();
  return (await display).name;
}

afterAll(async () => {
  if (display !== undefined) (await display).stop();
  display = undefined;
});

/** The runtime that tests start; a missing one is a failure that says how to get it. */
export function electronPath(): string {
  const found = findElectronRuntime();
  if ('missing' in found) throw new Error(`${found.missing}: ${found.how}`);
  if (!existsSync(join(root, 'out', 'main', 'index.js'))) throw new Error('There is nothing to start: npm run build');
  return found.path;
}

function temporaryFolder(what: string): string {
  return mkdtempSync(join(tmpdir(), `meterwright-${what}-`));
}

const folders = new Set<string>();
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.clear();
});

/**
 * Starts the built application with a profile and a data folder of its own, and waits until the page says that it is painted. When the test
 * (or its beforeEach) fails, a picture, a trace and the log stay under `test-results`.
 */
export async function startApp(name: string, options: AppOptions = {}): Promise<TestApp> {
  const {
    home = temporaryFolder('home'),
    userData = temporaryFolder('profile'),
    size,
    executable,
    folder = root,
  } = options;
  folders.add(home).add(userData);
  const display = await screen();
  const app = await _electron.launch({
    executablePath: executable ?? electronPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${userData}`,
      ...(executable === undefined ? [folder] : []),
    ],
    env: electronEnvironment({ METERWRIGHT_HOME: home, ...(display === undefined ? {} : { DISPLAY: display }) }),
    timeout: 60_000,
  });
  // Snapshots of the page at each action say what was wrong; a film of every frame costs as much time as the test itself.
  await app.context().tracing.start({ snapshots: true });
  const page = await app.firstWindow({ timeout: 60_000 });
  const complaints = listen(page);
  const log = (): string => {
    const file = join(userData, 'logs', 'shell.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  let open = true;
  async function close(): Promise<void> {
    if (!open) return;
    open = false;
    const ended = new Promise<void>((settle) => app.process().once('exit', () => settle()));
    await app.evaluate(({ dialog, BrowserWindow }) => {
      dialog.showMessageBoxSync = () => 1;
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    const timer = setTimeout(() => app.process().kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
  }
  onTestFailed(async () => {
    const place = join(results, name.replace(/[^A-Za-z0-9]+/g, '-'));
    mkdirSync(place, { recursive: true });
    if (open) {
      await page.screenshot({ path: join(place, 'page.png') }).catch(() => undefined);
      await app
        .context()
        .tracing.stop({ path: join(place, 'trace.zip') })
        .catch(() => undefined);
      await close().catch(() => undefined);
    }
    if (existsSync(join(userData, 'logs'))) cpSync(join(userData, 'logs'), join(place, 'logs'), { recursive: true });
  });
  if (options.waitForPage !== false) await untilLoaded(page);
  if (size !== undefined) await resize(app, size);
  return { app, page, home, userData, complaints, log, close };
}

/** Waits until the first screen is painted with its data. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.waitForFunction(() => document.documentElement.dataset['appState'] === 'loaded', undefined, {
    timeout: 60_000,
  });
}

/** Sets the size of what the page has to itself. */
export async function resize(app: ElectronApplication, size: { width: number; height: number }): Promise<void> {
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);
}

/** A picture for people to look at; in a folder that git ignores. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = join(results, 'screens');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** What is wrong on a screen by the rules of WCAG 2.2 A and AA, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Stays in the page until that is loaded again; compiling it takes half as long as a check.
  if (!(await page.evaluate(() => 'axe' in window))) {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    // Evaluated by the debugger and not by the page, so the policy of the page does not apply to it.
    await page.evaluate(axe);
  }
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResult> } };
    interface AxeResult {
      readonly violations: readonly {
        id: string;
        help: string;
        nodes: readonly { target: unknown[]; html: string }[];
      }[];
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${help} at ${String(target)} ${html.slice(0, 200)}`),
    );
  });
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused load or script is reported by the browser as an error on the console.
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}
