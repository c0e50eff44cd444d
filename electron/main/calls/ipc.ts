import type { z } from 'zod';
import {
  SHELL_CALLS,
  type ShellAnswer,
  type ShellCall,
  shellChannel,
} from '../../../shared/contract/shell/channels.ts';
import { shellContract } from '../../../shared/contract/shell/shell.ts';
import { reasonOf } from '../../../shared/domain/problem.ts';

/** The frame that a message came from; null when it is gone already. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** What is used of the event of a call. */
export interface CallEvent {
  readonly senderFrame: SenderFrame | null;
}

/** What is used of Electron's ipcMain. */
export interface CallReceiver<Event extends CallEvent> {
  handle(channel: string, listener: (event: Event, ...input: unknown[]) => Promise<ShellAnswer>): void;
}

/** Each call of the contract; the first argument is the event, whose frame was checked. */
export type ShellHandlers<Event> = {
  readonly [Call in ShellCall]: (
    event: Event,
    ...input: z.infer<(typeof shellContract)[Call]['input']>
  ) => Promise<z.infer<(typeof shellContract)[Call]['output']>>;
};

/** Whether a message comes from the page itself: the whole window, not a frame in it, and of the bundle. */
export function isFromPage(frame: SenderFrame | null, isHome: (url: string) => boolean): boolean {
  return frame !== null && frame.parent === null && isHome(frame.url);
}

/**
 * Listens to every call of the contract and to nothing else. The sender and the arguments are checked before a handler sees them, the answer
 * before it leaves; whatever happens, the page gets a value and never an exception.
 */
export function handleShellCalls<Event extends CallEvent>(
  receiver: CallReceiver<Event>,
  handlers: ShellHandlers<Event>,
  options: { readonly isHome: (url: string) => boolean; readonly log: (line: string) => void },
): void {
  for (const call of SHELL_CALLS) {
    receiver.handle(shellChannel(call), async (event, ...input): Promise<ShellAnswer> => {
      if (!isFromPage(event.senderFrame, options.isHome)) return refuse('sender', 'The call is not from the page.');
      const checked = shellContract[call].input.safeParse(input);
      if (!checked.success) return refuse('input', checked.error.message);
      try {
        const handler = handlers[call] as (event: Event, ...input: unknown[]) => Promise<unknown>;
        return { answered: true, value: shellContract[call].output.parse(await handler(event, ...checked.data)) };
      } catch (thrown) {
        return refuse('failure', reasonOf(thrown));
      }
    });

    function refuse(refused: 'sender' | 'input' | 'failure', because: string): ShellAnswer {
      options.log(`${call} refused (${refused}): ${because}`);
      return { answered: false, refused, because };
    }
  }
}
