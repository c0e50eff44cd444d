import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  type MenuItemConstructorOptions,
  nativeTheme,
  screen,
  session,
} from 'electron';
import { MENU_CHANNEL, shellChannel } from '../../shared/contract/shell/channels.ts';
import { homePaths, resolveHome } from '../inventory/home.ts';
import { receiveEarly } from './calls/early.ts';
import type { CallReceiver } from './calls/ipc.ts';
import { developmentUrl } from './development.ts';
import { type Answer, BUNDLE, type First } from './first.ts';
import { readFirstPicture, withFirstPicture } from './first-picture.ts';
import { APP_URL, bundleResponse, isBundleUrl } from './guards/app-protocol.ts';
import { guardNavigation, isAllowedRequest } from './guards/navigation.ts';
import { denyPermissions } from './guards/permissions.ts';
import { createLog } from './log.ts';
import { menuTemplate } from './window/menu.ts';
import { windowBackground } from './window/options.ts';
import { rememberWindow, visibleBounds, type WindowMemory, type WindowState } from './window/state.ts';

/** A page that paints nothing in so many milliseconds holds up nobody any longer. */
const PAINT_MS = 3_000;

/** With this call the page says that it has painted what it was given. */
const ASKS_FOR_ENGINE = shellChannel('engineState');

/** The window on its page, guarded, and what the rest of the shell goes on with. */
export interface Opening {
  readonly window: BrowserWindow;
  /** Answers the requests of the page. */
  readonly answer: Answer;
  /** Settles when the page, which shows what came with its document by then, asks for the engine; at once where nothing came with it. */
  readonly painted: Promise<void>;
  /** The calls of the page, which wait until somebody listens to them. */
  readonly calls: CallReceiver<IpcMainInvokeEvent>;
  /** Whether an address is of the page itself. */
  readonly isHome: (url: string) => boolean;
  readonly memory: WindowMemory;
  readonly log: (line: string) => void;
  readonly logFile: string;
}

/** Puts everything in place that guards the page, and gives the window its colours, its menu and its place; it is shown when it is painted. */
export function open({ window, page }: First): Opening {
  const logFile = join(app.getPath('userData'), 'logs', 'shell.log');
  const log = createLog(logFile);
  logDefects(log);
  page.catch((thrown: unknown) => log(`The page did not load: ${String(thrown)}`));
  const development = developmentUrl(process.env['ELECTRON_RENDERER_URL'], app.isPackaged);
  const isHome = (url: string): boolean =>
    isBundleUrl(url) || (development !== undefined && url.startsWith(development.origin));
  denyPermissions(session.defaultSession);
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const allowed = isAllowedRequest(url, development);
    if (!allowed) log(`A request was stopped: ${url.slice(0, 200)}`);
    answer({ cancel: !allowed });
  });
  guardNavigation(window.webContents, isHome);
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents, isHome));
  let asked = (): void => undefined;
  const painted = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const calls = receiveEarly<IpcMainInvokeEvent>(ipcMain, (channel) => {
    if (channel === ASKS_FOR_ENGINE) asked();
  });

  const memory = rememberWindow(join(app.getPath('userData'), 'window.json'), log);
  nativeTheme.themeSource = memory.state.theme;
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu()));
  placeWindow(window, memory.state);
  const { meters } = homePaths(resolveHome(undefined, process.env));
  const picture = development === undefined ? readFirstPicture(meters) : undefined;
  if (picture === undefined) asked();
  setTimeout(asked, PAINT_MS);
  window.once('closed', asked);
  return { window, answer: answerWith(picture), painted, calls, isHome, memory, log, logFile };
}

function menu(): MenuItemConstructorOptions[] {
  return menuTemplate({
    platform: process.platform,
    packaged: app.isPackaged,
    send: (action) => {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.send(MENU_CHANNEL, action);
    },
  });
}

/** Puts a hidden window where it was when it was closed, and shows it as soon as its page is painted. */
export function placeWindow(window: BrowserWindow, state: WindowState): void {
  const bounds = visibleBounds(
    state.bounds,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  window.setBackgroundColor(windowBackground(nativeTheme.shouldUseDarkColors));
  window.setBounds(bounds);
  if (bounds.x === undefined) window.center();
  if (state.maximized) window.maximize();
  const timer = setTimeout(() => window.show(), PAINT_MS);
  window.once('ready-to-show', () => {
    clearTimeout(timer);
    window.show();
  });
  window.once('closed', () => clearTimeout(timer));
}

/**
 * Answers requests for the bundle. The first document is made ahead, while the process of the page comes up; only that one has the picture: a page that
 * is loaded again is told by the engine, which has come by then.
 */
function answerWith(picture: string | undefined): Answer {
  const document = { url: APP_URL, method: 'GET' };
  let first: Response | undefined = bundleResponse(BUNDLE, document, (html) =>
    picture === undefined ? html : withFirstPicture(html, picture),
  );
  return (request) => {
    if (first === undefined || request.url !== document.url || request.method !== document.method) {
      return bundleResponse(BUNDLE, request);
    }
    const answer = first;
    first = undefined;
    return answer;
  };
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
