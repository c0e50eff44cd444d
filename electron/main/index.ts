import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  type MessagePortMain,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  utilityProcess,
} from 'electron';
import type { Work } from '../../shared/contract/processes.ts';
import { ENGINE_STATE_CHANNEL, MENU_CHANNEL } from '../../shared/contract/shell-channels.ts';
import { createAllowedPaths } from './allowed-paths.ts';
import { APP_SCHEME, APP_URL, bundleResponse, isBundleUrl } from './app-protocol.ts';
import { closeQuestion } from './close-guard.ts';
import { createEngineProcess, type EngineChild } from './engine-process.ts';
import { handleShellCalls } from './ipc.ts';
import { createLog } from './log.ts';
import { menuTemplate } from './menu.ts';
import { developmentUrl, guardNavigation, isAllowedRequest } from './navigation.ts';
import { createPageGuard } from './page-guard.ts';
import { denyPermissions } from './permissions.ts';
import { createAwake } from './power.ts';
import { shownWork } from './progress.ts';
import { createShellCalls } from './shell-calls.ts';
import { windowOptions } from './window-options.ts';
import { readWindowState, visibleBounds, writeWindowState } from './window-state.ts';

// Chromium runs as root only with --no-sandbox, which tests in containers need; each window asks for its sandbox all the same.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
crashReporter.start({ uploadToServer: false });
protocol.registerSchemesAsPrivileged([
  // With the compiled code of the page kept, later starts need not compile it again. Electron 25 does not know that and passes over it.
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);
// Another window would be another owner of the same meters: the first one comes to the front instead.
if (app.requestSingleInstanceLock()) begin();
else app.exit(0);

function begin(): void {
  const logFile = join(app.getPath('userData'), 'logs', 'shell.log');
  const log = createLog(logFile);
  const defect = (thrown: unknown): void =>
    log(`Defect in the shell: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  process.on('uncaughtException', defect);
  process.on('unhandledRejection', defect);
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName = '' }) =>
    log(`Process ${type} ${serviceName} is gone: ${reason} (${exitCode}).`),
  );
  prepare();
  app
    .whenReady()
    .then(() => run(log, logFile))
    .catch((thrown: unknown) => {
      defect(thrown);
      app.exit(1);
    });
}

/** What needs no window and takes its time, done while Electron starts. */
function prepare(): void {
  // Without one set by now Electron would make a menu of its own first.
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        packaged: app.isPackaged,
        send: (action) => BrowserWindow.getAllWindows()[0]?.webContents.send(MENU_CHANNEL, action),
      }),
    ),
  );
  // The first one brings the whole of fetch, for which the page would wait otherwise: its files come as responses.
  void new Request(APP_URL);
}

/** Everything that lives as long as the application. */
function run(log: (line: string) => void, logFile: string): void {
  const development = developmentUrl(process.env['ELECTRON_RENDERER_URL'], app.isPackaged);
  const isHome = (url: string): boolean =>
    isBundleUrl(url) || (development !== undefined && url.startsWith(development.origin));
  const bundle = join(__dirname, '..', 'renderer');
  protocol.handle(APP_SCHEME, (request) => bundleResponse(bundle, request));
  denyPermissions(session.defaultSession);
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const allowed = isAllowedRequest(url, development);
    if (!allowed) log(`A request was stopped: ${url.slice(0, 200)}`);
    answer({ cancel: !allowed });
  });
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

  // First of all: until it has started the page has nothing to show.
  const engine = createEngineProcess<MessagePortMain>({
    fork: () => forkEngine(log),
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
  openWindow();

  function keepState(next: typeof windowState): void {
    windowState = next;
    try {
      writeWindowState(stateFile, next);
    } catch (thrown) {
      log(`The place of the window was not kept: ${String(thrown)}`);
    }
  }

  function openWindow(): void {
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const place = { ...windowState, bounds: visibleBounds(windowState.bounds, screens) };
    const preload = join(__dirname, '..', 'preload', 'index.js');
    const mine = new BrowserWindow(windowOptions(preload, place, nativeTheme.shouldUseDarkColors));
    window = mine;
    if (place.maximized) mine.maximize();
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
    mine
      .loadURL(development?.href ?? APP_URL)
      .catch((thrown: unknown) => log(`The page did not load: ${String(thrown)}`));
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
    if (window === undefined) openWindow();
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

/** The engine as a process of its own; what it writes goes into the log. */
function forkEngine(log: (line: string) => void): EngineChild<MessagePortMain> {
  const child = utilityProcess.fork(join(__dirname, '..', 'engine', 'index.js'), [], {
    serviceName: 'Meterwright engine',
    stdio: 'pipe',
  });
  child.stdout?.on('data', (bytes: Buffer) => log(`engine: ${bytes.toString('utf8')}`));
  child.stderr?.on('data', (bytes: Buffer) => log(`engine: ${bytes.toString('utf8')}`));
  return {
    postMessage: (message, ports) => child.postMessage(message, ports),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill: () => void child.kill(),
  };
}
