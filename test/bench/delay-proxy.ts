import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface DelayProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A TCP proxy in a process of its own that adds `delayMs` to each round trip to 127.0.0.1:`targetPort`, half in each direction. Chunks keep
 * their order and are sent on one by one. `root` is the root folder of the repository.
 */
export async function startDelayProxy(options: {
  readonly targetPort: number;
  readonly delayMs: number;
  readonly root: string;
}): Promise<DelayProxy> {
  const args = [String(options.targetPort), String(options.delayMs / 2)];
  return startListeningChild(join(options.root, 'test', 'bench', 'delay-proxy.mjs'), args);
}

/** How long a child may take until it listens. */
const START_MS = 10_000;

/** Starts a script that sends `{ port }` to its parent when it listens and ends when its parent is gone. */
export function startListeningChild(script: string, args: readonly string[]): Promise<DelayProxy> {
  const child = fork(script, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = (): Promise<void> => {
    child.kill();
    return ended;
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill();
      reject(new Error(`${script} did not listen within ${START_MS} ms`));
    }, START_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it listened`)));
    child.once('message', (message) => {
      clearTimeout(timer);
      if (typeof message === 'object' && message !== null && 'port' in message && typeof message.port === 'number') {
        resolve({ port: message.port, close });
      } else reject(new Error(`${script} sent something else than its port`));
    });
  });
}
