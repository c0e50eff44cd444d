import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  type MessagePortMain,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  session,
} from 'electron';
import type { Work } from '../../shared/contract/processes.ts';
import { ENGINE_STATE_CHANNEL, MENU_CHANNEL } from '../../shared/contract/shell-channels.ts';
import { createAllowedPaths } from './allowed-paths.ts';
import { isBundleUrl } from './app-protocol.ts';
import { closeQuestion } from './close-guard.ts';
import { developmentUrl } from './development.ts';
import { createEngineProcess } from './engine-process.ts';
import { type First, loadPage, makeWindow, type RunningEngine, startEngine } from './first.ts';
import { handleShellCalls } from './ipc.ts';
import { createLog } from './log.ts';
import { menuTemplate } from './menu.ts';
import { guardNavigation, isAllowedRequest } from './navigation.ts';
import { createPageGuard } from './page-guard.ts';
import { denyPermissions } from './permissions.ts';
import { createAwake } from './power.ts';
import { shownWork } from './progress.ts';
import { createShellCalls } from './shell-calls.ts';
import { windowBackground } from './window-options.ts';
import { readWindowState, visibleBounds, writeWindowState } from './window-state.ts';

/** Everything that lives as long as the application, around the engine and the window that are there already. */
export function run(first: First): void {
  const logFile = join(app.getPath('userData'), 'logs', 'shell.log');
  const log = createLog(logFile);
  logDefects(log);
  const development = developmentUrl(process.env['ELECTRON_RENDERER_URL'], app.isPackaged);
  const isHome = (url: string): boolean =>
    isBundleUrl(url) || (development !== undefined && url.startsWith(development.origin));
  denyPermissions(session.defaultSession);
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const allowed = isAllowedRequest(url, development);
    if (!allowed) log(`A request was stopped: ${url.slice(0, 200)}`);
    answer({ cancel: !allowed });
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        packaged: app.isPackaged,
        send: (action) => send(MENU_CHANNEL, action),
      }),
    ),
  );
  guardNavigation(first.window.webContents, isHome);
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents, isHome));

  const stateFile = join(app.getPath('userData'), 'window.json');
  let windowState = readWindowState(stateFile);
  nativeTheme.themeSource = windowState.theme;
  let window: BrowserWindow | undefined;
  let work: readonly Work[] = [];
  let backups: readonly string[] = [];
  let logReads: readonly string[] = [];
  let pageGone = false;
  let home = '';
  const allowed = createAllowedPaths();
  const awake = createAwake(powerSaveBlocker);
  const send = (channel: string, value: unknown): void => window?.webContents.send(channel, value);

  function showWork(now: readonly Work[]): void {
    work = now;
    const { value, title } = shownWork(now);
    window?.setProgressBar(value);
    if (pageGone) window?.setTitle(title);
  }

  let started: RunningEngine | undefined = first.engine;
  function fork() {
    const { child, onOutput } = started ?? startEngine();
    started = undefined;
    onOutput((text) => log(`engine: ${text}`));
    return child;
  }

  const engine = createEngineProcess<MessagePortMain>({
    fork,
    onState: (state) => send(ENGINE_STATE_CHANNEL, state),
    onMessage(message) {
      if (message.type === 'work') showWork(message.work);
      else if (message.type === 'backups') backups = message.hosts;
      else if (message.type === 'logs') logReads = message.hosts;
      else if (message.on) awake.hold(message.id);
      else awake.release(message.id);
    },
    onHome(folder) {
      home = folder;
      allowed.setHome(folder);
    },
    onGone() {
      awake.releaseAll();
      backups = [];
      logReads = [];
      showWork([]);
    },
    log,
  });

  const calls = createShellCalls({
    window: () => window,
    engine,
    allowed,
    home: () => home,
    rememberTheme: (theme) => keepState({ ...windowState, theme }),
    logFile,
  });
  handleShellCalls(ipcMain, calls, { isHome, log });
  openWindow(first.window, first.page);

  function keepState(next: typeof windowState): void {
    windowState = next;
    try {
      writeWindowState(stateFile, next);
    } catch (thrown) {
      log(`The place of the window was not kept: ${String(thrown)}`);
    }
  }

  function openWindow(mine: BrowserWindow, page: Promise<void>): void {
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const bounds = visibleBounds(windowState.bounds, screens);
    window = mine;
    mine.setBackgroundColor(windowBackground(nativeTheme.shouldUseDarkColors));
    mine.setBounds(bounds);
    if (bounds.x === undefined) mine.center();
    if (windowState.maximized) mine.maximize();
    mine.once('ready-to-show', () => mine.show());
    // The page says in its title what is at work, in the language of the person; the shell does so only where there is no page.
    mine.on('page-title-updated', () => {
      pageGone = false;
    });
    watchPage(mine);
    mine.on('close', (event) => {
      if (!mayClose(mine)) event.preventDefault();
      else keepState({ ...windowState, bounds: mine.getNormalBounds(), maximized: mine.isMaximized() });
    });
    mine.on('closed', () => {
      window = undefined;
    });
    page.catch((thrown: unknown) => log(`The page did not load: ${String(thrown)}`));
  }

  function mayClose(mine: BrowserWindow): boolean {
    const question = closeQuestion(work, backups, logReads);
    if (question === undefined) return true;
    const { message, detail, buttons } = question;
    const options = { type: 'warning', message, detail, buttons: [...buttons], defaultId: 0, cancelId: 0 } as const;
    return dialog.showMessageBoxSync(mine, { ...options, buttons: [...buttons] }) === 1;
  }

  /** The page may die or hang; the jobs run in the engine and go on. */
  function watchPage(mine: BrowserWindow): void {
    const guard = createPageGuard();
    mine.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      log(`The page is gone: ${reason} (${exitCode}).`);
      pageGone = true;
      showWork(work);
      if (reason === 'clean-exit') return;
      if (guard.died() === 'reload') return mine.webContents.reload();
      const again = ask(mine, 'The window stopped working several times.', 'Jobs go on.', [
        'Show it again',
        'Leave it',
      ]);
      if (again === 0) mine.webContents.reload();
    });
    mine.on('unresponsive', () => {
      log('The page does not answer.');
      const again = ask(mine, 'The window does not answer.', 'Jobs go on.', ['Wait', 'Load it again']);
      if (again === 1) mine.webContents.forcefullyCrashRenderer();
    });
  }

  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore();
    window?.show();
    window?.focus();
  });
  app.on('activate', () => {
    if (window !== undefined) return;
    const mine = makeWindow();
    openWindow(mine, loadPage(mine, Promise.resolve()));
  });
  app.on('window-all-closed', () => app.quit());
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    ended = true;
    engine.end().then(
      () => app.quit(),
      () => app.exit(1),
    );
  });
  let asleep: string | undefined;
  powerMonitor.on('suspend', () => {
    asleep = new Date().toISOString();
    log(`The computer goes to sleep; jobs at work: ${work.length}.`);
  });
  powerMonitor.on('resume', () => {
    const now = new Date().toISOString();
    log(`The computer woke up; asleep since ${asleep ?? 'an unknown time'}.`);
    engine.slept(asleep ?? now, now);
    asleep = undefined;
  });
}

function ask(window: BrowserWindow, message: string, detail: string, buttons: string[]): number {
  return dialog.showMessageBoxSync(window, { type: 'warning', message, detail, buttons, defaultId: 0 });
}

/** Whatever goes wrong in the shell itself is in its log; jobs are in the engine and go on. */
function logDefects(log: (line: string) => void): void {
  const defect = (thrown: unknown): void =>
    log(`Defect in the shell: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  process.on('uncaughtException', defect);
  process.on('unhandledRejection', defect);
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName = '' }) =>
    log(`Process ${type} ${serviceName} is gone: ${reason} (${exitCode}).`),
  );
}
