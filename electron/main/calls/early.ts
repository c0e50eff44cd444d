import { SHELL_CALLS, type ShellAnswer, shellChannel } from '../../../shared/contract/shell/channels.ts';
import type { CallEvent, CallReceiver } from './ipc.ts';

/**
 * Takes the calls of the page from the first moment on and lets each wait for the part of the shell that checks and answers it. The program of
 * that part is large, and the page does not need it for what a person sees first.
 *
 * @param ipc Electron's ipcMain
 * @param onCall hears the channel of each call as it comes, before it is checked
 */
export function receiveEarly<Event extends CallEvent>(
  ipc: CallReceiver<Event>,
  onCall: (channel: string) => void,
): CallReceiver<Event> {
  type Listener = (event: Event, ...input: unknown[]) => Promise<ShellAnswer>;
  const later = new Map<string, (listener: Listener) => void>();
  for (const call of SHELL_CALLS) {
    const channel = shellChannel(call);
    const listener = new Promise<Listener>((resolve) => later.set(channel, resolve));
    ipc.handle(channel, async (event, ...input) => {
      onCall(channel);
      return (await listener)(event, ...input);
    });
  }
  return { handle: (channel, listener) => later.get(channel)?.(listener) };
}
