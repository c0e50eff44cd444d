import { join } from 'node:path';
import { app, BrowserWindow, type MessagePortMain, nativeTheme, protocol, utilityProcess } from 'electron';
import { APP_SCHEME, APP_URL, bundleResponse } from './app-protocol.ts';
import { developmentUrl } from './development.ts';
import type { EngineChild } from './engine-process.ts';
import { windowOptions } from './window-options.ts';

/** What has processes of its own, which come up while the shell reads the rest of its program. */
export interface First {
  readonly engine: RunningEngine;
  /** Hidden, and of the first day's size. */
  readonly window: BrowserWindow;
  /** The page is on its way; settles when it has been loaded. */
  readonly page: Promise<void>;
}

/** An engine's process, and what it writes. */
export interface RunningEngine {
  readonly child: EngineChild<MessagePortMain>;
  /** Hears what the engine wrote so far and what it writes from now on. */
  onOutput(listener: (text: string) => void): void;
}

/**
 * Starts the engine and opens the window on its page.
 *
 * @param guarded settles when everything that guards the page is in place; nothing of the bundle is handed out before
 */
export function openFirst(guarded: Promise<unknown>): First {
  const engine = startEngine();
  const window = makeWindow();
  const bundle = join(__dirname, '..', 'renderer');
  protocol.handle(APP_SCHEME, async (request) => {
    await guarded;
    return bundleResponse(bundle, request);
  });
  return { engine, window, page: loadPage(window, guarded) };
}

/** The page of the bundle at once, because nothing of it comes before it is guarded; that of a development server when it is. */
export async function loadPage(window: BrowserWindow, guarded: Promise<unknown>): Promise<void> {
  const development = developmentUrl(process.env['ELECTRON_RENDERER_URL'], app.isPackaged);
  if (development !== undefined) await guarded;
  await window.loadURL(development?.href ?? APP_URL);
}

/** The engine as a process of its own. Nothing that it says is lost, however late somebody listens. */
export function startEngine(): RunningEngine {
  const child = utilityProcess.fork(join(__dirname, '..', 'engine', 'index.js'), [], {
    serviceName: 'Meterwright engine',
    stdio: 'pipe',
  });
  const messages = kept<unknown>();
  const exits = kept<number>();
  const output = kept<string>();
  child.on('message', messages.say);
  child.on('exit', exits.say);
  child.stdout?.on('data', (bytes: Buffer) => output.say(bytes.toString('utf8')));
  child.stderr?.on('data', (bytes: Buffer) => output.say(bytes.toString('utf8')));
  return {
    child: {
      postMessage: (message, ports) => child.postMessage(message, ports),
      onMessage: messages.listen,
      onExit: exits.listen,
      kill: () => void child.kill(),
    },
    onOutput: output.listen,
  };
}

/** The window as it is on the first day, in the colours of the computer; where it was and its theme are for the shell to say. */
export function makeWindow(): BrowserWindow {
  return new BrowserWindow(
    windowOptions(join(__dirname, '..', 'preload', 'index.js'), nativeTheme.shouldUseDarkColors),
  );
}

/** Keeps what is said until somebody listens; there is one listener. */
function kept<T>(): { say(value: T): void; listen(listener: (value: T) => void): void } {
  let listener: ((value: T) => void) | undefined;
  const waiting: T[] = [];
  return {
    say(value) {
      if (listener === undefined) waiting.push(value);
      else listener(value);
    },
    listen(next) {
      listener = next;
      for (const value of waiting.splice(0)) next(value);
    },
  };
}
