import { app, type BrowserWindow, dialog, type MessagePortMain, powerMonitor, powerSaveBlocker } from 'electron';
import { ENGINE_STATE_CHANNEL } from '../../shared/contract/shell/channels.ts';
import type { Work } from '../../shared/contract/shell/processes.ts';
import { handleShellCalls } from './calls/ipc.ts';
import { createShellCalls } from './calls/shell.ts';
import { startEngine } from './engine/child.ts';
import { createEngineProcess } from './engine/process.ts';
import { loadPage, makeWindow } from './first.ts';
import { createAllowedPaths } from './guards/allowed-paths.ts';
import { createPageGuard } from './guards/page-guard.ts';
import { type Opening, placeWindow } from './opening.ts';
import { closeQuestion } from './window/close-guard.ts';
import { createAwake } from './window/power.ts';
import { shownWork } from './window/progress.ts';

/** Everything that lives as long as the application, around the window that is there already. */
export function run({ window: first, calls, isHome, memory, log, logFile }: Opening): void {
  let window: BrowserWindow | undefined;
  let work: readonly Work[] = [];
  let backups: readonly string[] = [];
  let logReads: readonly string[] = [];
  let pageGone = false;
  let home = '';
  const allowed = createAllowedPaths();
  const awake = createAwake(powerSaveBlocker);

  function showWork(now: readonly Work[]): void {
    work = now;
    const { value, title } = shownWork(now);
    window?.setProgressBar(value);
    if (pageGone) window?.setTitle(title);
  }

  const engine = createEngineProcess<MessagePortMain>({
    fork: () => startEngine((text) => log(`engine: ${text}`)),
    onState: (state) => window?.webContents.send(ENGINE_STATE_CHANNEL, state),
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

  handleShellCalls(
    calls,
    createShellCalls({
      window: () => window,
      engine,
      allowed,
      home: () => home,
      rememberTheme: (theme) => memory.keep({ theme }),
      logFile,
    }),
    { isHome, log },
  );
  own(first);

  function own(mine: BrowserWindow): void {
    window = mine;
    // The page says in its title what is at work, in the language of the person; the shell does so only where there is no page.
    mine.on('page-title-updated', () => {
      pageGone = false;
    });
    watchPage(mine);
    mine.on('close', (event) => {
      if (!mayClose(mine)) event.preventDefault();
      else memory.keep({ bounds: mine.getNormalBounds(), maximized: mine.isMaximized() });
    });
    mine.on('closed', () => {
      window = undefined;
    });
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
    // It may have died before anybody watched it.
    if (mine.webContents.isCrashed()) mine.webContents.reload();
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
    loadPage(mine, Promise.resolve()).catch((thrown: unknown) => log(`The page did not load: ${String(thrown)}`));
    placeWindow(mine, memory.state);
    own(mine);
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
