import { execFile } from 'node:child_process';
import { reasonOf } from '../../shared/domain/problem.ts';

/** How a command of the operating system ended. `code` is null when it could not be started, ran too long or wrote too much. */
export interface CommandOutput {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command without a shell. Never rejects: what goes wrong stands in the output. */
export type Run = (
  command: string,
  args: readonly string[],
  options: { readonly timeoutMs: number },
) => Promise<CommandOutput>;

/** The uninstall keys of a PC with hundreds of programs are about one megabyte. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** {@link Run} over `execFile`: no shell, no window, bounded time and output, and no password in the environment. */
export const runCommand: Run = (command, args, { timeoutMs }) =>
  new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        encoding: 'utf8',
        env: environmentOfChildren(process.env),
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        timeout: timeoutMs,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else resolve({ code: null, stdout, stderr: stderr === '' ? reasonOf(error) : stderr });
      },
    );
  });

/** The environment for programs that we start: ours without the variables that carry a meter's credentials. */
export function environmentOfChildren(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !name.toUpperCase().startsWith('METERWRIGHT_')));
}
