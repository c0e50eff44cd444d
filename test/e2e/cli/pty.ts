import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Workplace } from './harness.ts';

const CLI = resolve('out/cli/index.js');
/** Runs a program on a pseudo terminal. Part of util-linux, on every Debian. */
const SCRIPT = '/usr/bin/script';

export const hasPty = process.platform === 'linux' && existsSync(SCRIPT);

/** What a person sees, and how the program ended. */
export interface TerminalRun {
  readonly code: number | null;
  readonly screen: string;
}

/**
 * Runs the terminal program on a pseudo terminal, with a person who types each answer once its question is on the screen. An answer is sent with Enter;
 * "\x03" is Ctrl-C.
 */
export function onTerminal(
  place: Pick<Workplace, 'home'>,
  args: readonly string[],
  dialogue: readonly (readonly [question: string, answer: string])[],
): Promise<TerminalRun> {
  const command = [process.execPath, CLI, ...args].map(quoted).join(' ');
  // No login in the environment, and no passphrase: all of it is asked for.
  const env = { PATH: process.env['PATH'] ?? '', METERWRIGHT_HOME: place.home, TERM: 'xterm', SHELL: '/bin/sh' };
  const child = spawn(SCRIPT, ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], { env });
  const left = [...dialogue];
  let screen = '';
  let seen = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const [next] = left;
    if (next === undefined) return;
    const at = screen.indexOf(next[0], seen);
    if (at < 0) return;
    seen = at + next[0].length;
    left.shift();
    child.stdin.write(next[1] === '\x03' ? next[1] : `${next[1]}\r`);
  });
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (left.length === 0) settle({ code, screen });
      else reject(new Error(`It never asked "${left[0]?.[0]}":\n${screen}`));
    });
  });
}

function quoted(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
