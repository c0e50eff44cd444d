import { type EngineMessage, engineMessageSchema, shellMessageSchema } from '../../shared/contract/shell/processes.ts';
import type { Laptop } from '../laptop/types.ts';

/** The port of Electron's utility process to the shell; only what is used of it. */
export interface ParentPort {
  postMessage(message: EngineMessage): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly PagePort[] }) => void,
  ): unknown;
}

/** One end of a channel to a page. */
export interface PagePort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** What the shell asks of the engine. */
export interface ShellRequests {
  onPage(port: PagePort): void;
  onSlept(from: string, until: string): void;
  onEnd(): void;
}

/** Listens to the shell. What does not fit the contract of processes is a defect of the shell, and throws. */
export function listenToShell(parent: ParentPort, requests: ShellRequests): void {
  parent.on('message', ({ data, ports }) => {
    const message = shellMessageSchema.parse(data);
    if (message.type === 'end') return requests.onEnd();
    if (message.type === 'slept') return requests.onSlept(message.from, message.until);
    const [port] = ports;
    if (port === undefined) throw new Error('The shell announced a page without a port.');
    requests.onPage(port);
  });
}

/** Tells the shell something; the message is checked, so that a defect shows here and not over there. */
export function tellShell(parent: ParentPort, message: EngineMessage): void {
  parent.postMessage(engineMessageSchema.parse(message));
}

/** The laptop with the shell's way to keep the computer awake: no helper process is needed where Electron can do it. */
export function laptopAwakeByShell(laptop: Laptop, parent: ParentPort): Laptop {
  let count = 0;
  return {
    ...laptop,
    keepAwake(why) {
      count += 1;
      const id = count;
      let on = true;
      tellShell(parent, { type: 'awake', id, on, why });
      return Promise.resolve({
        active: true,
        release() {
          if (on) tellShell(parent, { type: 'awake', id, on: false, why });
          on = false;
          return Promise.resolve();
        },
      });
    },
  };
}
