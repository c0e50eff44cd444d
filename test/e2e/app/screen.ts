import { spawn } from 'node:child_process';

/** A screen without a monitor, for programs with windows on a machine that has none. */
export interface Screen {
  /** What `DISPLAY` has to be. */
  readonly name: string;
  stop(): void;
}

/** Starts an Xvfb on a number that is free; rejects with what to install where there is none. */
export function startScreen(): Promise<Screen> {
  return new Promise((settle, reject) => {
    // Xvfb looks for a free number itself and writes it to the descriptor.
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const missing = (cause: unknown): void =>
      reject(new Error('There is no screen: Xvfb did not start. npm run setup:test installs it.', { cause }));
    server.once('error', missing);
    server.once('exit', missing);
    server.stdio[3]?.once('data', (number: Buffer) => {
      server.removeListener('exit', missing);
      settle({ name: `:${number.toString('utf8').trim()}`, stop: () => void server.kill() });
    });
  });
}

/** The environment of this process without what would change how Electron starts, and with `more`. */
export function electronEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('ELECTRON_'),
  );
  return { ...Object.fromEntries(kept), ...more };
}
