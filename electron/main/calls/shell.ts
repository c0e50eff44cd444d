import {
  app,
  type BrowserWindow,
  clipboard,
  dialog,
  type IpcMainInvokeEvent,
  MessageChannelMain,
  type MessagePortMain,
  nativeTheme,
  shell,
} from 'electron';
import type { Theme } from '../../../shared/contract/shell/channels.ts';
import { ENGINE_PORT } from '../../../shared/contract/shell/channels.ts';
import { fail, METER_STATE } from '../../../shared/domain/problem.ts';
import type { EngineProcess } from '../engine/process.ts';
import type { AllowedPaths } from '../guards/allowed-paths.ts';
import { vendorUrl } from '../vendor-pages.ts';
import { OPEN_DIALOGS, SAVE_FILTERS } from '../window/dialogs.ts';
import type { ShellHandlers } from './ipc.ts';

export interface ShellParts {
  readonly window: () => BrowserWindow | undefined;
  readonly engine: EngineProcess<MessagePortMain>;
  readonly allowed: AllowedPaths;
  readonly home: () => string;
  readonly rememberTheme: (theme: Theme) => void;
  readonly logFile: string;
}

/** The major version of Electron that releases are packed with; an older runtime is one for development and tests. */
const RELEASE_MAJOR = 45;

/** What the shell does for the page; sender and arguments were checked before. */
export function createShellCalls(parts: ShellParts): ShellHandlers<IpcMainInvokeEvent> {
  const { engine, allowed } = parts;

  async function pick(properties: ('openFile' | 'openDirectory' | 'multiSelections')[], how: object) {
    const window = parts.window();
    if (window === undefined) return [];
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties, ...how });
    if (canceled) return [];
    allowed.chose(filePaths);
    return filePaths;
  }

  return {
    pickFile: async (_event, kind) => (await pick(['openFile'], OPEN_DIALOGS[kind]))[0] ?? null,
    pickFiles: (_event, kind) => pick(['openFile', 'multiSelections'], OPEN_DIALOGS[kind]),
    pickFolder: async () => (await pick(['openDirectory'], {}))[0] ?? null,
    async openFolder(_event, path) {
      if (!allowed.allows(path)) return notOpened('It is neither in the data folder nor was it chosen in a dialog.');
      const because = await shell.openPath(path);
      return because === '' ? { ok: true, value: null } : notOpened(because);
    },
    async openVendorPage(_event, page) {
      const url = vendorUrl(page);
      if (url === undefined) return notOpened('The address is not on the list of pages that may be opened.');
      await shell.openExternal(url);
      return { ok: true, value: null };
    },
    async pickSaveFile(_event, kind, name) {
      const window = parts.window();
      if (window === undefined) return null;
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: name,
        filters: SAVE_FILTERS[kind],
      });
      if (canceled || filePath === undefined || filePath === '') return null;
      allowed.chose([filePath]);
      return filePath;
    },
    async copyText(_event, text) {
      // A promise in newer versions of Electron.
      await clipboard.writeText(text);
      return null;
    },
    async setTheme(_event, theme) {
      nativeTheme.themeSource = theme;
      parts.rememberTheme(theme);
      return null;
    },
    engineState: async () => engine.state,
    async connectEngine(event) {
      const { port1, port2 } = new MessageChannelMain();
      if (engine.connect(port1)) event.senderFrame?.postMessage(ENGINE_PORT, null, [port2]);
      else port2.close();
      return null;
    },
    async restartEngine() {
      engine.restart();
      return null;
    },
    info: async () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      chrome: process.versions['chrome'] ?? '',
      platform: `${process.platform} ${process.arch}`,
      packaged: app.isPackaged,
      developmentRuntime: Number.parseInt(process.versions.electron ?? '', 10) < RELEASE_MAJOR,
      home: parts.home(),
      diagnostics: parts.logFile,
    }),
  };
}

function notOpened(because: string) {
  return fail({
    code: 'shell/not-opened',
    title: 'It was not opened',
    because,
    meterState: METER_STATE.noMeter,
    nextStep: 'Open it in the file manager or the browser yourself.',
  });
}
