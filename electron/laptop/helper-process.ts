import { spawn } from 'node:child_process';
import type { StartHelper } from './keep-awake.ts';
import { environmentOfChildren } from './run.ts';

/**
 * {@link StartHelper} over `spawn`. Its input is a pipe that only this process holds: when this process ends, however it ends, the pipe
 * closes and the helper goes, too. A running helper does not keep this process alive.
 */
export const startHelper: StartHelper = (command, args) => {
  const child = spawn(command, [...args], {
    env: environmentOfChildren(process.env),
    shell: false,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A helper that ends early breaks the pipe; `ended` tells that, so that the error of the pipe says nothing new.
  child.stdin.on('error', () => undefined);
  child.stdout.on('error', () => undefined);
  child.stdout.setEncoding('utf8');
  child.stdout.resume();
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
  return {
    onOutput: (listener) => {
      child.stdout.on('data', (text: string) => listener(text));
    },
    write: (text) => {
      child.stdin.write(text);
    },
    endInput: () => {
      child.stdin.end();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended,
  };
};
