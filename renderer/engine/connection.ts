import { createStore } from 'zustand/vanilla';
import { ENGINE_PORT } from '../../shared/contract/shell/channels.ts';
import type { EngineState, Shell } from '../../shared/contract/shell/shell.ts';
import { linkOver, type PortLink } from './port-link.ts';

/** How the page stands to the engine. `generation` counts the connections: a new one means that everything has to be asked again. */
export interface Connection {
  readonly engine: EngineState;
  readonly connected: boolean;
  readonly generation: number;
}

/** The connection to the engine as the page sees it; screens say so when it is not there. */
export const connection = createStore<Connection>(() => ({
  engine: { state: 'starting' },
  connected: false,
  generation: 0,
}));

let current: PortLink | undefined;
const waiting = new Set<(link: PortLink) => void>();

/** The link to the engine; waits for one where there is none. The wait ends with the signal. */
export function currentLink(signal?: AbortSignal): Promise<PortLink> {
  if (current !== undefined) return Promise.resolve(current);
  return new Promise((resolve, reject) => {
    const settle = (link: PortLink): void => {
      signal?.removeEventListener('abort', give);
      resolve(link);
    };
    const give = (): void => {
      waiting.delete(settle);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', give, { once: true });
    waiting.add(settle);
    if (signal?.aborted === true) give();
  });
}

function attach(port: MessagePort): void {
  current?.close();
  // The port may tell of the end of the engine before the shell does: from then on nothing may be asked over it.
  const link = linkOver(port, () => {
    if (current === link) detach();
  });
  current = link;
  connection.setState(({ generation }) => ({ connected: true, generation: generation + 1 }));
  for (const settle of [...waiting]) settle(link);
  waiting.clear();
}

function detach(): void {
  current?.close();
  current = undefined;
  connection.setState({ connected: false });
}

/**
 * Asks the shell for a port now, and again each time the engine was started anew. Called once, before anything asks the engine.
 */
export function connectToEngine(shell: Shell): void {
  // Electron 25 crashes when a page is unloaded that still holds a port.
  window.addEventListener('pagehide', detach);
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source === window && event.data === ENGINE_PORT && port !== undefined) attach(port);
  });
  let known: string | undefined;
  const follow = (engine: EngineState): void => {
    connection.setState({ engine });
    if (engine.state !== 'running') {
      known = undefined;
      detach();
      return;
    }
    // Every running engine has a number of its own, so a state that comes twice asks for one port, also while that one is on its way.
    const name = `running ${engine.restarts}`;
    if (known === name) return;
    known = name;
    detach();
    void shell.connectEngine();
  };
  shell.onEngineState(follow);
  void shell.engineState().then(follow);
}
