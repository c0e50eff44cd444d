import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import {
  ENGINE_PORT,
  ENGINE_STATE_CHANNEL,
  MENU_CHANNEL,
  type MenuAction,
  SHELL_CALLS,
  type ShellAnswer,
  type ShellCall,
  shellChannel,
} from '../../shared/contract/shell/channels.ts';
import type { EngineState, Shell } from '../../shared/contract/shell/shell.ts';

/** A call to the shell. A refusal is a defect, so it is thrown; expected failures are in the value. */
async function call(name: ShellCall, input: readonly unknown[]): Promise<unknown> {
  const answer: ShellAnswer = await ipcRenderer.invoke(shellChannel(name), ...input);
  if (answer.answered) return answer.value;
  throw new Error(`The shell refused ${name} (${answer.refused}): ${answer.because}`);
}

/** Listens to a channel; the page gets the value and never the event, which would lead to ipcRenderer. */
function on<T>(channel: string, listener: (value: T) => void): () => void {
  const forward = (_event: IpcRendererEvent, value: T): void => listener(value);
  ipcRenderer.on(channel, forward);
  return () => void ipcRenderer.removeListener(channel, forward);
}

/** Electron 25 has the path on the file; later versions have a function for it. */
function pathOfFile(file: object): string {
  const { getPathForFile } = (webUtils as typeof webUtils | undefined) ?? {};
  if (getPathForFile !== undefined) return getPathForFile(file as File);
  const { path } = file as { readonly path?: unknown };
  return typeof path === 'string' ? path : '';
}

const calls = Object.fromEntries(SHELL_CALLS.map((name) => [name, (...input: unknown[]) => call(name, input)]));
const shell: Shell = {
  ...(calls as unknown as Shell),
  onEngineState: (listener) => on<EngineState>(ENGINE_STATE_CHANNEL, listener),
  onMenu: (listener) => on<MenuAction>(MENU_CHANNEL, listener),
  pathOfFile,
};
contextBridge.exposeInMainWorld('meterwright', { shell });

// A port cannot cross the bridge; it goes to the page as a message of the window, to this page only.
ipcRenderer.on(ENGINE_PORT, ({ ports }) => window.postMessage(ENGINE_PORT, window.location.origin, [...ports]));
